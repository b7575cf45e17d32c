import Platform

/// The entries of one tree object, in git's order; see "tree object" in gitglossary(7).
public struct Tree: Sendable {
  public struct Entry: Sendable {
    /// One component of a path.
    public let name: ArraySlice<UInt8>
    public let value: TreeEntry

    public init(name: ArraySlice<UInt8>, value: TreeEntry) {
      self.name = name
      self.value = value
    }
  }

  public let entries: [Entry]

  public static let empty = Tree(entries: [])

  /// - Parameter entries: in git's order.
  public init(entries: [Entry]) { self.entries = entries }

  /// `mode SP name NUL id`, again and again.
  init(id: ObjectID, contents: [UInt8]) throws(GitError) {
    guard let entries = Self.entries(in: contents, width: id.byteCount) else {
      throw GitError(.malformed("tree \(id)"))
    }
    self.entries = entries
  }

  private static func entries(in contents: [UInt8], width: Int) -> [Entry]? {
    contents.withUnsafeBytes { bytes in
      var entries: [Entry] = []
      entries.reserveCapacity(bytes.count / (width + 16))
      var position = 0
      while position < bytes.count {
        guard let mode = mode(in: bytes, at: &position),
          let length = firstNullByte(in: UnsafeRawBufferPointer(rebasing: bytes[position...])), length > 0,
          position + length + width < bytes.count
        else { return nil }
        let end = position + length
        guard let id = ObjectID(raw: UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...(end + width)])) else {
          return nil
        }
        entries.append(Entry(name: contents[position..<end], value: TreeEntry(treeMode: mode, id: id)))
        position = end + width + 1
      }
      return entries
    }
  }

  /// Octal digits and the blank after them.
  private static func mode(in bytes: UnsafeRawBufferPointer, at position: inout Int) -> UInt32? {
    var mode: UInt32 = 0
    while position < bytes.count, bytes[position] != UInt8(ascii: " ") {
      let digit = bytes[position]
      guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit), mode < 1 << 24 else { return nil }
      mode = mode << 3 | UInt32(digit - UInt8(ascii: "0"))
      position += 1
    }
    position += 1
    return position < bytes.count ? mode : nil
  }

  public func entry(named name: some Collection<UInt8>) -> TreeEntry? { entry(named: Array(name)[...]) }

  public func entry(named name: ArraySlice<UInt8>) -> TreeEntry? {
    name.withUnsafeBytes { entry($0, isTree: false) ?? entry($0, isTree: true) }
  }

  /// By halves: directories may have thousands of files, of which a barrel names as many.
  private func entry(_ name: UnsafeRawBufferPointer, isTree: Bool) -> TreeEntry? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[middle]
      let order = entry.name.withUnsafeBytes { Self.order($0, isTree: entry.value.isTree, name, isTree: isTree) }
      // A file named `b/` would stand where the directory `b` does.
      if order == 0 { return entry.name.count == name.count ? entry.value : nil }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// As git sorts; see `Entry.order`.
  fileprivate static func order(
    _ one: UnsafeRawBufferPointer, isTree: Bool, _ other: UnsafeRawBufferPointer, isTree otherIsTree: Bool
  ) -> Int {
    let common = min(one.count, other.count)
    let order = compareBytes(
      UnsafeRawBufferPointer(rebasing: one[..<common]), UnsafeRawBufferPointer(rebasing: other[..<common]))
    if order != 0 { return order }
    func next(_ name: UnsafeRawBufferPointer, isTree: Bool) -> Int {
      common < name.count ? Int(name[common]) : isTree ? Int(UInt8(ascii: "/")) : -1
    }
    return next(one, isTree: isTree) - next(other, isTree: otherIsTree)
  }

  /// The bytes of the tree object.
  public var contents: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(entries.count * 48)
    for entry in entries {
      result += String(entry.value.mode, radix: 8).utf8
      result.append(UInt8(ascii: " "))
      result += entry.name
      result.append(0)
      result += entry.value.id.bytes
    }
    return result
  }
}

extension Tree.Entry {
  /// Less than, equal to or greater than zero in git's order: a directory compares as if its name ended in a slash.
  ///
  /// Equal are only a file and a file, or a directory and a directory, of one name.
  public func order(against other: Tree.Entry) -> Int {
    name.withUnsafeBytes { one in
      other.name.withUnsafeBytes { two in
        Tree.order(one, isTree: value.isTree, two, isTree: other.value.isTree)
      }
    }
  }
}

/// What three trees have under one name.
public struct TreeTriple: Sendable {
  public var base: Tree.Entry?
  public var ours: Tree.Entry?
  public var theirs: Tree.Entry?
}

extension Tree {
  /// Walks three trees in step: the names in git's order, each with what every tree has there.
  ///
  /// A file and a directory of one name are two triples, since git sorts them apart.
  public static func walkInStep<Failure>(
    base: Tree, ours: Tree, theirs: Tree, visit: (TreeTriple) throws(Failure) -> Void
  ) throws(Failure) {
    var (base, ours, theirs) = (base.entries[...], ours.entries[...], theirs.entries[...])
    while true {
      let two = order(base.first, ours.first)
      let lead = two <= 0 ? base.first : ours.first
      let three = order(lead, theirs.first)
      guard lead != nil || theirs.first != nil else { return }
      var triple = TreeTriple()
      if three <= 0, two <= 0 { triple.base = base.popFirst() }
      if three <= 0, two >= 0 { triple.ours = ours.popFirst() }
      if three >= 0 { triple.theirs = theirs.popFirst() }
      try visit(triple)
    }
  }

  /// The end of a tree comes after every entry.
  private static func order(_ one: Entry?, _ other: Entry?) -> Int {
    guard let one else { return other == nil ? 0 : 1 }
    guard let other else { return -1 }
    return one.order(against: other)
  }
}
