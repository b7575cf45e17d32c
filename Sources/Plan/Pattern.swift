/// A glob over paths within the repository, matched bytewise.
///
/// `*` and `?` stay within a path component, `**` as a whole component stands for any number of them, `[a-z]` and
/// `[!a-z]` are sets, `{a,b}` alternatives, `\` takes the next byte as it is; a pattern that ends in `/` means all below
/// it. See gitignore(5), from which this differs in one thing: a pattern is always anchored at the top.
public struct Pattern: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  public let text: String

  public init(_ text: String) { self.text = text }
  public init(stringLiteral text: String) { self.text = text }
  public var description: String { text }

  /// Bytewise: two spellings of é are two paths.
  public static func == (left: Pattern, right: Pattern) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  public func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }

  /// The pattern of just this path. In one that is not UTF-8, as text has to be, `?` stands for each byte beyond ASCII.
  public init(literal path: [UInt8]) {
    var bytes: [UInt8] = []
    for byte in path {
      if Self.special.contains(byte) || (byte == UInt8(ascii: "!") && bytes.isEmpty) { bytes.append(.backslash) }
      bytes.append(byte)
    }
    text =
      String(validating: bytes, as: UTF8.self)
      ?? String(decoding: bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }

  /// The path that is the only one to match; `nil` for a pattern with wildcards.
  public var literalPath: [UInt8]? {
    guard text.utf8.last != .slash else { return nil }
    var path: [UInt8] = []
    var isEscaped = false
    for byte in text.utf8 {
      if !isEscaped, byte == .backslash {
        isEscaped = true
      } else if !isEscaped, Self.special.contains(byte) {
        return nil
      } else {
        path.append(byte)
        isEscaped = false
      }
    }
    return isEscaped ? nil : path
  }

  private static let special = Array(#"*?[]{},\"#.utf8)

  /// Compiles for one question; `CompiledPattern` for many. A pattern with a fault matches nothing.
  public func matches(_ path: [UInt8]) -> Bool { CompiledPattern(self).matches(path) }
}

extension UInt8 {
  static let slash = UInt8(ascii: "/")
  static let backslash = UInt8(ascii: "\\")
}
