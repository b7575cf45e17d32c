import Platform

/// What an index holds that a tree does not, and the other way round: a walk over both at once.
///
/// A directory that the index's cache tree knows costs one comparison of names, or a walk over two trees; the entries of
/// all others are compared one by one.
struct IndexComparison: ~Copyable {
  private let repository: Repository
  private var cursor: IndexCursor
  private let cache: CacheTree?
  private var changes: [TreeChange] = []

  private enum Failure: Error {
    /// An index that git has to read.
    case unreadable
    case git(GitError)
  }

  /// Deeper directories than any system lets one make are damage, or somebody's attack on the stack.
  private static let depthLimit = 1024

  /// `nil` where git has to decide.
  ///
  /// - Parameter tree: `nil` is the empty one.
  static func changes(
    from tree: ObjectID?, to index: IndexFile, in repository: Repository
  ) throws(GitError) -> [TreeChange]? {
    if let root = index.cacheTree.flatMap(CacheTree.root), root.entryCount == index.count {
      return try repository.changes(from: tree, to: root.id)
    }
    var comparison = IndexComparison(repository, index)
    do {
      comparison.advance()
      try comparison.compareDirectory(prefix: [], tree, node: comparison.cache == nil ? nil : 0, depth: 0)
      guard comparison.cursor.end != nil else { return nil }
      return comparison.changes
    } catch {
      switch error {
      case .unreadable: return nil
      case .git(let error): throw error
      }
    }
  }

  private init(_ repository: Repository, _ index: IndexFile) {
    self.repository = repository
    cursor = index.makeCursor()
    cache = index.cacheTree.flatMap { CacheTree($0) }
  }

  /// To the next path at which something is staged.
  private mutating func advance() {
    while cursor.advance(), cursor.isIntentToAdd {}
  }

  /// Compares what is left in the index below `prefix`, which ends in a slash or is empty, with a tree.
  private mutating func compareDirectory(
    prefix: [UInt8], _ tree: ObjectID?, node: Int?, depth: Int
  ) throws(Failure) {
    guard depth < Self.depthLimit else { throw .unreadable }
    let entries = try readTree(tree)
    let known = if let node, let cache { cache.children(of: node) } else { [Int]() }
    var position = 0
    while true {
      let staged = try stagedName(below: prefix)
      guard position < entries.count || staged != nil else { return }
      let order = staged.map { position < entries.count ? compare(entries[position], $0) : 1 } ?? -1
      let old = order <= 0 ? entries[position] : nil
      if old != nil { position += 1 }
      guard order >= 0, let staged else {
        if let old { try appendDeletion(of: old, prefix: prefix) }
        continue
      }
      if staged.isDirectory {
        let name = cursor.path[prefix.count..<(prefix.count + staged.count)]
        let child = cache?.node(named: UnsafeRawBufferPointer(rebasing: name), among: known)
        try compareChild(prefix: prefix + name + [UInt8(ascii: "/")], old?.value.id, node: child, depth: depth + 1)
      } else {
        guard let new = cursor.entry else { throw .unreadable }
        if old?.value != new { changes.append(TreeChange(path: Array(cursor.path), old: old?.value, new: new)) }
        advance()
      }
    }
  }

  private mutating func compareChild(
    prefix: [UInt8], _ tree: ObjectID?, node: Int?, depth: Int
  ) throws(Failure) {
    guard let node, let known = cache?.nodes[node].tree else {
      return try compareDirectory(prefix: prefix, tree, node: node, depth: depth)
    }
    try appendChanges(prefix: prefix, from: tree, to: known.id)
    // Paths are sorted: with the first and the last all are inside.
    guard known.entryCount > 0, isInside(prefix) else { throw .unreadable }
    for _ in 1..<known.entryCount { advance() }
    guard isInside(prefix) else { throw .unreadable }
    advance()
    guard !isInside(prefix) else { throw .unreadable }
  }

  private mutating func appendDeletion(of entry: Tree.Entry, prefix: [UInt8]) throws(Failure) {
    let path = prefix + entry.name
    if entry.value.isTree {
      try appendChanges(prefix: path + [UInt8(ascii: "/")], from: entry.value.id, to: nil)
    } else {
      changes.append(TreeChange(path: path, old: entry.value, new: nil))
    }
  }

  private mutating func appendChanges(prefix: [UInt8], from old: ObjectID?, to new: ObjectID?) throws(Failure) {
    do {
      for change in try repository.changes(from: old, to: new) {
        changes.append(TreeChange(path: prefix + change.path, old: change.old, new: change.new))
      }
    } catch { throw .git(error) }
  }

  private func readTree(_ id: ObjectID?) throws(Failure) -> [Tree.Entry] {
    guard let id else { return [] }
    do { return try repository.tree(id).entries } catch { throw .git(error) }
  }

  private func isInside(_ prefix: [UInt8]) -> Bool {
    guard cursor.path.count > prefix.count else { return false }
    return prefix.withUnsafeBytes {
      compareBytes(UnsafeRawBufferPointer(rebasing: cursor.path[..<$0.count]), $0) == 0
    }
  }

  /// What the entry at hand is in the directory: its own name, or that of a directory which holds it.
  private struct StagedName {
    /// In bytes; they follow the prefix.
    let name: UnsafeRawBufferPointer
    let isDirectory: Bool
    var count: Int { name.count }
  }

  /// `nil` once the index has nothing more below `prefix`.
  private func stagedName(below prefix: [UInt8]) throws(Failure) -> StagedName? {
    guard isInside(prefix) else { return nil }
    let rest = UnsafeRawBufferPointer(rebasing: cursor.path[prefix.count...])
    let slash = rest.firstIndex(of: UInt8(ascii: "/"))
    guard slash != 0 else { throw .unreadable }
    return StagedName(
      name: UnsafeRawBufferPointer(rebasing: rest[..<(slash ?? rest.count)]), isDirectory: slash != nil)
  }

  /// git's order within a tree: a directory compares as if its name ended in a slash.
  private func compare(_ entry: Tree.Entry, _ staged: StagedName) -> Int {
    entry.name.withUnsafeBytes { name in
      let common = min(name.count, staged.count)
      let order = compareBytes(
        UnsafeRawBufferPointer(rebasing: name[..<common]), UnsafeRawBufferPointer(rebasing: staged.name[..<common]))
      if order != 0 { return order }
      func next(_ name: UnsafeRawBufferPointer, isDirectory: Bool) -> Int {
        common < name.count ? Int(name[common]) : isDirectory ? Int(UInt8(ascii: "/")) : -1
      }
      return next(name, isDirectory: entry.value.isTree) - next(staged.name, isDirectory: staged.isDirectory)
    }
  }
}
