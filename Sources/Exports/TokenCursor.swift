/// A place in a row of tokens, with the questions that a grammar asks there. A copy is a look ahead.
struct TokenCursor {
  let bytes: [UInt8]
  let tokens: [Token]
  /// The next token.
  var index: Int
  /// Whether line ends count as blanks. Comments always do, but for a line comment where lines count.
  var crossesLines = true

  /// The next token that counts, passed over nothing else; `nil` at the end, and at the line's where lines count.
  var next: Token? {
    let index = indexOfNext
    return index < tokens.count && (crossesLines || tokens[index].kind != .newline) ? tokens[index] : nil
  }

  private var indexOfNext: Int {
    var index = index
    while index < tokens.count {
      switch tokens[index].kind {
      case .newline where crossesLines, .lineComment where crossesLines, .blockComment: index += 1
      default: return index
      }
    }
    return index
  }

  func text(of token: Token) -> [UInt8] { Array(bytes[token.range]) }

  /// Takes the next token if it is of this kind and, where given, this text.
  mutating func accept(_ kind: Token.Kind, _ text: StaticString? = nil) -> Token? {
    let index = indexOfNext
    guard index < tokens.count, tokens[index].kind == kind else { return nil }
    if let text, !isText(tokens[index], text) { return nil }
    self.index = index + 1
    return tokens[index]
  }

  mutating func accepts(_ kind: Token.Kind, _ text: StaticString) -> Bool { accept(kind, text) != nil }

  func isNext(_ kind: Token.Kind, _ text: StaticString? = nil) -> Bool {
    var copy = self
    return copy.accept(kind, text) != nil
  }

  mutating func acceptWord() -> [UInt8]? { accept(.word).map(text(of:)) }

  /// What stands between the quotes; `nil` (and nothing taken) with an escape in it.
  mutating func acceptString() -> [UInt8]? {
    let index = indexOfNext
    guard index < tokens.count, tokens[index].kind == .string else { return nil }
    let content = bytes[tokens[index].range].dropFirst().dropLast()
    let isPlain = content.withUnsafeBufferPointer { text in
      text.allSatisfy { $0 != .backslash && $0 != .newline }
    }
    guard isPlain else { return nil }
    self.index = index + 1
    return Array(content)
  }

  /// Takes a bracket with all that it encloses, whatever its kind; `false` where none stands or it is not closed.
  mutating func skipGroup() -> Bool {
    guard isNext(.open) else { return false }
    index = indexOfNext
    var depth = 0
    while index < tokens.count {
      switch tokens[index].kind {
      case .open: depth += 1
      case .close: depth -= 1
      default: break
      }
      index += 1
      if depth == 0 { return true }
    }
    return false
  }

  /// Takes a `;` of this line.
  mutating func skipSemicolon() {
    let crossed = crossesLines
    crossesLines = false
    _ = accept(.mark, ";")
    crossesLines = crossed
  }

  private func isText(_ token: Token, _ text: StaticString) -> Bool {
    text.withUTF8Buffer { wanted in
      guard wanted.count == token.range.count else { return false }
      return bytes.withUnsafeBufferPointer { bytes in
        wanted.indices.allSatisfy { bytes[token.range.lowerBound + $0] == wanted[$0] }
      }
    }
  }
}
