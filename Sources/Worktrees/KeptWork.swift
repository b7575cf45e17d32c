import Git
import Platform

/// Keeps what is in a worktree that is removed although something would be lost: tracked and untracked files, as a commit on
/// its HEAD behind a ref of its own. The worktree's index and files are not touched.
struct KeptWork {
  static let prefix = "refs/preflight/removed/"

  let worktree: Worktree
  let environment: Environment

  /// - Returns: the ref.
  func keep() throws -> String {
    let git = GitCommand(in: worktree.path, environment: environment)
    let copy = worktree.gitDirectory / "preflight/kept-index"
    try copy.parent.createDirectories()
    if (worktree.gitDirectory / "index").exists { try (worktree.gitDirectory / "index").copyWithTime(to: copy) }
    defer { try? copy.remove() }
    var inspection = git
    inspection.environment[bytes: "GIT_INDEX_FILE"] = copy.bytes
    try inspection.output(["add", "--all", "."])
    let tree = try inspection.line(["write-tree"])
    let head = try git.lineIfAny(["rev-parse", "--verify", "--quiet", "HEAD"])
    let parent: [Argument] = head.map { ["-p", Argument($0)] } ?? []
    let commit = try git.line(
      ["commit-tree"] + parent + ["-m", "files of a worktree that was removed", Argument(tree)])
    let name = worktree.branch?.shortBranchName ?? "detached"
    let reference = "\(Self.prefix)\(Clock.now())-\(commit.prefix(10))/\(name)"
    try git.output(["update-ref", Argument(reference), Argument(commit), ""])
    return reference
  }
}
