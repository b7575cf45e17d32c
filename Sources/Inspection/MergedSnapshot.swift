import Exports
import Git
import Merging

/// What a change and another branch make together of the tree that they parted from, file by file.
struct MergedSnapshot {
  var ours: Snapshot
  /// What the other branch has, and the common base's tree; `nil`: ours alone.
  var other: (theirs: Theirs, base: Snapshot)?
  let cache: ModuleCache

  /// A branch's tree, or with what its worktree holds on top.
  struct Theirs {
    let tip: Snapshot
    let files: WorktreeModules?

    init(_ tip: Snapshot, with files: WorktreeModules? = nil) {
      self.tip = tip
      self.files = files
    }

    func entry(at path: [UInt8]) throws -> TreeEntry? {
      try files.map { try $0.entry(at: path) } ?? tip.entry(at: path)
    }
  }

  /// What a path would be; ours, where both have changed it.
  private func entry(at path: [UInt8]) throws -> TreeEntry? {
    let mine = try ours.entry(at: path)
    guard let other, try mine == other.base.entry(at: path) else { return mine }
    return try other.theirs.entry(at: path)
  }

  /// What cannot be read is not missing.
  func provides(_ path: [UInt8]) -> Bool {
    do { return try entry(at: path).map { !$0.isTree } ?? false } catch { return true }
  }

  /// What a path would export; of a file that both have changed what their merge would, or ours where it conflicts.
  func exports(at path: [UInt8]) -> ModuleExports? {
    guard let mine = try? entry(at: path) else { return nil }
    if let merged = try? mergedContents(at: path, mine) { return ModuleExports(merged, path: path) }
    return cache.exports(of: mine, path: path)
  }

  private func mergedContents(at path: [UInt8], _ mine: TreeEntry) throws -> [UInt8]? {
    guard let other, let base = try other.base.entry(at: path), base != mine,
      let theirs = try other.theirs.entry(at: path), theirs != base, theirs != mine, mine.isFile, theirs.isFile
    else { return nil }
    let blobs = try [base, mine, theirs].map { try ours.repository.blob($0.id) }
    guard blobs.allSatisfy(Merge.isReadable) else { return nil }
    let text = TextBase(blobs[0])
    let (left, right) = (TextChange(text, blobs[1]), TextChange(text, blobs[2]))
    if left.clearlyMerges(with: right, policy: .barrel, path: path) { return left.joined(with: right) }
    for policy in [MergePolicy.barrel, .text] {
      let result = Merge.files(base: blobs[0], ours: blobs[1], theirs: blobs[2], policy: policy, path: path)
      if case .merged(let bytes) = result.outcome { return bytes }
    }
    return nil
  }

  func graph() -> ModuleGraph {
    ModuleGraph(provides: { provides($0) }, load: { exports(at: $0) })
  }

  /// The same, told from another snapshot's graph where the two do not differ.
  func graph(like known: KnownGraph) -> ModuleGraph {
    guard let differing = try? differing(from: known) else { return graph() }
    return ModuleGraph(like: known.graph, except: differing, provides: { provides($0) }, load: { exports(at: $0) })
  }

  /// Of the paths that the other graph has asked about, at least those that are something else here: what either branch has
  /// changed, with the directories above, and what lies uncommitted.
  private func differing(from known: KnownGraph) throws -> Set<[UInt8]> {
    let replaced = Set(known.snapshot.replaced.keys).union(ours.replaced.keys)
    var changed = replaced.filter { known.snapshot.replaced[$0] != ours.replaced[$0] }
    changed.formUnion(try ours.repository.changes(from: known.snapshot.tree, to: ours.tree).map(\.path))
    if let other {
      changed.formUnion(other.base.replaced.keys)
      changed.formUnion(other.theirs.tip.replaced.keys)
      changed.formUnion(try ours.repository.changes(from: other.base.tree, to: other.theirs.tip.tree).map(\.path))
    }
    for path in changed {
      for end in path.indices where path[end] == UInt8(ascii: "/") { changed.insert(Array(path[..<end])) }
    }
    let differing = changed.intersection(known.asked)
    guard let other, let files = other.theirs.files else { return differing }
    // Where ours is new, nobody asks for theirs.
    let uncommitted = try known.asked.filter { path in
      guard files.isRead(path), try other.base.entry(at: path) != nil || ours.entry(at: path) == nil else {
        return false
      }
      return try files.isUncommitted(path)
    }
    return differing.union(uncommitted)
  }
}

/// What is behind a barrel in one snapshot, as starting point for others that are nearly the same.
struct KnownGraph {
  let snapshot: Snapshot
  let graph: ModuleGraph
  let collisions: [ExportCollision]
  let asked: Set<[UInt8]>
  /// Files that were looked at.
  let paths: Set<[UInt8]>

  init(behind barrel: [UInt8], in snapshot: Snapshot, cache: ModuleCache) {
    self.snapshot = snapshot
    graph = MergedSnapshot(ours: snapshot, cache: cache).graph()
    collisions = graph.collisions(in: barrel).collisions
    asked = graph.asked
    paths = graph.paths
  }
}
