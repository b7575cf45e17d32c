import Git
import Platform

/// Brings submodules that are checked out to the commits that the index names now.
struct SubmoduleMove {
  private let git: GitCommand

  init(_ worktree: Worktree, environment: Environment) {
    self.init(GitCommand(at: worktree, environment: environment))
  }

  /// - Parameter git: in the worktree.
  init(_ git: GitCommand) { self.git = git }

  /// Returns how git failed, or `nil`. Nothing is fetched: that the commits are there has been seen to.
  func update(_ changes: [TreeChange], _ moving: borrowing MovingLock) throws(GitError) -> ProcessResult? {
    if changes.isEmpty { return nil }
    let command: [Argument] = [
      "--literal-pathspecs", "submodule", "--quiet", "update", "--checkout", "--no-fetch", "--",
    ]
    let result = try moving.run(git, ["-c", "core.fsmonitor=false"] + command + changes.map { Argument($0.path) })
    return result.succeeded ? nil : result
  }
}
