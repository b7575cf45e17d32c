extension Grammar {
  /// `export … from '…'`, `export { … }`, and the declarations whose end is plain. See ECMA-262, "Exports", and TypeScript's
  /// `export type`.
  static func readTypeScript(_ cursor: inout TokenCursor) -> ExportStatement? {
    guard cursor.accepts(.word, "export") else { return nil }
    var probe = cursor
    let isTypeOnly = probe.accepts(.word, "type") && (probe.isNext(.mark, "*") || probe.isNext(.open, "{"))
    if isTypeOnly { cursor = probe }
    var statement: ExportStatement?
    if cursor.accepts(.mark, "*") {
      statement = readStar(&cursor)
    } else if cursor.accepts(.open, "{") {
      statement = readNames(&cursor)
    } else {
      return readDeclaration(&cursor)
    }
    statement?.isTypeOnly = isTypeOnly
    skipImportAttributes(&cursor)
    cursor.skipSemicolon()
    return statement
  }

  private static func readStar(_ cursor: inout TokenCursor) -> ExportStatement? {
    var namespace: [UInt8]?
    if cursor.accepts(.word, "as") {
      guard let name = cursor.acceptWord() ?? cursor.acceptString() else { return nil }
      namespace = name
    }
    guard cursor.accepts(.word, "from"), let module = cursor.acceptString() else { return nil }
    guard let namespace else { return ExportStatement(.star, module: module) }
    return ExportStatement(.namespace, names: [.init(namespace, original: Array("*".utf8))], module: module)
  }

  private static func readNames(_ cursor: inout TokenCursor) -> ExportStatement? {
    var names: [ExportStatement.Name] = []
    while !cursor.accepts(.close, "}") {
      guard let name = readName(&cursor) else { return nil }
      names.append(name)
      guard cursor.accepts(.mark, ",") || cursor.isNext(.close, "}") else { return nil }
    }
    var probe = cursor
    guard probe.accepts(.word, "from"), let module = probe.acceptString() else {
      return ExportStatement(.named, names: names)
    }
    cursor = probe
    return ExportStatement(.named, names: names, module: module)
  }

  /// `a`, `a as b`, `type a as b`, `'any name' as b`.
  static func readName(_ cursor: inout TokenCursor) -> ExportStatement.Name? {
    var probe = cursor
    let isTypeOnly =
      probe.accepts(.word, "type") && !probe.isNext(.word, "as") && (probe.isNext(.word) || probe.isNext(.string))
    if isTypeOnly { cursor = probe }
    guard let original = cursor.acceptWord() ?? cursor.acceptString() else { return nil }
    guard cursor.accepts(.word, "as") else { return .init(original, isTypeOnly: isTypeOnly) }
    guard let exported = cursor.acceptWord() ?? cursor.acceptString() else { return nil }
    return .init(exported, original: original, isTypeOnly: isTypeOnly)
  }

  /// `with { type: 'json' }`, on the same line.
  private static func skipImportAttributes(_ cursor: inout TokenCursor) {
    var probe = cursor
    probe.crossesLines = false
    guard probe.accepts(.word, "with") || probe.accepts(.word, "assert"), probe.isNext(.open, "{"), probe.skipGroup()
    else { return }
    probe.crossesLines = cursor.crossesLines
    cursor = probe
  }
}

// MARK: - Declarations

extension Grammar {
  private static let bodied: Set<[UInt8]> = words("class interface enum namespace function")
  private static let assigned: Set<[UInt8]> = words("const let var type")
  private static let modifiers: Set<[UInt8]> = words("declare abstract async")

  private static func readDeclaration(_ cursor: inout TokenCursor) -> ExportStatement? {
    let isDefault = cursor.accepts(.word, "default")
    while let token = cursor.next, modifiers.contains(cursor.text(of: token)) { _ = cursor.acceptWord() }
    guard var keyword = cursor.acceptWord() else { return nil }
    if keyword == Array("const".utf8), cursor.accepts(.word, "enum") { keyword = Array("enum".utf8) }
    if keyword == Array("function".utf8) { _ = cursor.accept(.mark, "*") }

    if isDefault {
      // Of expressions only a name: where more stands on its line, the end is not plain.
      if bodied.contains(keyword), !skipBody(&cursor) { return nil }
      cursor.skipSemicolon()
      return ExportStatement(.declaration, names: [.init(Array("default".utf8), original: keyword)])
    }
    guard bodied.contains(keyword) || assigned.contains(keyword), let name = cursor.acceptWord() else { return nil }
    guard bodied.contains(keyword) ? skipBody(&cursor) : skipAssignment(&cursor) else { return nil }
    return ExportStatement(
      .declaration,
      names: [.init(name, isTypeOnly: keyword == Array("type".utf8) || keyword == Array("interface".utf8))])
  }

  /// To the end of the first curly bracket. A type that has one before the body is found out by what follows: more of the line.
  private static func skipBody(_ cursor: inout TokenCursor) -> Bool {
    while let token = cursor.next {
      switch token.kind {
      case .open where cursor.bytes[token.range.lowerBound] == UInt8(ascii: "{"): return cursor.skipGroup()
      case .open: guard cursor.skipGroup() else { return false }
      case .close: return false
      case .word where cursor.text(of: token) == Array("export".utf8): return false
      default: _ = cursor.accept(token.kind)
      }
    }
    return false
  }

  /// To the `;`, or to a line end where neither side of it asks for more. A comma outside brackets may begin a second name.
  private static func skipAssignment(_ cursor: inout TokenCursor) -> Bool {
    guard cursor.isNext(.mark, "=") || cursor.isNext(.mark, ":") || cursor.isNext(.mark, "<") else { return false }
    var asksForMore = true
    while let token = cursor.next {
      let text = cursor.bytes[token.range]
      if !asksForMore, token.kind != .close, isBehindLineEnd(cursor), !continues(token, text) { return true }
      switch token.kind {
      case .close: return false
      case .open: guard cursor.skipGroup() else { return false }
      case .word where text.elementsEqual("export".utf8): return false
      case .mark where text.elementsEqual(",".utf8): return false
      case .mark where text.elementsEqual(";".utf8):
        cursor.skipSemicolon()
        return true
      default: _ = cursor.accept(token.kind)
      }
      asksForMore = token.kind == .mark
    }
    return !asksForMore
  }

  private static func isBehindLineEnd(_ cursor: TokenCursor) -> Bool {
    var sameLine = cursor
    sameLine.crossesLines = false
    return sameLine.next == nil || sameLine.next?.kind == .lineComment
  }

  /// Whether a token at the start of a line carries on the line before.
  private static func continues(_ token: Token, _ text: ArraySlice<UInt8>) -> Bool {
    switch token.kind {
    case .mark: true
    case .open: !text.elementsEqual("{".utf8)
    case .opaque: true
    case .word: words("as satisfies in instanceof extends").contains(Array(text))
    default: false
    }
  }

  static func words(_ list: String) -> Set<[UInt8]> { Set(list.split(separator: " ").map { Array($0.utf8) }) }
}
