extension Grammar {
  private static let accessLevels = words("public package internal fileprivate private")
  private static let importKinds = words("typealias struct class enum protocol let var func")
  private static let attributeLimit = 16

  /// `@_exported import X`, also with an access level, other attributes, or the one thing that it names. Other imports are code.
  static func readSwift(_ cursor: inout TokenCursor) -> ExportStatement? {
    var isExported = false
    var attributes = 0
    while let token = cursor.next, attributes <= attributeLimit {
      attributes += 1
      if cursor.accepts(.mark, "@") {
        guard let name = cursor.acceptWord() else { return nil }
        isExported = isExported || name == Array("_exported".utf8)
        if cursor.isNext(.open, "("), !cursor.skipGroup() { return nil }
      } else if accessLevels.contains(cursor.text(of: token)) {
        _ = cursor.acceptWord()
      } else {
        break
      }
    }
    guard isExported, cursor.accepts(.word, "import") else { return nil }
    cursor.crossesLines = false
    defer { cursor.skipSemicolon() }
    return readImport(&cursor)
  }

  private static func readImport(_ cursor: inout TokenCursor) -> ExportStatement? {
    guard let first = cursor.acceptWord() else { return nil }
    let namesOne = importKinds.contains(first)
    guard var last = namesOne ? cursor.acceptWord() : first else { return nil }
    var module: [UInt8] = []
    var path = last
    while cursor.accepts(.mark, ".") {
      guard let part = cursor.acceptWord() else { return nil }
      module = path
      path += [UInt8(ascii: ".")] + part
      last = part
    }
    if !namesOne { return ExportStatement(.star, module: path) }
    return module.isEmpty ? nil : ExportStatement(.named, names: [.init(last)], module: module)
  }
}
