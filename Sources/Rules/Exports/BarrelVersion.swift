import Exports

/// A barrel on one side of a change, with what the rules look up in it.
struct BarrelVersion {
  let barrel: Barrel
  let ownership: Ownership
  /// Its lines without line ends.
  let lines: [[UInt8]]
  /// Where each live statement first stands, by index of item.
  let live: [ExportStatement.Identity: Int]
  let stubs: Set<ExportStatement.Identity>
  /// Each item's text, as lines without line ends.
  let texts: [[[UInt8]]]
  private let indices: [[[UInt8]]: [Int]]

  init(_ bytes: [UInt8], language: Language, streams: [StreamNames]) {
    let barrel = Barrel(bytes, language: language)
    self.barrel = barrel
    ownership = Ownership(of: barrel, among: streams)
    lines = Self.lines(of: bytes)
    let statements = barrel.items.enumerated().compactMap { index, item in
      item.liveStatement.map { ($0.identity, index) }
    }
    live = Dictionary(statements) { first, _ in first }
    stubs = Set(barrel.items.compactMap { $0.stub?.statement.identity })
    texts = barrel.items.map { Self.lines(of: barrel.bytes(of: $0)) }
    indices = Dictionary(grouping: texts.indices) { [texts] in texts[$0] }
  }

  /// A carriage return before the line end belongs to it; a final newline ends the last line and begins none.
  static func lines(of bytes: some BidirectionalCollection<UInt8>) -> [[UInt8]] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { Array($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0) }
  }

  /// Where an item of this text stands, in order.
  func indices(of text: [[UInt8]]) -> [Int] { indices[text] ?? [] }

  func contains(_ text: [[UInt8]]) -> Bool { indices[text] != nil }

  func position(of index: Int) -> (line: Int, column: Int) { barrel.position(of: barrel.items[index]) }

  /// The line, from 1, at which an item of another version would stand here: as far behind the nearest one above it that is here.
  func line(for index: Int, of other: BarrelVersion) -> Int {
    for above in (0..<index).reversed() where other.barrel.items[above].content != .blank {
      guard let here = indices(of: other.texts[above]).first else { continue }
      let distance = other.barrel.items[index].lines.lowerBound - other.barrel.items[above].lines.upperBound
      return min(barrel.items[here].lines.upperBound + distance, max(1, lines.count))
    }
    return min(other.barrel.items[index].lines.lowerBound, max(1, lines.count))
  }
}
