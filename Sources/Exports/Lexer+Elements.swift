/// JSX; see its specification, facebook.github.io/jsx. Elements are text to us, but for the code that stands in their `{}`.
extension Lexer {
  /// How far behind `<T>(` its end tag is looked for.
  private static let endTagDistance = 1 << 14

  /// Takes the `<` of an element where a value may stand; `nil` and nothing taken where it compares or opens type parameters.
  mutating func readElementStart() -> Token.Kind? {
    guard !lastTokenIsOperand, beginsElement() else { return nil }
    frames.append(.tag(angles: 0, isClosing: false))
    position += 1
    return .opaque
  }

  /// `<>`, `<a`, but neither `<T,>` nor `<T extends`, nor `<T>(` unless an end tag follows. See the TypeScript handbook, "JSX".
  private mutating func beginsElement() -> Bool {
    var cursor = position + 1
    if bytes.holds(">".utf8, at: cursor) { return true }
    guard cursor < bytes.count, bytes[cursor].isWord, !bytes[cursor].isDigit else { return false }
    let name = bytes[cursor...].prefix { $0.isWord || ".:-".utf8.contains($0) }
    cursor = name.endIndex
    while cursor < bytes.count, bytes[cursor].isBlank || bytes[cursor] == .newline { cursor += 1 }
    guard cursor < bytes.count else { return false }
    if bytes[cursor] == UInt8(ascii: ",") || bytes[cursor] == UInt8(ascii: "=") { return false }
    let word = bytes[cursor...].prefix(while: \.isWord)
    if word.elementsEqual("extends".utf8), !bytes.holds("=".utf8, at: word.endIndex) { return false }
    guard bytes.holds(">(".utf8, at: cursor) else { return true }
    let end = Array("</".utf8) + name
    // Each byte is looked at once for a name, however often that is opened.
    let last = min(bytes.count, cursor + Self.endTagDistance)
    let first = max(cursor, missingEndTags[end] ?? 0)
    if first < last, (first..<last).contains(where: { bytes[$0] == end[0] && bytes.holds(end, at: $0) }) { return true }
    missingEndTags[end] = max(first, last)
    return false
  }

  /// One step within `<…>`.
  mutating func readTag() {
    guard case .tag(let angles, let isClosing) = frames.last else { return }
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "{"):
      open(.container(curlies: 0), length: 1)
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      let end = bytes[(position + 1)...].firstIndex(of: byte)
      position = end.map { $0 + 1 } ?? bytes.count
    case UInt8(ascii: "/") where bytes.holds("/*".utf8, at: position):
      position =
        bytes[position...].indices.dropFirst(2).first { bytes.holds("*/".utf8, at: $0) }.map { $0 + 2 } ?? bytes.count
    case UInt8(ascii: "/") where bytes.holds("//".utf8, at: position):
      position = endOfLine(from: position)
    case UInt8(ascii: "/") where bytes.holds("/>".utf8, at: position) && !isClosing && angles == 0:
      frames.removeLast()
      position += 2
      append(.opaque, from: position - 2)
    case UInt8(ascii: "<"):
      setTag(angles: angles + 1, isClosing)
    case UInt8(ascii: ">") where angles > 0:
      setTag(angles: angles - 1, isClosing)
    case UInt8(ascii: ">"):
      endTag(isClosing)
    default:
      position += 1
    }
  }

  private mutating func setTag(angles: Int, _ isClosing: Bool) {
    frames[frames.count - 1] = .tag(angles: angles, isClosing: isClosing)
    position += 1
  }

  private mutating func endTag(_ isClosing: Bool) {
    position += 1
    frames.removeLast()
    guard isClosing else { return frames.append(.children) }
    if case .children = frames.last { frames.removeLast() }
    append(.opaque, from: position - 1)
  }

  /// Text up to a tag or a `{`, and that.
  mutating func readChildren() {
    let end = bytes[position...].firstIndex { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "{") }
    position = end ?? bytes.count
    guard position < bytes.count else { return }
    if bytes[position] == UInt8(ascii: "{") { return open(.container(curlies: 0), length: 1) }
    let isClosing = bytes.holds("</".utf8, at: position)
    frames.append(.tag(angles: 0, isClosing: isClosing))
    position += isClosing ? 2 : 1
  }
}
