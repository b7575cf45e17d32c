/// How the bytes of a message stand for characters: the `encoding` header of a commit, or `i18n.commitEncoding`.
///
/// All that is looked for in a message is ASCII, so its bytes are judged as they are; only lengths, columns and what is
/// shown need the encoding.
public enum MessageEncoding: Hashable, Sendable {
  case utf8
  case latin1
  case windows1252
  /// Bytes from 0x80 on are shown as U+FFFD.
  case unknown

  /// A commit without the header is UTF-8. Names are compared as iconv(1) does: case and punctuation do not count.
  public init(name: [UInt8]) {
    let plain = name.filter(\.isASCIIAlphanumeric).map(\.asciiLowercased)
    self =
      switch String(decoding: plain, as: UTF8.self) {
      case "", "utf8", "ascii", "usascii": .utf8
      case "iso88591", "latin1", "l1": .latin1
      case "windows1252", "cp1252", "win1252": .windows1252
      default: .unknown
      }
  }

  public func decoded(_ bytes: some Collection<UInt8>) -> String {
    if self == .utf8 { return String(decoding: bytes, as: UTF8.self) }
    var scalars = String.UnicodeScalarView()
    for byte in bytes { scalars.append(scalar(for: byte)) }
    return String(scalars)
  }

  /// Whether every byte stands for a character.
  func explains(_ bytes: [UInt8]) -> Bool {
    switch self {
    case .utf8: bytes.isValidUTF8
    case .latin1: true
    case .windows1252: !bytes.contains { $0 & 0xE0 == 0x80 && scalar(for: $0) == "\u{FFFD}" }
    case .unknown: !bytes.contains { $0 >= 0x80 }
    }
  }

  /// Characters in `bytes`; `nil` where the encoding is not known and not all of them are ASCII.
  func length(of bytes: some Collection<UInt8>) -> Int? {
    switch self {
    case .utf8: bytes.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    case .latin1, .windows1252: bytes.count
    case .unknown: bytes.contains { $0 >= 0x80 } ? nil : bytes.count
    }
  }

  private func scalar(for byte: UInt8) -> Unicode.Scalar {
    switch self {
    case .windows1252 where byte & 0xE0 == 0x80: windowsScalars[Int(byte & 0x1F)]
    case .unknown where byte >= 0x80: "\u{FFFD}"
    default: Unicode.Scalar(byte)
    }
  }
}

extension [UInt8] {
  fileprivate var isValidUTF8: Bool {
    var decoder = UTF8()
    var iterator = makeIterator()
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue: continue
      case .emptyInput: return true
      case .error: return false
      }
    }
  }
}

/// 0x80 to 0x9F, where Windows-1252 differs from ISO-8859-1; U+FFFD where it assigns nothing.
private let windowsScalars = Array(
  "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ".unicodeScalars)
