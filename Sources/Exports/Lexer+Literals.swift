extension Lexer {
  /// Reads the literal that begins here, in the form of the language; `nil` and nothing read where none does.
  mutating func readLiteral() -> Token.Kind? {
    switch grammar.literals {
    case .javaScript(let hasElements): readJavaScriptLiteral(hasElements: hasElements)
    case .python: readPythonLiteral()
    case .rust: readRustLiteral()
    case .swift: readSwiftLiteral()
    }
  }

  private mutating func readJavaScriptLiteral(hasElements: Bool) -> Token.Kind? {
    switch bytes[position] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      return readQuoted()
    case UInt8(ascii: "`"):
      position += 1
      frames.append(.text)
      return .opaque
    case UInt8(ascii: "/"):
      return readRegularExpression()
    case UInt8(ascii: "<") where hasElements:
      return readElementStart()
    default:
      return nil
    }
  }

  /// A prefix such as the `f` of `f"…"` is read as a word before; that a raw string's backslash hides a quote as well makes
  /// one form of them all.
  private mutating func readPythonLiteral() -> Token.Kind? {
    let quote = bytes[position]
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    let triple = [quote, quote, quote]
    guard bytes.holds(triple, at: position) else { return readQuoted() }
    position += 3
    return skip(past: triple, escapes: true) ? .string : .unclosed
  }

  private mutating func readRustLiteral() -> Token.Kind? {
    switch bytes[position] {
    case UInt8(ascii: "\""):
      position += 1
      return skip(past: [UInt8(ascii: "\"")], escapes: true) ? .string : .opaque
    case UInt8(ascii: "'"):
      return readRustCharacter()
    case UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "c"):
      return readRustRawString()
    default:
      return nil
    }
  }

  /// `'a'`, `'\n'`, `'\u{1F600}'`; a lifetime (`'a`) is none.
  private mutating func readRustCharacter() -> Token.Kind? {
    var cursor = position + 1
    if bytes.holds("\\".utf8, at: cursor) {
      cursor = bytes[cursor...].dropFirst(2).prefix(12).firstIndex(of: UInt8(ascii: "'")) ?? bytes.count
    } else {
      cursor += 1
      while cursor < bytes.count, bytes[cursor] & 0xC0 == 0x80, cursor < position + 5 { cursor += 1 }
    }
    guard bytes.holds("'".utf8, at: cursor) else { return nil }
    position = cursor + 1
    return .opaque
  }

  /// `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`.
  private mutating func readRustRawString() -> Token.Kind? {
    var cursor = position
    if bytes[cursor] != UInt8(ascii: "r") { cursor += 1 }
    guard bytes.holds("r".utf8, at: cursor) else { return nil }
    cursor += 1
    let hashes = bytes[cursor...].prefix { $0 == UInt8(ascii: "#") }
    guard bytes.holds("\"".utf8, at: cursor + hashes.count) else { return nil }
    position = cursor + hashes.count + 1
    return skip(past: [UInt8(ascii: "\"")] + hashes, escapes: false) ? .string : .opaque
  }

  /// `"…"`, `"""…"""`, and both between `#`. An interpolation may hold strings of its own.
  private mutating func readSwiftLiteral() -> Token.Kind? {
    let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }
    let quote = position + hashes.count
    guard bytes.holds("\"".utf8, at: quote) else {
      // The hashes are read here, so that a row of them is counted once.
      guard !hashes.isEmpty else { return nil }
      position = quote
      return .opaque
    }
    if bytes.holds("\"\"\"".utf8, at: quote) {
      position = quote + 3
      return skip(past: Array("\"\"\"".utf8) + hashes, escapes: hashes.isEmpty) ? .string : .opaque
    }
    guard hashes.isEmpty else {
      position = quote + 1
      return skip(past: [UInt8(ascii: "\"")] + hashes, escapes: false) ? .string : .opaque
    }
    return readSwiftLine()
  }

  /// A string on one line; `frames` holds, for each interpolation that is open, the round brackets open in it, and -1 for each
  /// string that is.
  private mutating func readSwiftLine() -> Token.Kind {
    var frames = [-1]
    let end = endOfLine(from: position)
    position += 1
    while position < end, let frame = frames.last {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        if frame < 0 { frames.removeLast() } else { frames.append(-1) }
      case .backslash where frame < 0:
        if bytes.holds("(".utf8, at: position) { frames.append(0) }
        position = min(position + 1, end)
      case UInt8(ascii: "(") where frame >= 0:
        frames[frames.count - 1] += 1
      case UInt8(ascii: ")") where frame >= 0:
        if frame == 0 { frames.removeLast() } else { frames[frames.count - 1] -= 1 }
      default: break
      }
    }
    return frames.isEmpty ? .string : .opaque
  }

  /// A string in the quote that stands here; one that its line does not close ends with the line.
  private mutating func readQuoted() -> Token.Kind {
    let quote = bytes[position]
    position += 1
    while position < bytes.count {
      switch bytes[position] {
      case quote:
        position += 1
        return .string
      case .newline:
        return .opaque
      case .backslash:
        // A line may be carried on: `\` and CRLF are three bytes.
        position += bytes.holds("\\\r\n".utf8, at: position) ? 3 : min(2, bytes.count - position)
      default:
        position += 1
      }
    }
    return .opaque
  }

  /// Moves behind the next `terminator`, or to the text's end: `false`.
  private mutating func skip(past terminator: [UInt8], escapes: Bool) -> Bool {
    while position < bytes.count {
      if bytes[position] == terminator[0], bytes.holds(terminator, at: position) {
        position += terminator.count
        return true
      }
      position += escapes && bytes[position] == .backslash ? min(2, bytes.count - position) : 1
    }
    return false
  }
}
