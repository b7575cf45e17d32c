import Exports

/// A barrel on one side of a change, with what the rules look up in it, found when one does: of most changes little is asked.
final class BarrelVersion {
  let barrel: Barrel
  let ownership: Ownership
  /// Its lines without line ends.
  private(set) lazy var lines = Self.lines(of: barrel.bytes)
  /// Where each live statement first stands, by index of item.
  private(set) lazy var live: [ExportStatement.Identity: Int] = {
    var result: [ExportStatement.Identity: Int] = [:]
    result.reserveCapacity(barrel.items.count)
    for (index, item) in barrel.items.enumerated() {
      if let identity = item.liveStatement?.identity, result[identity] == nil { result[identity] = index }
    }
    return result
  }()
  /// Items by what their texts have in common when they are equal.
  private lazy var places = Dictionary(grouping: barrel.items.indices) { mark(of: barrel.bytes(of: barrel.items[$0])) }

  convenience init(_ bytes: [UInt8], language: Language, streams: [StreamNames]) {
    self.init(Barrel(bytes, language: language), streams: streams)
  }

  init(_ barrel: Barrel, streams: [StreamNames]) {
    self.barrel = barrel
    ownership = Ownership(of: barrel, among: streams)
  }

  /// A carriage return before the line end belongs to it; a final newline ends the last line and begins none.
  static func lines(of bytes: some BidirectionalCollection<UInt8>) -> [[UInt8]] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { Array($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0) }
  }

  /// An item's text, as lines without line ends.
  func text(_ index: Int) -> [[UInt8]] { Self.lines(of: barrel.bytes(of: barrel.items[index])) }

  /// Whether an item is that of another version, line ends aside.
  func isSame(_ index: Int, as otherIndex: Int, of other: BarrelVersion) -> Bool {
    let bytes = barrel.bytes(of: barrel.items[index])
    return bytes == other.barrel.bytes(of: other.barrel.items[otherIndex]) || text(index) == other.text(otherIndex)
  }

  /// Where an item of another version stands, in order.
  func indices(of index: Int, of other: BarrelVersion) -> [Int] {
    let candidates = places[mark(of: other.barrel.bytes(of: other.barrel.items[index]))] ?? []
    return candidates.filter { isSame($0, as: index, of: other) }
  }

  func contains(_ index: Int, of other: BarrelVersion) -> Bool { !indices(of: index, of: other).isEmpty }

  func position(of index: Int) -> (line: Int, column: Int) { barrel.position(of: barrel.items[index]) }

  /// The line, from 1, at which an item of another version would stand here: as far behind the nearest one above it that is here.
  func line(for index: Int, of other: BarrelVersion) -> Int {
    for above in (0..<index).reversed() where other.barrel.items[above].content != .blank {
      guard let here = indices(of: above, of: other).first else { continue }
      let distance = other.barrel.items[index].lines.lowerBound - other.barrel.items[above].lines.upperBound
      return min(barrel.items[here].lines.upperBound + distance, max(1, lines.count))
    }
    return min(other.barrel.items[index].lines.lowerBound, max(1, lines.count))
  }
}

/// The same for texts that differ in their line ends at most (FNV-1a).
private func mark(of text: ArraySlice<UInt8>) -> UInt64 {
  text.withUnsafeBufferPointer { bytes in
    var mark: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes where byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r") {
      mark = (mark ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return mark
  }
}
