/// Cuts source text into tokens, so that strings, templates, comments and regular expressions hide what they hold.
///
/// Total on any bytes and linear: each byte is read once, but for a regular expression that is not one, of which a line has
/// at most one.
struct Lexer {
  let bytes: [UInt8]
  let grammar: Grammar
  var position = 0
  private(set) var tokens: [Token] = []
  /// What we are inside of, innermost last.
  var frames: [Frame] = []
  /// For each bracket that is open: whether it closes an operand, behind which a `/` divides.
  private var operands: [Bool] = []
  private var lastCloseIsOperand = false
  /// The line on which a `/` turned out to open no regular expression ends here.
  private var divisionUntil = 0
  /// How far an end tag was looked for in vain, by what it would be.
  var missingEndTags: [[UInt8]: Int] = [:]

  /// Text in which other rules hold.
  enum Frame {
    /// Between the back quotes of a template.
    case text
    /// Code between `${` and `}` of a template, with the curly brackets that are open in it.
    case template(curlies: Int)
    /// Code between `{` and `}` of an element, likewise.
    case container(curlies: Int)
    /// Between `<` and `>` of an element, with the angle brackets that are open in it.
    case tag(angles: Int, isClosing: Bool)
    /// Between an element's tags.
    case children
  }

  static func tokens(of bytes: [UInt8], _ grammar: Grammar) -> [Token] {
    var lexer = Lexer(bytes: bytes, grammar: grammar)
    if bytes.starts(with: byteOrderMark) { lexer.position = byteOrderMark.count }
    while lexer.position < bytes.count { lexer.readPiece() }
    // A template or an element that nothing closes: what was taken for its text may have been code.
    if !lexer.frames.isEmpty { lexer.tokens.append(Token(kind: .unclosed, range: bytes.count..<bytes.count)) }
    return lexer.tokens
  }

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private init(bytes: [UInt8], grammar: Grammar) {
    self.bytes = bytes
    self.grammar = grammar
  }

