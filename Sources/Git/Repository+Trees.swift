/// A path that two trees, or a tree and an index, do not share.
public struct TreeChange: Hashable, Sendable {
  /// From the top of the repository.
  public let path: [UInt8]
  /// `nil`: added.
  public let old: TreeEntry?
  /// `nil`: deleted.
  public let new: TreeEntry?

  public init(path: [UInt8], old: TreeEntry?, new: TreeEntry?) {
    self.path = path
    self.old = old
    self.new = new
  }
}

extension Repository {
  /// What `path` is in a tree; `nil` where there is nothing.
  public func entry(at path: some Collection<UInt8>, in root: ObjectID) throws(GitError) -> TreeEntry? {
    try entry(at: Array(path), in: root)
  }

  /// The same, without generic code between: one barrel may ask for a thousand paths.
  public func entry(at path: [UInt8], in root: ObjectID) throws(GitError) -> TreeEntry? {
    var current = TreeEntry(mode: 0o40000, id: root)
    var start = 0
    while start < path.count {
      let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.count
      if end > start {
        guard current.isTree, let next = try tree(current.id).entry(named: path[start..<end]) else { return nil }
        current = next
      }
      start = end + 1
    }
    return current
  }

  /// The paths of files, links and submodules that differ between two trees, in git's order; renames are two changes.
  ///
  /// Walks both trees at once and never enters a directory that is the same in both, so that the cost follows the
  /// change; libgit2's own diff visits every tree.
  ///
  /// - Parameters: `nil` stands for the empty tree.
  public func changes(from old: ObjectID?, to new: ObjectID?) throws(GitError) -> [TreeChange] {
    var result: [TreeChange] = []
    try collectChanges(below: [], old, new, &result)
    return result
  }

  private func collectChanges(
    below prefix: [UInt8], _ old: ObjectID?, _ new: ObjectID?, _ result: inout [TreeChange]
  ) throws(GitError) {
    guard old != new else { return }
    let olds = if let old { try tree(old).entries } else { Tree.empty.entries }
    let news = if let new { try tree(new).entries } else { Tree.empty.entries }
    var (left, right) = (0, 0)
    while left < olds.count || right < news.count {
      let order: Int  // which of the two comes first
      if left == olds.count {
        order = 1
      } else if right == news.count {
        order = -1
      } else {
        order = olds[left].order(against: news[right])
      }
      if order == 0, olds[left].value == news[right].value {
        left += 1
        right += 1
        continue
      }
      let one = order <= 0 ? olds[left] : nil
      let other = order >= 0 ? news[right] : nil
      if one != nil { left += 1 }
      if other != nil { right += 1 }
      let path = prefix + (one ?? other)!.name  // one of the two is there: order says which
      let oldTree = one?.value.isTree == true ? one?.value.id : nil
      let newTree = other?.value.isTree == true ? other?.value.id : nil
      let oldLeaf = oldTree == nil ? one?.value : nil
      let newLeaf = newTree == nil ? other?.value : nil
      if oldLeaf != nil || newLeaf != nil { result.append(TreeChange(path: path, old: oldLeaf, new: newLeaf)) }
      if oldTree != nil || newTree != nil {
        try collectChanges(below: path + [UInt8(ascii: "/")], oldTree, newTree, &result)
      }
    }
  }

  /// Every file, link and submodule of a tree with its path.
  public func files(in root: ObjectID) throws(GitError) -> [TreeChange] { try changes(from: nil, to: root) }
}

extension Repository {
  /// Makes a tree that differs from another one in some files: each path becomes what its change says is new there.
  ///
  /// - Parameter changes: of files; what lies above them are directories in the tree, too, or nothing.
  public func tree(_ root: ObjectID, applying changes: [TreeChange]) throws(GitError) -> ObjectID {
    let tree = try tree(root, applying: changes.map { ($0.path[...], $0.new) })
    return if let tree { tree } else { try makeTree(.empty) }
  }

  /// `nil` where nothing is left.
  private func tree(
    _ root: ObjectID?, applying changes: [(path: ArraySlice<UInt8>, new: TreeEntry?)]
  ) throws(GitError) -> ObjectID? {
    let slash = UInt8(ascii: "/")
    var entries = if let root { try tree(root).entries } else { [Tree.Entry]() }
    for (name, inside) in Dictionary(grouping: changes, by: { Array($0.path.prefix { $0 != slash }) }) {
      let present = entries.first { $0.name.elementsEqual(name) }?.value
      entries.removeAll { $0.name.elementsEqual(name) }
      let value: TreeEntry?
      if inside.count == 1, inside[0].path.count == name.count {
        value = inside[0].new
      } else {
        let below = inside.map { (path: $0.path.dropFirst(name.count + 1), new: $0.new) }
        let tree = try tree(present?.isTree == true ? present?.id : nil, applying: below)
        value = tree.map { TreeEntry(mode: 0o40000, id: $0) }
      }
      if let value { entries.append(Tree.Entry(name: name[...], value: value)) }
    }
    entries.sort { $0.order(against: $1) < 0 }
    return entries.isEmpty ? nil : try makeTree(Tree(entries: entries))
  }
}
