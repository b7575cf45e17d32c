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
    let result = bytes.withContiguousStorageIfAvailable { ObjectID(raw: UnsafeRawBufferPointer($0)) }
    guard let id = result ?? Array(bytes).withUnsafeBytes({ ObjectID(raw: $0) }) else { return nil }
    self = id
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
    let result = hex.withContiguousStorageIfAvailable { ObjectID(digits: UnsafeRawBufferPointer($0)) }
    guard let id = result ?? Array(hex).withUnsafeBytes({ ObjectID(digits: $0) }) else { return nil }
    self = id
  }

  // Without a trip through the runtime's tables of generic code, which a hook of a millisecond would feel.
  public init?(hex: [UInt8]) {
    guard let id = hex.withUnsafeBytes({ ObjectID(digits: $0) }) else { return nil }
    self = id
  }

  public init?(hex: ArraySlice<UInt8>) {
    guard let id = hex.withUnsafeBytes({ ObjectID(digits: $0) }) else { return nil }
    self = id
  }

  public init?(hex: String) { self.init(hex: Array(hex.utf8)) }

  init?(digits: UnsafeRawBufferPointer) {
    guard digits.count == 40 || digits.count == 64 else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    guard let first = Self.word(digits, 0..<16), let second = Self.word(digits, 16..<32),
      let third = Self.word(digits, 32..<min(48, digits.count))
    else { return nil }
    words = (first, second, digits.count == 40 ? third << 32 : third, 0)
    if digits.count == 64 {
      guard let fourth = Self.word(digits, 48..<64) else { return nil }
      words.3 = fourth
    }
    guard words.0 | words.1 | words.2 | words.3 != 0 else { return nil }
    self.words = words
    byteCount = digits.count / 2
  }

  private static func word(_ digits: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64? {
    var result: UInt64 = 0
    for index in range {
      let value: UInt8
      switch digits[index] {
      case let digit where digit &- UInt8(ascii: "0") < 10: value = digit &- UInt8(ascii: "0")
      case let digit where digit &- UInt8(ascii: "a") < 6: value = digit &- UInt8(ascii: "a") &+ 10
      default: return nil
      }
      result = result << 4 | UInt64(value)
    }
    return result
  }

  /// The 20 or 32 raw bytes.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      var index = 0
      for word in [words.0, words.1, words.2, words.3] {
        for shift in stride(from: 56, through: 0, by: -8) {
          buffer[index] = UInt8(truncatingIfNeeded: word >> UInt64(shift))
          index += 1
        }
      }
      count = byteCount
    }
  }

  /// All hexadecimal digits, in lower case.
  public var description: String {
    String(unsafeUninitializedCapacity: 2 * byteCount) { buffer in
      var index = 0
      for byte in bytes {
        for value in [byte >> 4, byte & 15] {
          buffer[index] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
          index += 1
        }
      }
      return index
    }
  }

  /// The first ten digits, for people; never to be given to git.
  public var abbreviated: String { String(description.prefix(10)) }

  public static func == (left: ObjectID, right: ObjectID) -> Bool {
    left.words == right.words && left.byteCount == right.byteCount
  }

  public static func < (left: ObjectID, right: ObjectID) -> Bool { left.words < right.words }

  public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }  // already evenly spread
}