  private mutating func readPiece() {
    switch frames.last {
    case .text: readTemplateText()
    case .tag: readTag()
    case .children: readChildren()
    case .template, .container, nil: readToken()
    }
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
      append(isClosed ? .blockComment : .unclosed, from: start)
    } else if let kind = readLiteral() {
      append(kind, from: start)
    } else if let length = wideBlank(at: position) {
      position += length
    } else if byte.isWord {
      while position < bytes.count, bytes[position].isWord, wideBlank(at: position) == nil { position += 1 }
      append(.word, from: start)
    } else {
      readMark(byte)
    }
  }

  /// The length of a blank beyond ASCII, as editors and web pages leave it between words; see ECMA-262, "White Space" and "Line
  /// Terminators". Rust has some of them, Python and Swift none: there they are faults, and no part of a name either.
  private func wideBlank(at position: Int) -> Int? {
    guard bytes[position] >= 0xC2 else { return nil }
    return Self.wideBlanks.first { bytes.holds($0, at: position) }?.count
  }

  private static let wideBlanks: [[UInt8]] =
    ([0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF] + Array(0x2000...0x200A)).map {
      Array(String(Unicode.Scalar($0 as UInt16)!).utf8)  // none is a surrogate
    }

  mutating func append(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, range: start..<position))
  }

  private mutating func readMark(_ byte: UInt8) {
    let start = position
    position += 1
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
      operands.append(opensOperand(byte))
      if byte == UInt8(ascii: "{") { countCurly(1) }
      append(.open, from: start)
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      lastCloseIsOperand = operands.popLast() ?? (byte != UInt8(ascii: "}"))
      append(.close, from: start)
      if byte == UInt8(ascii: "}") { closeCurly() }
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

  /// Counts a curly bracket in the code that stands in a template or an element.
  private mutating func countCurly(_ change: Int) {
    switch frames.popLast() {
    case .template(let curlies): frames.append(.template(curlies: curlies + change))
    case .container(let curlies): frames.append(.container(curlies: curlies + change))
    case let other?: frames.append(other)
    case nil: break
    }
  }

  /// A curly bracket that closes a template's `${` or an element's `{` leads back into its text.
  private mutating func closeCurly() {
    switch frames.last {
    case .template(curlies: 0), .container(curlies: 0): frames.removeLast()
    default:
      countCurly(-1)
    }
  }

  /// Opens the `${` of a template or the `{` of an element, which stands at `position`.
  mutating func open(_ frame: Frame, length: Int) {
    tokens.append(Token(kind: .open, range: position..<position + length))
    operands.append(true)
    frames.append(frame)
    position += length
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
  /// To the closing quote or the next `${`.
  private mutating func readTemplateText() {
    let start = position
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "`") {
        position += 1
        frames.removeLast()
        return append(.opaque, from: start)
      }
      if bytes.holds("${".utf8, at: position) {
        append(.opaque, from: start)
        return open(.template(curlies: 0), length: 2)
      }
      position += bytes[position] == .backslash ? min(2, bytes.count - position) : 1
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

  /// Whether a `/` here divides, and a `<` compares.
  var lastTokenIsOperand: Bool {
    guard let index = tokens.lastIndex(where: \.isCode) else { return false }
    let last = tokens[index]
    switch last.kind {
    case .word:
      return !Lexer.wordsBeforeValues.contains(Array(bytes[last.range])) || isMark(".", before: index)
    case .string, .opaque, .unclosed: return true
    case .close: return lastCloseIsOperand
    case .mark: return isPostfix(at: index)
    case .open, .newline, .lineComment, .blockComment: return false
    }
  }

  /// Whether the mark is the end of `x++`, `x--` or TypeScript's `x!`.
  private func isPostfix(at index: Int) -> Bool {
    let byte = bytes[tokens[index].range.lowerBound]
    var operand = index - 1
    if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
      guard index > 0, bytes[tokens[index - 1].range.lowerBound] == byte, isJoined(index) else { return false }
      operand -= 1
    } else if byte != UInt8(ascii: "!") {
      return false
    }
    guard operand >= 0, isJoined(operand + 1) else { return false }
    switch tokens[operand].kind {
    case .word: return !Lexer.wordsBeforeValues.contains(Array(bytes[tokens[operand].range]))
    case .close: return bytes[tokens[operand].range.lowerBound] != UInt8(ascii: "}")
    default: return false
    }
  }

  /// Whether a token begins where the one before ends.
  private func isJoined(_ index: Int) -> Bool {
    tokens[index].range.lowerBound == tokens[index - 1].range.upperBound
  }

  private func isMark(_ mark: Unicode.Scalar, before index: Int) -> Bool {
    guard let previous = tokens[..<index].lastIndex(where: \.isCode), tokens[previous].kind == .mark else {
      return false
    }
    return bytes[tokens[previous].range.lowerBound] == UInt8(ascii: mark)
  }

  /// Whether the bracket that stands here will close an operand: `(a) / 2`, `[a] / 2`, `x = {} / 2`; not the head of a
  /// statement, `if (a) /b/.test(c)`, nor a block.
  private func opensOperand(_ bracket: UInt8) -> Bool {
    guard let index = tokens.lastIndex(where: \.isCode) else { return bracket != UInt8(ascii: "{") }
    let last = tokens[index]
    let text = bytes[last.range]
    switch bracket {
    case UInt8(ascii: "("):
      guard last.kind == .word, Lexer.wordsBeforeHeads.contains(Array(text)) else { return true }
      return isMark(".", before: index)
    case UInt8(ascii: "{"):
      switch last.kind {
      case .word: return Lexer.wordsBeforeObjects.contains(Array(text)) && !isMark(".", before: index)
      case .mark: return !";>.@#\\".utf8.contains(text.first ?? 0)
      case .open: return text.first != UInt8(ascii: "{")
      default: return false
      }
    default: return true
    }
  }

  private static func words(_ list: String) -> Set<[UInt8]> { Grammar.words(list) }
  private static let wordsBeforeObjects = words("return typeof case in of delete void throw new await yield default")
  private static let wordsBeforeValues = wordsBeforeObjects.union(words("do else"))
  private static let wordsBeforeHeads = words("if while for with")
}
