import Platform

/// An index's cache tree: of each directory which tree its entries make, as far as that is known; see "cache tree" in
/// gitformat-index(5).
struct CacheTree {
  struct Node {
    /// The directory's name, in the extension's bytes.
    let name: Range<Int>
    /// The tree, and how many entries of the index lie in it; `nil` where something below was staged since.
    let tree: (id: ObjectID, entryCount: Int)?
    fileprivate let childCount: Int
    /// The next node that is not below this one.
    fileprivate(set) var end: Int
  }

  private let bytes: UnsafeRawBufferPointer
  /// In the order of the file: each directory before those in it. Never empty.
  private(set) var nodes: [Node] = []

  /// `nil` where it is damaged.
  ///
  /// - Parameter bytes: the contents of the extension `TREE`; must outlive this value.
  init?(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    var position = 0
    // Directories with children still to come, by their place; as deep as the directories are.
    var open: [(node: Int, missing: Int)] = []
    repeat {
      guard let node = Self.node(in: bytes, at: &position, index: nodes.count) else { return nil }
      guard node.name.isEmpty == nodes.isEmpty else { return nil }  // the root alone has no name
      if let last = open.indices.last { open[last].missing -= 1 }
      open.append((nodes.count, node.childCount))
      nodes.append(node)
      while let last = open.last, last.missing == 0 {
        nodes[last.node].end = nodes.count
        open.removeLast()
      }
    } while !open.isEmpty
    guard position == bytes.count else { return nil }
  }

  /// The tree that all entries together make, without a look at the directories below.
  static func root(of bytes: UnsafeRawBufferPointer) -> (id: ObjectID, entryCount: Int)? {
    var position = 0
    return node(in: bytes, at: &position, index: 0)?.tree
  }

  /// The directories directly in one, by name in the order of the file.
  func children(of node: Int) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(nodes[node].childCount)
    var child = node + 1
    while child < nodes[node].end {
      result.append(child)
      child = nodes[child].end
    }
    return result
  }

  /// Finds a directory among `children`, which git keeps sorted by length, then by bytes.
  func node(named name: UnsafeRawBufferPointer, among children: [Int]) -> Int? {
    var range = 0..<children.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      let candidate = UnsafeRawBufferPointer(rebasing: bytes[nodes[children[middle]].name])
      let order = candidate.count == name.count ? compareBytes(candidate, name) : candidate.count - name.count
      if order == 0 { return children[middle] }
      range = order < 0 ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return nil
  }

  /// `name NUL entries SP directories LF`, then the tree's name where the number of entries is not negative.
  private static func node(in bytes: UnsafeRawBufferPointer, at position: inout Int, index: Int) -> Node? {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
    guard let nameEnd = firstNullByte(in: rest).map({ position + $0 }) else { return nil }
    let name = position..<nameEnd
    position = nameEnd + 1
    guard let entryCount = number(in: bytes, at: &position, before: UInt8(ascii: " ")),
      let childCount = number(in: bytes, at: &position, before: UInt8(ascii: "\n")), childCount >= 0
    else { return nil }
    guard entryCount >= 0 else { return Node(name: name, tree: nil, childCount: childCount, end: index + 1) }
    guard bytes.count - position >= 20, let id = ObjectID(bytes: bytes[position..<(position + 20)]) else { return nil }
    position += 20
    return Node(name: name, tree: (id, entryCount), childCount: childCount, end: index + 1)
  }

  /// A decimal number, -1 or more, and the byte after it.
  private static func number(in bytes: UnsafeRawBufferPointer, at position: inout Int, before end: UInt8) -> Int? {
    let start = position
    let isNegative = position < bytes.count && bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var value = 0
    while position < bytes.count, bytes[position] != end {
      let digit = bytes[position]
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit), value < 1 << 32 else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
      position += 1
    }
    guard position < bytes.count, position > start else { return nil }
    position += 1
    return isNegative ? -1 : value
  }
}
