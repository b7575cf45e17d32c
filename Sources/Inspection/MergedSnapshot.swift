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

  func provides(_ path: [UInt8]) -> Bool { (try? entry(at: path)) != .some(nil) }

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
    for policy in [MergePolicy.barrel, .text] {
      let result = Merge.files(base: blobs[0], ours: blobs[1], theirs: blobs[2], policy: policy, path: path)
      if case .merged(let bytes) = result.outcome { return bytes }
    }
    return nil
  }

  func graph() -> ModuleGraph {
    ModuleGraph(provides: { provides($0) }, load: { exports(at: $0) })
  }
}
