/// The bytes of a file with what is needed to say where in it something is.
struct SourceText {
  let bytes: [UInt8]
  /// Offsets of the first byte of each line.
  private let lines: [Int]
  /// Past a byte order mark.
  let start: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lines = [start] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }

  /// The position of a byte, or of the end.
  func position(at offset: Int) -> SourcePosition {
    var low = 0
    var high = lines.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lines[middle] <= offset { low = middle } else { high = middle }
    }
    let before = bytes[lines[low]..<max(lines[low], min(offset, bytes.count))]
    return SourcePosition(line: low + 1, column: before.count { $0 & 0xC0 != 0x80 } + 1)
  }

  /// The first byte that no UTF-8 text holds there, or a NUL, at which C libraries stop reading.
  func firstUnreadable() -> (offset: Int, isNull: Bool)? {
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar):
        if scalar.first == 0 { return (offset, true) }
        offset += scalar.count
      case .emptyInput: return nil
      case .error: return (offset, false)
      }
    }
  }
}
