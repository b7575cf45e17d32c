/// The name of a git object: 20 raw bytes (SHA-1) or 32 (SHA-256), never all zeroes; written as hexadecimal digits.
///
/// Where git writes zeroes for "no object" (a new or deleted ref in pre-push's input), we say `ObjectID?`.
public struct ObjectID: Hashable, Sendable, Comparable, CustomStringConvertible {
  // Inline words, most significant byte first: a name costs no allocation, and comparing words compares bytes.
  private var words: (UInt64, UInt64, UInt64, UInt64)
  /// 20 or 32.
  public let byteCount: Int

  /// `nil` for anything but 20 or 32 bytes that are not all zeroes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 20 || bytes.count == 32 else { return nil }
    var words: [UInt64] = [0, 0, 0, 0]
    for (index, byte) in bytes.enumerated() {
      words[index / 8] |= UInt64(byte) << UInt64(56 - index % 8 * 8)
    }
    guard words.contains(where: { $0 != 0 }) else { return nil }
    self.words = (words[0], words[1], words[2], words[3])
    byteCount = bytes.count
  }

  /// The same for bytes where they lie: trees hold hundreds of names.
  init?(raw bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 20 || bytes.count == 32, let start = bytes.baseAddress else { return nil }
    func word(_ offset: Int) -> UInt64 {
      UInt64(bigEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    if bytes.count == 32 {
      words = (word(0), word(8), word(16), word(24))
    } else {
      words = (word(0), word(8), word(12) << 32, 0)
    }
    guard words != (0, 0, 0, 0) else { return nil }
    byteCount = bytes.count
  }

  /// `nil` for abbreviations, capitals and all zeroes.
  public init?(hex: some Collection<UInt8>) {
    guard hex.count == 40 || hex.count == 64 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    var high: UInt8?
    for digit in hex {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    self.init(bytes: bytes)
  }

  public init?(hex: String) { self.init(hex: Array(hex.utf8)) }

  /// The 20 or 32 raw bytes.
  public var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(byteCount)
    for word in [words.0, words.1, words.2, words.3] {
      for shift in stride(from: 56, through: 0, by: -8) where result.count < byteCount {
        result.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return result
  }

  /// All hexadecimal digits, in lower case.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The first ten digits, for people; never to be given to git.
  public var abbreviated: String { String(description.prefix(10)) }

  public static func == (left: ObjectID, right: ObjectID) -> Bool {
    left.words == right.words && left.byteCount == right.byteCount
  }

  public static func < (left: ObjectID, right: ObjectID) -> Bool { left.words < right.words }

  public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }  // already evenly spread
}
