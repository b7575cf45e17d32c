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
    var current = TreeEntry(mode: 0o40000, id: root)
    for component in path.split(separator: UInt8(ascii: "/")) {
      guard current.isTree, let next = try tree(current.id).entry(named: component) else { return nil }
      current = next
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
      let order: Int
      if left == olds.count {
        order = 1
      } else if right == news.count {
        order = -1
      } else {
        order = compare(olds[left], news[right])
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

  /// git's order within a tree: a directory compares as if its name ended in a slash.
  private func compare(_ one: Tree.Entry, _ other: Tree.Entry) -> Int {
    var left = one.name.makeIterator()
    var right = other.name.makeIterator()
    var leftEnded = !one.value.isTree
    var rightEnded = !other.value.isTree
    while true {
      var a = left.next()
      var b = right.next()
      if a == nil, !leftEnded {
        a = UInt8(ascii: "/")
        leftEnded = true
      }
      if b == nil, !rightEnded {
        b = UInt8(ascii: "/")
        rightEnded = true
      }
      switch (a, b) {
      case (nil, nil): return 0
      case (nil, _): return -1
      case (_, nil): return 1
      case (let a?, let b?) where a != b: return a < b ? -1 : 1
      default: continue
      }
    }
  }
}

extension Repository {
  /// The name that git would give to a blob of these bytes; nothing is written.
  public func blobID(of contents: [UInt8]) throws(GitError) -> ObjectID { try reader.blobID(of: contents) }
}
