import Git
import Platform

/// All that could be lost in a worktree: where its branch is, what is staged, what its files hold.
struct WorktreeSnapshot: Equatable {
  /// The branch's full name and its commit.
  var head: [UInt8]
  /// As `git ls-files --stage` prints it.
  var index: [UInt8]
  /// Every file below the worktree, tracked or not, by its path there.
  var files: [FilePath: File]

  struct File: Equatable {
    var mode: UInt32
    /// Of a symbolic link, where it leads to.
    var contents: [UInt8]
  }

  init(of worktree: FilePath, environment: Environment) throws {
    let git = GitCommand(in: worktree, environment: environment)
    head = try git.output(["symbolic-ref", "HEAD"]) + git.output(["rev-parse", "HEAD"])
    index = try git.output(["ls-files", "--stage", "-z"])
    files = try Self.files(below: worktree, named: "")
  }

  private static func files(below directory: FilePath, named name: FilePath) throws(SystemError) -> [FilePath: File] {
    var result: [FilePath: File] = [:]
    for entry in try directory.entries() where !(name == "" && entry == ".git") {
      let path = directory.appending(entry.bytes)
      let name = name.appending(entry.bytes)
      guard let status = try path.status() else { continue }
      if status.isDirectory {
        for (name, file) in try files(below: path, named: name) { result[name] = file }
      } else {
        result[name] = File(mode: status.mode, contents: try contents(of: path))
      }
    }
    return result
  }

  private static func contents(of path: FilePath) throws(SystemError) -> [UInt8] {
    if let target = path.linkTarget() { return target.bytes }
    return try path.contents()
  }
}
