/// The lines of a byte text as ranges without their line feeds; a line feed at the end opens no further line.
struct LineRanges: Sequence, IteratorProtocol {
  private let text: [UInt8]
  private var start: Int

  init(_ text: [UInt8], from start: Int = 0) {
    self.text = text
    self.start = start
  }

  mutating func next() -> Range<Int>? {
    guard start < text.count else { return nil }
    let end = text.lineEnd(from: start)
    defer { start = end + 1 }
    return start..<end
  }
}

extension [UInt8] {
  /// Where the line that holds `start` ends: its line feed, or the end of the text.
  func lineEnd(from start: Int) -> Int {
    withUnsafeBufferPointer { bytes in
      var end = start
      while end < bytes.count, bytes[end] != .lineFeed { end += 1 }
      return end
    }
  }
}

extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let colon = UInt8(ascii: ":")
  static let exclamationMark = UInt8(ascii: "!")
  static let leftParenthesis = UInt8(ascii: "(")
  static let rightParenthesis = UInt8(ascii: ")")

  var isBlank: Bool { self == .space || self == .tab }

  /// What git takes for white space: not the vertical tab and the form feed of isspace(3).
  var isGitSpace: Bool { isBlank || self == .lineFeed || self == .carriageReturn }

  var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  var asciiLowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }

  var isASCIIAlphanumeric: Bool {
    let lower = asciiLowercased
    return isASCIIDigit || lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
  }
}

extension Collection<UInt8> {
  func equalsIgnoringCase(_ text: some Collection<UInt8>) -> Bool {
    count == text.count && elementsEqual(text) { $0 == $1 || $0.asciiLowercased == $1.asciiLowercased }
  }

  func startsIgnoringCase(with prefix: some Collection<UInt8>) -> Bool {
    self.prefix(prefix.count).equalsIgnoringCase(prefix)
  }

  func equals(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { count == $0.count && elementsEqual($0) }
  }

  func starts(with text: StaticString) -> Bool { text.withUTF8Buffer { starts(with: $0) } }
}

extension Collection<UInt8> where SubSequence == ArraySlice<UInt8> {
  /// Without git's white space at the end.
  var trimmedAtEnd: ArraySlice<UInt8> {
    var end = self[...]
    while let last = end.last, last.isGitSpace { end.removeLast() }
    return end
  }

  /// Without blanks on either side.
  var trimmed: ArraySlice<UInt8> { trimmedAtEnd.drop { $0.isBlank } }
}
