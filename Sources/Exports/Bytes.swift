extension UInt8 {
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let backslash = UInt8(ascii: "\\")

  /// Blank within a line: space, tab, and what old tools leave (carriage return, vertical tab, form feed).
  var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0B || self == 0x0C }

  var isLetter: Bool { (0x61...0x7A).contains(lowercased) }
  var isDigit: Bool { (0x30...0x39).contains(self) }

  /// Part of a name in every language here; bytes above ASCII count, as letters of UTF-8 do.
  var isWord: Bool { isLetter || isDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "$") || self >= 0x80 }

  /// ASCII only.
  var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

extension RandomAccessCollection where Element == UInt8, Index == Int {
  /// Whether `other` stands at `position`.
  func holds(_ other: some Collection<UInt8>, at position: Int) -> Bool {
    position >= startIndex && endIndex - position >= other.count && self[position...].starts(with: other)
  }

  /// Without blanks and line ends around.
  var trimmed: SubSequence {
    var slice = self[...]
    while let first = slice.first, first.isBlank || first == .newline { slice = slice.dropFirst() }
    while let last = slice.last, last.isBlank || last == .newline { slice = slice.dropLast() }
    return slice
  }
}

extension Collection<UInt8> {
  /// For showing: what is not UTF-8 is replaced.
  public var shown: String { String(decoding: self, as: UTF8.self) }
}

/// Bytes in a set or dictionary, hashed in one go and not byte by byte.
public struct ByteKey: Hashable, Sendable {
  public let bytes: [UInt8]

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
}
