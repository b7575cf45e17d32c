import Git
import Platform
import StateFiles

/// `refs/preflight/undo/TIME/…`: every tip that a sync moves away from, and edits that it found in the way, so that
/// no collection of garbage takes them. `refs/stash` is common to all worktrees and never used.
struct UndoRefs: Sendable {
  static let prefix = "refs/preflight/undo/"

  let git: GitCommand
  /// Names this sync: seconds since 1970, then the microseconds of that second.
  let stamp: String

  init(_ layout: RepositoryLayout, environment: Environment) {
    git = GitCommand(onRefsOf: layout, environment: environment)
    let (seconds, rest) = Clock.nowInNanoseconds().quotientAndRemainder(dividingBy: 1_000_000_000)
    stamp = "\(seconds)-\(rest / 1000)"
  }

  /// `refs/heads/topic` is kept as `refs/preflight/undo/STAMP/heads/topic`.
  func name(for branch: String) -> String { "\(Self.prefix)\(stamp)/\(branch.dropFirst("refs/".count))" }

  func keep(_ tip: ObjectID, of branch: String) throws(GitError) {
    try git.output(["update-ref", Argument(name(for: branch)), "\(tip)"])
  }

  /// Where a sync has put the branch, and where its own commits began before.
  func keepEnd(_ tip: ObjectID, of branch: String, base: ObjectID) throws(GitError) {
    let record = UndoRecord(stamp: stamp, branch: branch)
    let lines = [(record.new, tip), (record.base, base)].map { Array("update \($0)\0\($1)\0\0".utf8) }
    try git.output(["update-ref", "-z", "--stdin"], input: Array(lines.joined()))
  }

  func drop(_ tip: ObjectID, of branch: String) throws(GitError) {
    try git.output(["update-ref", "-d", Argument(name(for: branch)), "\(tip)"])
  }

  /// Puts a branch that is in no worktree back, if it is still where the sync has put it.
  func restore(_ branch: KeptSync.Branch, _ record: UndoRecord) throws(GitError) {
    let expected = branch.new.map { "\($0)" } ?? ""
    let input = Array("update \(branch.name)\0\(branch.old)\0\(expected)\0".utf8)
    try git.output(["update-ref", "-m", "preflight undo", "-z", "--stdin"], input: input + record.deletions)
  }

  /// Drops what was kept of one branch.
  func forget(_ record: UndoRecord) throws(GitError) {
    try git.output(["update-ref", "-z", "--stdin"], input: record.deletions)
  }

  /// Keeps what is in the tracked files of a worktree, and in those of `paths`, as a commit on its `HEAD`; its index and files are not touched.
  ///
  /// Returns the ref that keeps it; `nil` when the files are `HEAD`'s.
  func snapshot(
    _ worktree: FilePath, gitDirectory: FilePath, branch: String, adding paths: [[UInt8]] = []
  ) throws(GitError) -> String? {
    var git = GitCommand(in: worktree, environment: git.environment)
    let copy = gitDirectory / "preflight/snapshot-index"
    try fileSystem { () throws(SystemError) in
      try copy.parent.createDirectories()
      try copy.write(try (gitDirectory / "index").contents())
    }
    defer { try? copy.remove() }
    git.environment[bytes: "GIT_INDEX_FILE"] = copy.bytes
    try git.output(IndexCopy.settings + ["add", "--update", "--ignore-errors", "."])
    if !paths.isEmpty {
      try git.output(
        IndexCopy.settings + [
          "--literal-pathspecs", "add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul",
        ],
        input: Array(paths.map { $0 + [0] }.joined()))
    }
    let tree = try git.line(["write-tree"])
    if try git.line(["rev-parse", "HEAD^{tree}"]) == tree { return nil }
    let commit = try git.line(["commit-tree", "-p", "HEAD", "-m", "files found while syncing", Argument(tree)])
    let name = "\(Self.prefix)\(stamp)/files/\(branch.dropFirst("refs/".count))"
    try git.output(["update-ref", Argument(name), Argument(commit)])
    return name
  }

  /// What `down --force` has kept of worktrees that it took away, behind a time as well.
  static let removedPrefix = "refs/preflight/removed/"

  /// Drops what is older than `days`, of syncs and of worktrees that were taken away. Looks once a day: with many worktrees there
  /// are thousands of these refs, and each is a file to be read.
  func expire(in repository: Repository, layout: RepositoryLayout, days: Int64 = 30) throws(GitError) {
    let note = layout.stateDirectory / "undo-expired"
    if let last = try? note.status()?.modified, abs(Clock.nowInNanoseconds() - last) < 86400 * 1_000_000_000 { return }
    try fileSystem { () throws(SystemError) in try note.write([]) }
    let limit = Clock.now() - days * 86400
    var old: [(name: String, target: ObjectID)] = []
    for prefix in [Self.prefix, Self.removedPrefix] {
      for reference in try repository.references(below: prefix) {
        let seconds = reference.name.dropFirst(prefix.count).prefix { $0.isASCII && $0.isNumber }
        if let time = Int64(seconds), time < limit { old.append((reference.name, reference.target)) }
      }
    }
    if old.isEmpty { return }
    // With -z a name may hold anything that a ref may.
    let input = old.map { Array("delete \($0.name)\0\($0.target)\0".utf8) }.joined()
    try git.output(["update-ref", "-z", "--stdin"], input: Array(input))
  }
}
