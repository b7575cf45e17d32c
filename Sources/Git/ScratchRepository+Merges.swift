import Platform

extension ScratchRepository {
  /// A commit that nobody has made: a tree with some of its paths replaced.
  public struct Snapshot: Hashable, Sendable {
    public enum Replacement: Hashable, Sendable {
      /// An object that the repository has.
      case entry(TreeEntry)
      case contents([UInt8], mode: UInt32)
      case deletion
    }

    /// Commits of the repository; empty for one that stands alone.
    public var parents: [ObjectID]
    /// The place, in the same list, of an earlier snapshot that this one has for its first parent.
    public var standsOn: Int?
    /// `nil`: the empty tree.
    public var tree: ObjectID?
    public var replaced: [[UInt8]: Replacement]

    public init(parents: [ObjectID], tree: ObjectID?, replaced: [[UInt8]: Replacement] = [:]) {
      self.parents = parents
      self.tree = tree
      self.replaced = replaced
    }
  }

  /// What git makes of two commits.
  public struct Merge: Hashable, Sendable {
    public var isClean: Bool
    /// In this repository; with conflict markers where it is not clean.
    public var tree: ObjectID
    /// The paths in conflict; there may be none although the merge is not clean.
    public var conflicts: [[UInt8]]
  }

  /// From here on these are the only `.gitattributes` that count; for a repository that was made to have its own.
  public func placeAttributes(_ files: [File]) throws(GitError) {
    try systemCall { () throws(SystemError) in
      try (directory / "tree").removeRecursively()
      try (directory / "tree").createDirectories()
      for file in files {
        let place = (directory / "tree").appending(file.path)
        try place.parent.createDirectories()
        try place.write(file.contents)
      }
    }
  }

