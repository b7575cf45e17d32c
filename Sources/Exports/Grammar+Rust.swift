extension Grammar {
  /// How many attributes a statement may have, and how deep a tree of `use` may be: a file that is all brackets costs no more.
  private static let limit = 16

  /// `pub mod x;`, `pub use x::{a, b as c};`, with attributes and with `pub(crate)`. A module written here (`pub mod x { … }`)
  /// is code. See the Rust reference, "Modules" and "Use declarations".
  static func readRust(_ cursor: inout TokenCursor) -> ExportStatement? {
    var hasPath = false
    var attributes = 0
    while cursor.accepts(.mark, "#") {
      attributes += 1
      var probe = cursor
      hasPath = hasPath || probe.accepts(.open, "[") && probe.accepts(.word, "path")
      guard attributes <= limit, cursor.isNext(.open, "["), cursor.skipGroup() else { return nil }
    }
    guard cursor.accepts(.word, "pub") else { return nil }
    if cursor.isNext(.open, "("), !cursor.skipGroup() { return nil }
    if cursor.accepts(.word, "mod") {
      guard let name = readRustName(&cursor), cursor.accepts(.mark, ";") else { return nil }
      // Where `#[path]` says where it is, its name does not.
      return ExportStatement(hasPath ? .declaration : .submodule, names: [.init(name)], module: hasPath ? nil : name)
    }
    guard cursor.accepts(.word, "use") else { return nil }
    return readUse(&cursor)
  }

  private static func readUse(_ cursor: inout TokenCursor) -> ExportStatement? {
    var prefix: [UInt8] = []
    if acceptPathSeparator(&cursor) { prefix = Array("::".utf8) }
    while true {
      if cursor.isNext(.open, "{") || cursor.isNext(.mark, "*") { break }
      var probe = cursor
      guard let part = readRustName(&probe), acceptPathSeparator(&probe) else { break }
      cursor = probe
      prefix += prefix.isEmpty || prefix == Array("::".utf8) ? part : Array("::".utf8) + part
    }
    let module = prefix.isEmpty ? nil : prefix
    if cursor.accepts(.mark, "*") {
      return cursor.accepts(.mark, ";") ? ExportStatement(.star, module: module) : nil
    }
    var names: [ExportStatement.Name] = []
    guard readTree(&cursor, below: [], of: prefix, depth: 0, into: &names), cursor.accepts(.mark, ";") else {
      return nil
    }
    return ExportStatement(.named, names: names, module: module)
  }

  /// A leaf or a braced list below `path`, which is below the statement's `module`.
  private static func readTree(
    _ cursor: inout TokenCursor, below path: [UInt8], of module: [UInt8], depth: Int,
    into names: inout [ExportStatement.Name]
  ) -> Bool {
    guard depth <= limit else { return false }
    if cursor.accepts(.open, "{") {
      while !cursor.accepts(.close, "}") {
        guard readTree(&cursor, below: path, of: module, depth: depth + 1, into: &names) else { return false }
        guard cursor.accepts(.mark, ",") || cursor.isNext(.close, "}") else { return false }
      }
      return true
    }
    let separator = path.isEmpty ? [] : Array("::".utf8)
    if cursor.accepts(.mark, "*") {
      names.append(.init(Array("*".utf8), original: path + separator + Array("*".utf8)))
      return true
    }
    guard let part = readRustName(&cursor) else { return false }
    let whole = path + separator + part
    if acceptPathSeparator(&cursor) {
      return readTree(&cursor, below: whole, of: module, depth: depth + 1, into: &names)
    }
    var exported = part
    if part == Array("self".utf8) { exported = lastComponent(of: path.isEmpty ? module : path) }
    if cursor.accepts(.word, "as") {
      guard let name = readRustName(&cursor) else { return false }
      exported = name
    }
    names.append(.init(exported, original: whole))
    return true
  }

  private static func lastComponent(of path: [UInt8]) -> [UInt8] {
    guard let colon = path.lastIndex(of: UInt8(ascii: ":")) else { return path }
    return Array(path[(colon + 1)...])
  }

  /// `x`, `r#type`.
  private static func readRustName(_ cursor: inout TokenCursor) -> [UInt8]? {
    guard let name = cursor.acceptWord(), name != Array("pub".utf8) else { return nil }
    var probe = cursor
    guard name == Array("r".utf8), probe.accepts(.mark, "#"), let raw = probe.acceptWord() else { return name }
    cursor = probe
    return raw
  }

  private static func acceptPathSeparator(_ cursor: inout TokenCursor) -> Bool {
    var probe = cursor
    guard probe.accepts(.mark, ":"), probe.accepts(.mark, ":") else { return false }
    cursor = probe
    return true
  }
}
