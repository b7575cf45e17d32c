import Git
import Platform
import StateFiles

/// A copy of a worktree's index for git to work on, while the index itself stays as it is.
///
/// It has the time of the original, by which git tells what it must not trust without looking ("racy" entries).
struct IndexCopy {
  let path: FilePath
  /// git in the worktree, on the copy.
  let git: GitCommand

  /// - Parameter name: for what; two copies of one name are one file.
  init(of worktree: Worktree, named name: String, environment: Environment) throws(GitError) {
    let path = Self.path(in: worktree.gitDirectory, named: name)
    self.path = path
    var git = GitCommand(at: worktree, environment: environment)
    git.environment[bytes: "GIT_INDEX_FILE"] = path.bytes
    self.git = git
    try fileSystem { () throws(SystemError) in
      try path.parent.createDirectories()
      let index = worktree.gitDirectory / "index"
      if index.exists { try index.copyWithTime(to: path) } else { try path.remove() }
    }
  }

  static func path(in gitDirectory: FilePath, named name: String) -> FilePath {
    gitDirectory / "preflight/index-\(name)"
  }

  /// What an unattended git must not do: trust a file system monitor that may lie, or recurse into submodules.
  static let settings: [Argument] = ["-c", "core.fsmonitor=false", "-c", "submodule.recurse=false"]

  /// Has git look again at files whose times have changed, and at no other.
  func refresh(_ paths: [[UInt8]]) throws(GitError) {
    if paths.isEmpty { return }
    let command: [Argument] = [
      "--literal-pathspecs", "add", "--refresh", "--pathspec-from-file=-", "--pathspec-file-nul",
    ]
    try git.output(Self.settings + command, input: Array(paths.map { $0 + [0] }.joined()))
  }

  /// The paths whose files are not what is staged, once they have been refreshed.
  func editedPaths() throws(GitError) -> Set<[UInt8]> {
    let output = try git.output(
      Self.settings + ["diff-files", "--name-only", "-z", "--no-ext-diff", "--ignore-submodules=all"])
    return Set(output.split(separator: 0).map(Array.init))
  }

  /// Stages these, whatever the files are.
  func stage(_ entries: [(path: [UInt8], entry: TreeEntry)]) throws(GitError) {
    if entries.isEmpty { return }
    let input = entries.map { path, entry in
      Array("\(String(entry.mode, radix: 8)) \(entry.id)\t".utf8) + path + [0]
    }
    try git.output(Self.settings + ["update-index", "-z", "--index-info"], input: Array(input.joined()))
  }

  /// Makes it the index.
  func replaceIndex(of gitDirectory: FilePath) throws(GitError) {
    try fileSystem { () throws(SystemError) in try path.rename(to: gitDirectory / "index") }
  }

  func remove() { Self.remove(in: path) }

  /// Removes every copy that was not brought to its end.
  static func removeAll(in gitDirectory: FilePath) {
    for name in ["look", "move", "back", "found"] { remove(in: path(in: gitDirectory, named: name)) }
  }

  /// Removes a copy, and the lock of a git that was killed while it wrote it.
  static func remove(in path: FilePath) {
    try? path.remove()
    try? FilePath(path.bytes + Array(".lock".utf8)).remove()
  }
}

extension GitCommand {
  /// git in a worktree as if it were typed there.
  init(at worktree: Worktree, environment: Environment) {
    self.init(in: worktree.path, environment: environment)
    self.environment = worktree.naming(self.environment)
  }
}

extension Repository {
  /// As a worktree sees it.
  convenience init(at worktree: Worktree, environment: Environment) throws(GitError) {
    try self.init(worktree.layout, environment: worktree.naming(GitCommand.scrubbed(environment)))
  }
}

extension Worktree {
  /// A git directory that is kept elsewhere (`core.worktree`) is not found from the worktree, and has to be named.
  fileprivate func naming(_ environment: Environment) -> Environment {
    if (path / ".git").exists { return environment }
    var result = environment
    result[bytes: "GIT_DIR"] = gitDirectory.bytes
    result[bytes: "GIT_WORK_TREE"] = path.bytes
    return result
  }
}
