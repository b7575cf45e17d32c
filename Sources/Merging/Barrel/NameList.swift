/// The names that a statement has between brackets (`{ a, b }`, `(a, b)`, `["a", "b"]`) or behind Python's bare `import`.
struct NameList {
  /// Where names stand: a change of it is one side's reformatting.
  fileprivate struct Layout: Hashable {
    var beforeFirst: [UInt8] = []
    var beforeOthers: [UInt8] = [0x20]
    var hasTrailingComma = false
    var beforeClose: [UInt8] = []
  }

  private struct Name: MergeUnit {
    let text: [UInt8]
    var identity: [UInt8]? { text }
    var nearIdentity: [UInt8]? { nil }
    var role: UnitRole { .member }
    var sortKey: [UInt8] { text }
  }

  private let head: [UInt8]
  private let foot: [UInt8]
  private let names: [Name]
  private let layout: Layout

  /// Names of all three, each once; `nil` where the statements differ in more than their names on both sides, or hold
  /// what is no plain list.
  static func merged(base: [UInt8]?, ours: [UInt8], theirs: [UInt8]) -> [UInt8]? {
    guard let left = NameList(ours), let right = NameList(theirs) else { return nil }
    let known = base.flatMap(NameList.init)
    guard base == nil || known != nil else { return nil }
    guard let head = chosen(known?.head, left.head, right.head), let foot = chosen(known?.foot, left.foot, right.foot),
      let names = SequenceMerge(base: known?.names ?? [], ours: left.names, theirs: right.names)
    else { return nil }
    let layout = chosen(known?.layout, left.layout, right.layout) ?? min(left, right).layout
    let merged = names.slots.compactMap { ($0.ours ?? $0.theirs ?? $0.base)?.text }
    return head + layout.write(merged) + foot
  }

  /// Layouts that both sides changed are a matter of taste: the choice must only not depend on the side.
  private static func min(_ left: NameList, _ right: NameList) -> NameList {
    let names: [[UInt8]] = [[0x61], [0x62]]
    return right.layout.write(names).isOrdered(before: left.layout.write(names)) ? right : left
  }

  private static func chosen<Value: Hashable>(_ base: Value?, _ ours: Value, _ theirs: Value) -> Value? {
    if ours == theirs || theirs == base { return ours }
    return ours == base ? theirs : nil
  }

  private init?(_ body: [UInt8]) {
    guard let range = Self.range(in: body) else { return nil }
    head = Array(body[..<range.lowerBound])
    foot = Array(body[range.upperBound...])
    let inside = body[range]
    let comments = [UInt8(ascii: "#"), UInt8(ascii: "/")]
    guard !inside.contains(where: { comments.contains($0) || "{([])}".utf8.contains($0) }) else { return nil }

    var parts = inside.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    var layout = Layout()
    if let last = parts.last, last.isAllBlank {
      layout.beforeClose = Array(last)
      parts.removeLast()
      layout.hasTrailingComma = !parts.isEmpty
    } else if let last = parts.last {
      layout.beforeClose = Array(last.reversed().prefix(while: \.isNameBlank).reversed())
    }
    let trimmed = parts.map(\.trimmedName)
    guard !trimmed.contains([]), Set(trimmed).count == trimmed.count else { return nil }
    layout.beforeFirst = parts.first.map { Array($0.prefix(while: \.isNameBlank)) } ?? []
    layout.beforeOthers =
      if parts.count > 1 {
        Array(parts[1].prefix(while: \.isNameBlank))
      } else {
        layout.beforeFirst.contains(0x0A) ? layout.beforeFirst : [0x20]
      }
    names = trimmed.map(Name.init)
    self.layout = layout
  }

  /// Between the first bracket and the last one, or behind `import`.
  private static func range(in body: [UInt8]) -> Range<Int>? {
    if let open = body.firstIndex(where: { "{([".utf8.contains($0) }),
      let close = body.lastIndex(where: { "})]".utf8.contains($0) }), open < close
    {
      return open + 1..<close
    }
    let keyword = Array(" import".utf8)
    let start = body.indices.first { body[$0...].starts(with: keyword) }
    return start.flatMap { start in
      let names = start + keyword.count..<body.count
      return body.starts(with: "from".utf8) && names.count > 1 && body[names.lowerBound].isSpaceOrTab ? names : nil
    }
  }
}

extension NameList.Layout {
  func write(_ names: [[UInt8]]) -> [UInt8] {
    guard let first = names.first else { return beforeClose }
    var result = beforeFirst + first
    for name in names.dropFirst() { result += [UInt8(ascii: ",")] + beforeOthers + name }
    return result + (hasTrailingComma ? [UInt8(ascii: ",")] : []) + beforeClose
  }
}

extension UInt8 {
  fileprivate var isNameBlank: Bool { isSpaceOrTab || self == 0x0A || self == 0x0D }
}

extension RandomAccessCollection<UInt8> {
  fileprivate var isAllBlank: Bool { allSatisfy(\.isNameBlank) }

  /// Without blanks around it, and with single ones within.
  fileprivate var trimmedName: [UInt8] { Array(split(whereSeparator: \.isNameBlank).joined(separator: [0x20])) }
}
