/// Reads what a module of JavaScript or TypeScript exports. See ECMA-262, "Exports", and the TypeScript handbook, "Modules".
///
/// Walks along the tokens outside all brackets. What follows the name in a declaration is not read, but for a list of variables.
struct ScriptModule {
  let bytes: [UInt8]
  var cursor: TokenCursor
  private(set) var result = ModuleExports()
  /// What local names stand for that are imported.
  private var imports: [[UInt8]: ModuleExports.Origin] = [:]
  /// Exports of local names: what they are is known once all imports are.
  private var locals: [(name: [UInt8], local: [UInt8], line: Int)] = []
  private var line = 1
  private var lineStart = 0
  private var isModule = false

  static func exports(of bytes: [UInt8], hasElements: Bool) -> ModuleExports {
    var module = ScriptModule(bytes: bytes, grammar: hasElements ? .typeScriptWithElements : .typeScript)
    module.read()
    return module.result
  }

  private init(bytes: [UInt8], grammar: Grammar) {
    self.bytes = bytes
    cursor = TokenCursor(bytes: bytes, tokens: Lexer.tokens(of: bytes, grammar), index: 0)
  }

  private mutating func read() {
    while cursor.index < cursor.tokens.count {
      let token = cursor.tokens[cursor.index]
      switch token.kind {
      case .open:
        if !cursor.skipGroup() { return doubt(at: token) }
      case .close, .unclosed:
        // More closes than opens: what was taken for a string or a regular expression may be none, or the other way round.
        doubt(at: token)
        cursor.index += 1
      case .word where !isMember(cursor.index):
        readWord(token)
      default:
        cursor.index += 1
      }
    }
    for export in locals {
      let origin = imports[export.local] ?? .local(export.local)
      result.entries.append(.init(export.name, origin, line: export.line))
    }
    result.entries.sort { $0.line < $1.line }
    if !isModule { readCommonJS() }
  }

  private mutating func readWord(_ token: Token) {
    let text = bytes[token.range]
    if text.elementsEqual("export".utf8) {
      isModule = true
      result.statementCount += 1
      attempt(at: token) { $0.readExport() }
    } else if text.elementsEqual("import".utf8) {
      readImport(token)
    } else {
      cursor.index += 1
    }
  }

  /// Reads a statement whose first word has the cursor; one that is not understood is passed over, bracket by bracket.
  private mutating func attempt(at word: Token, _ read: (inout ScriptModule) -> Bool) {
    let start = cursor.index
    guard !read(&self) else { return }
    doubt(at: word)
    // Of an `import` the word is passed already; nothing may stand behind it.
    let isAtWord = start < cursor.tokens.count && cursor.tokens[start].range == word.range
    cursor.index = isAtWord ? start + 1 : start
  }

  /// `a.export`, and `export:` in something that is no module's statement.
  private func isMember(_ index: Int) -> Bool {
    if let previous = cursor.tokens[..<index].lastIndex(where: \.isCode), isMark(previous, ".") { return true }
    let next = cursor.tokens[(index + 1)...].firstIndex(where: \.isCode)
    return next.map { isMark($0, ":") } ?? false
  }

  private func isMark(_ index: Int, _ mark: Unicode.Scalar) -> Bool {
    cursor.tokens[index].kind == .mark && bytes[cursor.tokens[index].range.lowerBound] == UInt8(ascii: mark)
  }

  /// A script that assigns to `exports` gives names that nobody declared.
  private mutating func readCommonJS() {
    let assigned = cursor.tokens.first { $0.kind == .word && bytes[$0.range].elementsEqual("exports".utf8) }
    guard let assigned else { return }
    result.statementCount += 1
    doubt(at: assigned)
  }

  // MARK: Entries

  private mutating func doubt(at token: Token) { result.unsure.append(line(of: token)) }

  /// Tokens are asked for in the file's order.
  private mutating func line(of token: Token) -> Int {
    let position = min(token.range.lowerBound, bytes.count)
    if position > lineStart {
      line += bytes[lineStart..<position].count { $0 == .newline }
      lineStart = position
    }
    return line
  }