  /// Makes the commits, all in one process, and returns their ids in the same order.
  public func commit(_ snapshots: [Snapshot]) throws(GitError) -> [ObjectID] {
    if snapshots.isEmpty { return [] }
    var stream: [UInt8] = []
    for (index, snapshot) in snapshots.enumerated() { Self.append(snapshot, mark: index + 1, to: &stream) }
    stream += Array("done\n".utf8)
    let output = try git.output(["fast-import", "--quiet", "--done", "--force"], input: stream)
    let ids = output.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: $0) }
    guard ids.count == snapshots.count else { throw GitError(.malformed("the answer of git fast-import")) }
    return ids
  }

  /// The commands of git-fast-import(1); `get-mark` makes it print the commit's id.
  private static func append(_ snapshot: Snapshot, mark: Int, to stream: inout [UInt8]) {
    func add(_ text: String) { stream += Array(text.utf8) }
    add("commit refs/scratch/\(mark)\nmark :\(mark)\n")
    add("committer preflight <preflight@localhost> 0 +0000\ndata 0\n")
    let parents = (snapshot.standsOn.map { [":\($0 + 1)"] } ?? []) + snapshot.parents.map { "\($0)" }
    for (index, parent) in parents.enumerated() { add("\(index == 0 ? "from" : "merge") \(parent)\n") }
    add("deleteall\n")
    if let tree = snapshot.tree { add("M 040000 \(tree) \n") }
    // Deletions first: a file may stand where a directory was.
    for (path, replacement) in snapshot.replaced where replacement == .deletion {
      stream += Array("D ".utf8) + quoted(path) + [UInt8(ascii: "\n")]
    }
    for (path, replacement) in snapshot.replaced {
      switch replacement {
      case .deletion: break
      case .entry(let entry):
        add("M \(String(entry.mode, radix: 8)) \(entry.id) ")
        stream += quoted(path) + [UInt8(ascii: "\n")]
      case .contents(let bytes, let mode):
        add("M \(String(mode, radix: 8)) inline ")
        stream += quoted(path) + Array("\ndata \(bytes.count)\n".utf8) + bytes + [UInt8(ascii: "\n")]
      }
    }
    add("get-mark :\(mark)\n")
  }

  /// git's verdict on each pair of commits, as `git merge` would decide it: many in one process, and in two of them where
  /// there is enough to do.
  ///
  /// Each pair must have a common ancestor.
  public func merges(_ pairs: [(ours: ObjectID, theirs: ObjectID)]) throws(GitError) -> [Merge] {
    if pairs.isEmpty { return [] }
    let middle = pairs.count < 8 ? pairs.count : pairs.count / 2
    let requests = [pairs[..<middle], pairs[middle...]].filter { !$0.isEmpty }.map { part in
      git.request(Self.mergeTree + ["--stdin"], input: Array(part.map { "\($0.ours) \($0.theirs)\n" }.joined().utf8))
    }
    var merges: [Merge] = []
    let results = try systemCall { () throws(SystemError) in try ChildProcess.run(requests, sideBySide: 2) }
    for result in results {
      // Before git 2.39 it takes one pair at a time.
      if result.ending == .exited(129) { return try pairs.map { pair throws(GitError) in try merge(pair) } }
      guard result.succeeded else { throw GitCommand.failure(Self.mergeTree, result) }
      merges += try Self.answers(result.output)
    }
    guard merges.count == pairs.count else { throw GitError(.malformed("the answer of git merge-tree")) }
    return zip(merges, pairs).map { merge, pair in
      var merge = merge
      merge.conflicts = MergeTreePath.originals(of: merge.conflicts, sides: [pair.ours, pair.theirs])
      return merge
    }
  }

  private static let mergeTree: [Argument] = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages"]

  private func merge(_ pair: (ours: ObjectID, theirs: ObjectID)) throws(GitError) -> Merge {
    let arguments = Self.mergeTree + ["\(pair.ours)", "\(pair.theirs)"]
    let result = try git.run(arguments)
    let fields = result.output.split(separator: 0)
    guard result.ending == .exited(0) || result.ending == .exited(1),
      let tree = fields.first.flatMap({ ObjectID(hex: $0) })
    else { throw GitCommand.failure(arguments, result) }
    let conflicts = MergeTreePath.originals(
      of: fields.dropFirst().map(Array.init), sides: [pair.ours, pair.theirs])
    return Merge(isClean: result.succeeded, tree: tree, conflicts: conflicts)
  }

  /// `status NUL tree NUL (path NUL)… NUL` for each pair; the status is 1 for a clean merge.
  private static func answers(_ output: [UInt8]) throws(GitError) -> [Merge] {
    var fields = output.split(separator: 0, omittingEmptySubsequences: false)[...]
    var merges: [Merge] = []
    while fields.count > 2, let status = fields.popFirst() {
      guard let tree = fields.popFirst().flatMap({ ObjectID(hex: $0) }) else {
        throw GitError(.malformed("the answer of git merge-tree"))
      }
      let conflicts = fields.prefix { !$0.isEmpty }.map(Array.init)
      fields = fields.dropFirst(conflicts.count + 1)
      merges.append(Merge(isClean: status.elementsEqual("1".utf8), tree: tree, conflicts: conflicts))
    }
    return merges
  }

  /// The files of a working tree as git would store them, with what its attributes say about line ends and filters, in the
  /// same order. Nothing is written but here.
  public func contents(of paths: [[UInt8]], in worktree: Worktree) throws(GitError) -> [[UInt8]] {
    if paths.isEmpty { return [] }
    var storing = GitCommand(in: worktree.path, environment: git.environment)
    storing.environment[bytes: "GIT_OBJECT_DIRECTORY"] = (directory / "objects").bytes
    storing.environment[bytes: "GIT_ALTERNATE_OBJECT_DIRECTORIES"] = (worktree.commonDirectory / "objects").bytes
    let list = paths.flatMap { Self.quoted($0) + [UInt8(ascii: "\n")] }
    let output = try storing.output(["hash-object", "-w", "--stdin-paths"], input: list)
    let ids = output.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: $0) }
    guard ids.count == paths.count else { throw GitError(.malformed("the answer of git hash-object")) }
    return try ids.map { id throws(GitError) in try git.output(["cat-file", "blob", "\(id)"]) }
  }
}
