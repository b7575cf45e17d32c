extension Grammar {
  private static let pythonKeywords = words(
    """
    False None True and as assert async await break class continue def del elif else except finally for from global if import \
    in is lambda nonlocal not or pass raise return try while with yield
    """)

  /// `from .x import a, b as c`, `from . import x`, `__all__ = […]` and what adds to it. See the Python language reference,
  /// "The import statement".
  static func readPython(_ cursor: inout TokenCursor) -> ExportStatement? {
    cursor.crossesLines = false
    let statement = cursor.accepts(.word, "__all__") ? readAll(&cursor) : readFrom(&cursor)
    cursor.crossesLines = false
    return statement
  }

  private static func readFrom(_ cursor: inout TokenCursor) -> ExportStatement? {
    guard cursor.accepts(.word, "from"), let module = readModule(&cursor), cursor.accepts(.word, "import") else {
      return nil
    }
    if cursor.accepts(.mark, "*") { return ExportStatement(.star, module: module) }
    let isBracketed = cursor.accepts(.open, "(")
    cursor.crossesLines = isBracketed
    var names: [ExportStatement.Name] = []
    repeat {
      if isBracketed, !names.isEmpty, cursor.isNext(.close, ")") { break }
      guard let original = readPythonName(&cursor) else { return nil }
      guard cursor.accepts(.word, "as") else {
        names.append(.init(original))
        continue
      }
      guard let exported = readPythonName(&cursor) else { return nil }
      names.append(.init(exported, original: original))
    } while cursor.accepts(.mark, ",")
    guard !isBracketed || cursor.accepts(.close, ")") else { return nil }
    return ExportStatement(.named, names: names, module: module)
  }

  /// `.`, `..x.y`, `x.y`, without the blanks that may stand between.
  private static func readModule(_ cursor: inout TokenCursor) -> [UInt8]? {
    var module: [UInt8] = []
    while cursor.accepts(.mark, ".") { module.append(UInt8(ascii: ".")) }
    guard var name = cursor.isNext(.word, "import") ? nil : readPythonName(&cursor) else {
      return module.isEmpty ? nil : module
    }
    module += name
    while cursor.accepts(.mark, ".") {
      guard let part = readPythonName(&cursor) else { return nil }
      name = part
      module += [UInt8(ascii: ".")] + name
    }
    return module
  }

  private static func readPythonName(_ cursor: inout TokenCursor) -> [UInt8]? {
    guard let name = cursor.acceptWord(), !pythonKeywords.contains(name), name.first?.isDigit == false else {
      return nil
    }
    return name
  }

  /// `= […]`, `: list[str] = […]`, `+= […]`, `.extend([…])`, `.append("…")`, of plain strings.
  private static func readAll(_ cursor: inout TokenCursor) -> ExportStatement? {
    if cursor.accepts(.mark, ".") {
      guard cursor.accepts(.word, "extend") || cursor.accepts(.word, "append"), cursor.accepts(.open, "(") else {
        return nil
      }
      cursor.crossesLines = true
      guard let names = cursor.acceptString().map({ [$0] }) ?? readStrings(&cursor) else { return nil }
      _ = cursor.accept(.mark, ",")
      return cursor.accepts(.close, ")") ? ExportStatement(.list, names: names.map { .init($0) }) : nil
    }
    if cursor.accepts(.mark, ":") {
      guard cursor.acceptWord() != nil else { return nil }
      if cursor.isNext(.open, "["), !cursor.skipGroup() { return nil }
    } else {
      _ = cursor.accept(.mark, "+")
    }
    guard cursor.accepts(.mark, "="), let names = readStrings(&cursor) else { return nil }
    return ExportStatement(.list, names: names.map { .init($0) })
  }

  private static func readStrings(_ cursor: inout TokenCursor) -> [[UInt8]]? {
    guard cursor.accepts(.open, "[") || cursor.accepts(.open, "(") else { return nil }
    cursor.crossesLines = true
    var strings: [[UInt8]] = []
    while cursor.accept(.close) == nil {
      guard let string = cursor.acceptString() else { return nil }
      strings.append(string)
      guard cursor.accepts(.mark, ",") || cursor.isNext(.close) else { return nil }
    }
    return strings
  }
}