  private mutating func declare(_ name: [UInt8], at token: Token) {
    result.entries.append(.init(name, .declaration, line: line(of: token)))
  }
}

// MARK: - Exports

extension ScriptModule {
  /// Whether it was understood; the cursor is behind the `export` at least.
  private mutating func readExport() -> Bool {
    guard let start = cursor.accept(.word, "export") else { return false }
    var probe = cursor
    if probe.accepts(.word, "type"), probe.isNext(.mark, "*") || probe.isNext(.open, "{") { cursor = probe }
    if cursor.isNext(.mark, "*") { return readStar(start) }
    if cursor.isNext(.open, "{") { return readNames(start) }
    if cursor.accepts(.word, "default") {
      declare(Array("default".utf8), at: start)
      return true
    }
    // `export = a` gives no name to a star, and to those who ask for one what `a` has of it.
    if cursor.accepts(.mark, "=") { return true }
    probe = cursor
    if probe.accepts(.word, "as"), probe.accepts(.word, "namespace") {
      cursor = probe
      return cursor.acceptWord() != nil
    }
    return readDeclaration()
  }

  private mutating func readStar(_ start: Token) -> Bool {
    _ = cursor.accept(.mark, "*")
    var namespace: [UInt8]?
    if cursor.accepts(.word, "as") {
      guard let name = cursor.acceptWord() ?? cursor.acceptString() else { return false }
      namespace = name
    }
    guard cursor.accepts(.word, "from"), let module = cursor.acceptString() else { return false }
    let line = line(of: start)
    if let namespace {
      result.entries.append(.init(namespace, .module(module, name: Array("*".utf8)), line: line))
    } else {
      result.stars.append(.init(module, line: line))
    }
    return true
  }

  private mutating func readNames(_ start: Token) -> Bool {
    _ = cursor.accept(.open, "{")
    var names: [(ExportStatement.Name, Int)] = []
    while !cursor.accepts(.close, "}") {
      guard let token = cursor.next, let name = Grammar.readName(&cursor) else { return false }
      names.append((name, line(of: token)))
      guard cursor.accepts(.mark, ",") || cursor.isNext(.close, "}") else { return false }
    }
    var probe = cursor
    guard probe.accepts(.word, "from"), probe.isNext(.string) else {
      locals += names.map { ($0.0.exported, $0.0.original, $0.1) }
      return true
    }
    guard let module = probe.acceptString() else { return false }
    cursor = probe
    result.entries += names.map { .init($0.0.exported, .module(module, name: $0.0.original), line: $0.1) }
    return true
  }
}

// MARK: - Declarations

extension ScriptModule {
  private static let modifiers = Grammar.words("declare abstract async")
  private static let named = Grammar.words("class interface enum namespace module function type")
  private static let variables = Grammar.words("const let var using")

  private mutating func readDeclaration() -> Bool {
    skipDecorators()
    while let token = cursor.next, Self.modifiers.contains(cursor.text(of: token)) { _ = cursor.acceptWord() }
    guard let keyword = cursor.acceptWord() else { return false }
    if keyword.elementsEqual("import".utf8) { return readImportAlias() }
    if keyword.elementsEqual("await".utf8) { return cursor.accepts(.word, "using") && readVariables() }
    if keyword.elementsEqual("const".utf8), cursor.accepts(.word, "enum") { return readName() }
    if Self.variables.contains(keyword) { return readVariables() }
    guard Self.named.contains(keyword) else { return false }
    _ = cursor.accept(.mark, "*")
    return readName()
  }

  private mutating func readName() -> Bool {
    guard let token = cursor.next, token.kind == .word, !bytes[token.range.lowerBound].isDigit else { return false }
    _ = cursor.acceptWord()
    declare(cursor.text(of: token), at: token)
    return true
  }

