/// The settings in the bytes of a configuration file; see "Syntax" in git-config(1).
///
/// Says `nil` to everything that it does not know to the last bit, for git to read: damage, includes, NULs, and a tab
/// within a value, which became a space before git 2.45.
struct ConfigurationText {
  private(set) var settings: [(key: String, value: String?)] = []
  private let bytes: [UInt8]
  private var position = 0
  /// `section.` or `section.subsection.`; `nil` before the first header.
  private var prefix: [UInt8]?

  static func settings(in bytes: [UInt8]) -> [(key: String, value: String?)]? {
    var text = ConfigurationText(bytes)
    return text.read() ? text.settings : nil
  }

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private mutating func read() -> Bool {
    while let byte = next() {
      switch byte {
      case 0: return false
      case _ where byte.isConfigurationSpace: continue
      case UInt8(ascii: "#"), UInt8(ascii: ";"): skipLine()
      case UInt8(ascii: "["): guard readHeader() else { return false }
      default: guard readSetting(startingWith: byte) else { return false }
      }
    }
    return true
  }

  /// A line feed ends a line, with a carriage return before it or without; so does the end of the file.
  private mutating func next() -> UInt8? {
    guard position < bytes.count else { return nil }
    if bytes[position] == UInt8(ascii: "\r"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n") {
      position += 1
    }
    position += 1
    return bytes[position - 1]
  }

  private mutating func skipLine() {
    while let byte = next(), byte != UInt8(ascii: "\n") {}
  }

  /// What follows `[`: `section]`, `section "subsection"]`, or `section.subsection]` of old.
  private mutating func readHeader() -> Bool {
    var name: [UInt8] = []
    while let byte = next() {
      switch byte {
      case UInt8(ascii: "]"):
        prefix = name + [UInt8(ascii: ".")]
        return !name.isEmpty
      case UInt8(ascii: " "), UInt8(ascii: "\t"): return readSubsection(of: name)
      case _ where byte.isNameByte || byte == UInt8(ascii: "."): name.append(byte.asciiLowercased)
      default: return false
      }
    }
    return false
  }

  private mutating func readSubsection(of section: [UInt8]) -> Bool {
    var byte = next()
    while byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { byte = next() }
    guard byte == UInt8(ascii: "\""), !section.isEmpty else { return false }
    var name = section + [UInt8(ascii: ".")]
    while let byte = next(), byte != UInt8(ascii: "\n"), byte != 0 {
      switch byte {
      case UInt8(ascii: "\""):
        prefix = name + [UInt8(ascii: ".")]
        return next() == UInt8(ascii: "]")
      case UInt8(ascii: "\\"):
        guard let escaped = next(), escaped != UInt8(ascii: "\n"), escaped != 0 else { return false }
        name.append(escaped)
      default: name.append(byte)
      }
    }
    return false
  }

  private mutating func readSetting(startingWith first: UInt8) -> Bool {
    guard var key = prefix, first.isAsciiLetter else { return false }
    key.append(first.asciiLowercased)
    var byte = next()
    while let current = byte, current.isNameByte {
      key.append(current.asciiLowercased)
      byte = next()
    }
    while byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { byte = next() }
    var value: [UInt8]?
    if let byte, byte != UInt8(ascii: "\n") {
      guard byte == UInt8(ascii: "="), let read = readValue() else { return false }
      value = read
    }
    guard !key.starts(with: "include.".utf8), !key.starts(with: "includeif.".utf8) else { return false }
    settings.append((String(decoding: key, as: UTF8.self), value.map { String(decoding: $0, as: UTF8.self) }))
    return true
  }

  /// To the end of the line: without blanks around it, quotes and comments; `nil` for what is no value.
  private mutating func readValue() -> [UInt8]? {
    var value: [UInt8] = []
    var spaces = 0
    var isQuoted = false
    while let byte = next(), byte != UInt8(ascii: "\n") {
      if !isQuoted {
        if byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";") {
          skipLine()
          return value
        }
        if byte.isConfigurationSpace {
          if !value.isEmpty { spaces += byte == UInt8(ascii: " ") ? 1 : 1 << 32 }
          continue
        }
      }
      guard byte != 0, spaces < 1 << 32 else { return nil }
      value += repeatElement(UInt8(ascii: " "), count: spaces)
      spaces = 0
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "\\"):
        guard let escaped = escape() else { return nil }
        value += escaped
      default: value.append(byte)
      }
    }
    return isQuoted ? nil : value
  }

  /// What a backslash and the byte after it stand for; nothing where the line goes on.
  private mutating func escape() -> [UInt8]? {
    switch next() {
    case UInt8(ascii: "\n"): []
    case UInt8(ascii: "t"): [UInt8(ascii: "\t")]
    case UInt8(ascii: "b"): [0x08]
    case UInt8(ascii: "n"): [UInt8(ascii: "\n")]
    case UInt8(ascii: "\""): [UInt8(ascii: "\"")]
    case UInt8(ascii: "\\"): [UInt8(ascii: "\\")]
    default: nil
    }
  }
}

extension UInt8 {
  fileprivate var isAsciiLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
  fileprivate var isNameByte: Bool {
    isAsciiLetter || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: "-")
  }
  fileprivate var asciiLowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
  /// As git's own table has it: no vertical tab, no form feed.
  fileprivate var isConfigurationSpace: Bool {
    self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r")
  }
}
