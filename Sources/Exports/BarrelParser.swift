/// Cuts a file into a barrel's items: at the top level, at the start of each line and behind a `;`, it asks what stands there.
struct BarrelParser {
  let bytes: [UInt8]
  let grammar: Grammar
  let tokens: [Token]
  private var index = 0
  /// Where the item at hand begins: behind the one before.
  private var start = 0
  private var line = 1
  private var items: [Barrel.Item] = []

  static func items(of bytes: [UInt8], _ grammar: Grammar) -> [Barrel.Item] {
    var parser = BarrelParser(bytes: bytes, grammar: grammar)
    while parser.index < parser.tokens.count { parser.readItem() }
    // Blanks without a line end, or a byte order mark alone, are in no token.
    if parser.start < bytes.count { parser.append(.blank, to: bytes.count) }
    return parser.items
  }

  private init(bytes: [UInt8], grammar: Grammar) {
    self.bytes = bytes
    self.grammar = grammar
    tokens = Lexer.tokens(of: bytes, grammar)
  }

  private mutating func readItem() {
    switch tokens[index].kind {
    case .newline:
      index += 1
      append(.blank, to: tokens[index - 1].range.upperBound)
    case .lineComment, .blockComment:
      readComments()
    default:
      if !readStatement() { readOther() }
    }
  }

  private mutating func append(_ content: Barrel.Item.Content, to end: Int, trailingComment: Range<Int>? = nil) {
    guard end > start else { return }
    let newlines = bytes[start..<end].count { $0 == .newline }
    let last = line + newlines - (bytes[end - 1] == .newline ? 1 : 0)
    items.append(.init(content: content, range: start..<end, lines: line...last, trailingComment: trailingComment))
    start = end
    line += newlines
  }

  /// The end of an item whose last token is the one before `index`: with the line end that follows, and at the file's end with
  /// the blanks that do.
  private mutating func endOfLine() -> Int {
    if index == tokens.count { return bytes.count }
    if tokens[index].kind == .newline { index += 1 }
    return tokens[index - 1].range.upperBound
  }
}

// MARK: - Code

extension BarrelParser {
  private mutating func readStatement() -> Bool {
    guard beginsStatement(at: tokens[index].range.lowerBound) else { return false }
    var cursor = TokenCursor(bytes: bytes, tokens: tokens, index: index)
    guard let statement = grammar.read(&cursor) else { return false }
    guard let end = StatementEnd(after: cursor, allowsMore: !grammar.startsInFirstColumn) else { return false }
    index = end.index
    let isLineDone = index == tokens.count || tokens[index].kind == .newline
    append(
      .statement(statement), to: isLineDone ? endOfLine() : tokens[index - 1].range.upperBound,
      trailingComment: end.trailingComment)
    return true
  }

  private func beginsStatement(at position: Int) -> Bool {
    guard grammar.startsInFirstColumn else { return true }
    return position == 0 || bytes[position - 1] == .newline || position == 3 && bytes.starts(with: Lexer.byteOrderMark)
  }

  /// To the first line end outside brackets, or to a `;` there with code behind it.
  private mutating func readOther() {
    var depth = 0
    while index < tokens.count {
      let token = tokens[index]
      switch token.kind {
      case .open: depth += 1
      case .close: depth = max(0, depth - 1)
      case .newline where depth == 0: return append(.other, to: endOfLine())
      default: break
      }
      index += 1
      if depth == 0, token.kind == .mark, bytes[token.range.lowerBound] == UInt8(ascii: ";"), isCode(at: index) {
        return append(.other, to: token.range.upperBound)
      }
    }
    append(.other, to: bytes.count)
  }

  private func isCode(at index: Int) -> Bool {
    guard index < tokens.count else { return false }
    switch tokens[index].kind {
    case .newline, .lineComment, .blockComment: return false
    default: return true
    }
  }
}

/// What stands behind a statement on its last line.
struct StatementEnd {
  /// The first token that is not the statement's.
  var index: Int
  var trailingComment: Range<Int>?

  /// `nil` where the line goes on although no `;` has ended the statement: then it was not understood; and where it goes on at
  /// all unless that is allowed.
  init?(after cursor: TokenCursor, allowsMore: Bool) {
    index = cursor.index
    let tokens = cursor.tokens
    while index < tokens.count, isOnOneLine(tokens[index], cursor.bytes) {
      trailingComment = (trailingComment ?? tokens[index].range).lowerBound..<tokens[index].range.upperBound
      index += 1
    }
    guard index < tokens.count, tokens[index].kind != .newline else { return }
    index = cursor.index
    trailingComment = nil
    let last = tokens[index - 1]
    let isEnded = last.kind == .mark && cursor.bytes[last.range.lowerBound] == UInt8(ascii: ";")
    let isComment = tokens[index].kind == .blockComment
    guard isEnded || isComment, allowsMore else { return nil }
  }

  private func isOnOneLine(_ token: Token, _ bytes: [UInt8]) -> Bool {
    switch token.kind {
    case .lineComment: true
    case .blockComment: !bytes[token.range].contains(.newline)
    default: false
    }
  }
}

// MARK: - Comments

extension BarrelParser {
  /// A run of comment lines, with the stubs in it.
  private mutating func readComments() {
    var lines: [CommentLine] = []
    while index < tokens.count, let line = readCommentLine() { lines.append(line) }
    guard !lines.isEmpty else {
      // Comments with code behind them on their last line.
      repeat { index += 1 } while index < tokens.count && tokens[index].kind == .blockComment
      return append(.comment, to: tokens[index - 1].range.upperBound)
    }
    for part in CommentRun(lines: lines, bytes: bytes, grammar: grammar).parts {
      append(part.content, to: part.end, trailingComment: part.trailingComment)
    }
  }

  /// Takes the comments up to a line's end; `nil` and nothing taken where anything else stands on it.
  private mutating func readCommentLine() -> CommentLine? {
    let first = index
    var last = index
    while last < tokens.count, tokens[last].kind == .lineComment || tokens[last].kind == .blockComment { last += 1 }
    guard last > first, last == tokens.count || tokens[last].kind == .newline || tokens[last].range.isEmpty else {
      return nil
    }
    let lower = first == 0 ? 0 : tokens[first - 1].range.upperBound
    let isStubLine = tokens[first].kind == .lineComment && beginsLine(tokens[first].range.lowerBound)
    index = last
    return CommentLine(
      range: lower..<endOfLine(), comment: isStubLine ? tokens[first].range.lowerBound : nil)
  }

  private func beginsLine(_ position: Int) -> Bool {
    let line = bytes[..<position].reversed().prefix { $0 != .newline }
    return line.allSatisfy { $0.isBlank } || line.reversed().starts(with: Lexer.byteOrderMark)
  }
}