  /// `@name`, `@a.b(…)`, `@(…)`.
  private mutating func skipDecorators() {
    while cursor.accepts(.mark, "@") {
      _ = cursor.accept(.word)
      while cursor.accepts(.mark, ".") { _ = cursor.accept(.word) }
      if cursor.isNext(.open, "("), !cursor.skipGroup() { return }
    }
  }

  /// `export import a = require('x')`, `export import a = N.b`.
  private mutating func readImportAlias() -> Bool {
    var probe = cursor
    if probe.accepts(.word, "type"), probe.isNext(.word) { cursor = probe }
    return readName()
  }

  /// `a = 1, { b, c: d = 2, ...e } = f, [g]: T = h`.
  private mutating func readVariables() -> Bool {
    repeat {
      guard readPattern(depth: 0) else { return false }
    } while ScriptExpression.skipDeclarator(&cursor)
    return true
  }

  private mutating func readPattern(depth: Int) -> Bool {
    guard depth < 32 else { return false }
    if cursor.accepts(.open, "{") { return readMembers(closedBy: "}", depth) }
    if cursor.accepts(.open, "[") { return readMembers(closedBy: "]", depth) }
    return readName()
  }

  private mutating func readMembers(closedBy close: StaticString, _ depth: Int) -> Bool {
    while !cursor.accepts(.close, close) {
      if cursor.accepts(.mark, ",") { continue }
      for _ in 0..<3 { _ = cursor.accept(.mark, ".") }
      if cursor.isKey { cursor.skipKey() }
      guard readPattern(depth: depth + 1), ScriptExpression.skipDefault(&cursor) else { return false }
    }
    return true
  }
}

extension TokenCursor {
  /// Whether `key:` stands here, as in the pattern `{ key: name }`.
  fileprivate var isKey: Bool {
    var probe = self
    probe.skipKey()
    return probe.index > 0 && probe.index != index
      && probe.bytes[probe.tokens[probe.index - 1].range].elementsEqual(":".utf8)
  }

  fileprivate mutating func skipKey() {
    guard accept(.word) != nil || accept(.string) != nil || isNext(.open, "[") && skipGroup() else { return }
    _ = accept(.mark, ":")
  }
}

// MARK: - Imports

extension ScriptModule {
  /// `import(…)` and `import.meta` are expressions.
  private mutating func readImport(_ start: Token) {
    cursor.index += 1
    if cursor.isNext(.open, "(") || cursor.isNext(.mark, ".") { return }
    isModule = true
    if cursor.accept(.string) != nil { return }
    attempt(at: start) { $0.readImportClause() }
  }

  private mutating func readImportClause() -> Bool {
    var probe = cursor
    // `import type A from`, but `import type from` imports what is called so.
    if probe.accepts(.word, "type") || probe.accepts(.word, "typeof") || probe.accepts(.word, "defer") {
      var behind = probe
      let isName = behind.accepts(.word, "from") && behind.isNext(.string) || behind.isNext(.mark, "=")
      if !isName, probe.isNext(.word) || probe.isNext(.open, "{") || probe.isNext(.mark, "*") { cursor = probe }
    }
    var found: [(local: [UInt8], name: [UInt8])] = []
    if let name = cursor.acceptWord() {
      // What `import a = …` names is this module's as far as anybody can tell.
      if cursor.accepts(.mark, "=") { return true }
      found.append((name, Array("default".utf8)))
      _ = cursor.accept(.mark, ",")
    }
    if cursor.accepts(.mark, "*") {
      guard cursor.accepts(.word, "as"), let name = cursor.acceptWord() else { return false }
      found.append((name, Array("*".utf8)))
    } else if cursor.accepts(.open, "{") {
      while !cursor.accepts(.close, "}") {
        // It reads as the names of an export do, from the other end.
        guard let name = Grammar.readName(&cursor) else { return false }
        found.append((name.exported, name.original))
        guard cursor.accepts(.mark, ",") || cursor.isNext(.close, "}") else { return false }
      }
    }
    guard cursor.accepts(.word, "from"), let module = cursor.acceptString() else { return false }
    for (local, name) in found { imports[local] = .module(module, name: name) }
    return true
  }
}
