/// Cuts source text into tokens, so that strings, templates, comments and regular expressions hide what they hold.
///
/// Total on any bytes and linear: each byte is read once, but for a regular expression that is not one, of which a line has
/// at most one.
struct Lexer {
  let bytes: [UInt8]
  let grammar: Grammar
  var position = 0
  private(set) var tokens: [Token] = []
  /// For each template that we are inside of: the curly brackets open in its `${`.
  private var templates: [Int] = []
  /// The line on which a `/` turned out to open no regular expression ends here.
  private var divisionUntil = 0

  static func tokens(of bytes: [UInt8], _ grammar: Grammar) -> [Token] {
    var lexer = Lexer(bytes: bytes, grammar: grammar)
    if bytes.starts(with: byteOrderMark) { lexer.position = byteOrderMark.count }
    while lexer.position < bytes.count { lexer.readToken() }
    return lexer.tokens
  }

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private init(bytes: [UInt8], grammar: Grammar) {
    self.bytes = bytes
    self.grammar = grammar
  }

  private mutating func readToken() {
    let byte = bytes[position]
    let start = position
    if byte.isBlank {
      position += 1
    } else if byte == .newline {
      position += 1
      append(.newline, from: start)
    } else if bytes.holds(grammar.lineComment, at: position) {
      position = endOfLine(from: position)
      append(.lineComment, from: start)
    } else if grammar.blockComments != .none, bytes.holds("/*".utf8, at: position) {
      let isClosed = skipBlockComment()
      append(isClosed ? .blockComment : .opaque, from: start)
    } else if let kind = readLiteral() {
      append(kind, from: start)
    } else if byte.isWord {
      while position < bytes.count, bytes[position].isWord { position += 1 }
      append(.word, from: start)
    } else {
      readMark(byte)
    }
  }

  private mutating func append(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, range: start..<position))
  }

  private mutating func readMark(_ byte: UInt8) {
    let start = position
    position += 1
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
      if byte == UInt8(ascii: "{"), let last = templates.indices.last { templates[last] += 1 }
      append(.open, from: start)
    case UInt8(ascii: ")"), UInt8(ascii: "]"):
      append(.close, from: start)
    case UInt8(ascii: "}"):
      append(.close, from: start)
      closeCurly()
    case .backslash where grammar.joinsLines:
      if bytes.holds("\r\n".utf8, at: position) {
        position += 2
      } else if bytes.holds("\n".utf8, at: position) {
        position += 1
      }
    default:
      append(.mark, from: start)
    }
  }

  /// A curly bracket that closes a template's `${` leads back into its text.
  private mutating func closeCurly() {
    guard let open = templates.last else { return }
    if open > 0 {
      templates[templates.count - 1] -= 1
    } else {
      templates.removeLast()
      readTemplateText()
    }
  }

  /// `false` where it runs to the text's end.
  private mutating func skipBlockComment() -> Bool {
    var depth = 1
    position += 2
    while position < bytes.count, depth > 0 {
      if bytes.holds("*/".utf8, at: position) {
        depth -= 1
        position += 2
      } else if grammar.blockComments == .nested, bytes.holds("/*".utf8, at: position) {
        depth += 1
        position += 2
      } else {
        position += 1
      }
    }
    return depth == 0
  }

  /// The position of the line's end, or of the text's.
  func endOfLine(from position: Int) -> Int {
    guard let end = bytes[position...].firstIndex(of: .newline) else { return bytes.count }
    return end > position && bytes[end - 1] == .carriageReturn ? end - 1 : end
  }
}

// MARK: - JavaScript

extension Lexer {
  /// From behind the opening quote or a closing `}` to the closing quote or the next `${`.
  mutating func readTemplateText() {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "`") {
        position += 1
        return append(.opaque, from: start)
      }
      if bytes.holds("${".utf8, at: position) {
        append(.opaque, from: start)
        position += 2
        tokens.append(Token(kind: .open, range: position - 2..<position))
        templates.append(0)
        return
      }
      position += byte == .backslash ? min(2, bytes.count - position) : 1
    }
    append(.opaque, from: start)
  }

  /// Reads `/…/flags` where a value may stand, else nothing. It ends on its line.
  mutating func readRegularExpression() -> Token.Kind? {
    guard position >= divisionUntil, !lastTokenIsOperand else { return nil }
    let end = endOfLine(from: position)
    var cursor = position + 1
    var isInClass = false
    while cursor < end {
      switch bytes[cursor] {
      case .backslash: cursor += 1
      case UInt8(ascii: "["): isInClass = true
      case UInt8(ascii: "]"): isInClass = false
      case UInt8(ascii: "/") where !isInClass:
        position = cursor + 1
        while position < bytes.count, bytes[position].isWord { position += 1 }
        return .opaque
      default: break
      }
      cursor += 1
    }
    divisionUntil = end
    return nil
  }

  /// Whether a `/` here divides.
  private var lastTokenIsOperand: Bool {
    guard let last = tokens.last(where: { $0.kind != .newline && $0.kind != .blockComment && $0.kind != .lineComment })
    else { return false }
    switch last.kind {
    case .word: return !Lexer.wordsBeforeValues.contains(Array(bytes[last.range]))
    case .string, .opaque: return true
    case .close: return bytes[last.range.lowerBound] != UInt8(ascii: "}")
    default: return false
    }
  }

  private static let wordsBeforeValues = Set(
    "return typeof case in of delete void throw new do else await yield default".split(separator: " ").map {
      Array($0.utf8)
    })
}
