extension Barrel {
  /// The file without some of its items, and without the comments and blank lines that stood there for them alone.
  ///
  /// A comment goes with what it stands above when nothing below it is left, up to a blank line or the next comment. Where blank
  /// lines would meet, or end the file, those behind go.
  public func removing(_ removed: Set<Int>) -> [UInt8] {
    var gone = removed
    for index in items.indices where items[index].content == .comment {
      let below = items[(index + 1)...].indices.drop { items[$0].content == .comment }
      let governed = below.prefix { items[$0].content != .blank && items[$0].content != .comment }
      if !governed.isEmpty, governed.allSatisfy(removed.contains), governed.first == below.first { gone.insert(index) }
    }
    for index in items.indices where items[index].content == .blank && index > 0 && gone.contains(index - 1) {
      let before = items[..<index].indices.last { !gone.contains($0) }
      if before.map({ items[$0].content == .blank }) ?? true { gone.insert(index) }
    }
    if let last = items.indices.last, gone.contains(last) {
      var index = last
      while index >= 0, gone.contains(index) || items[index].content == .blank {
        gone.insert(index)
        index -= 1
      }
    }
    return items.indices.filter { !gone.contains($0) }.flatMap { Array(bytes(of: items[$0])) }
  }

  /// The lines that reserve modules for somebody, in the form of the barrel: a comment, and a stub for each.
  ///
  /// They begin with a blank line where the file does not end in one, and with a line end where it lacks that.
  ///
  /// - Parameter modules: as the language's statements name them: `./database/migration.js`, `.models`, `api`, `Core`.
  public func reserving(_ modules: [[UInt8]], comment: [UInt8]) -> [UInt8] {
    let lineEnd: [UInt8] = bytes.contains(.carriageReturn) ? [.carriageReturn, .newline] : [.newline]
    var text: [UInt8] = []
    if let last = bytes.last, last != .newline { text += lineEnd }
    if let last = items.last, last.content != .blank { text += lineEnd }
    let sign = language.grammar.lineComment + [0x20]
    text += sign + comment + lineEnd
    for module in modules { text += sign + statement(exporting: module) + lineEnd }
    return text
  }

  /// All of a module, quoted and ended as the file's other statements are.
  private func statement(exporting module: [UInt8]) -> [UInt8] {
    switch language {
    case .typeScript:
      let statements = items.filter { $0.statement?.module != nil }.map { bytes(of: $0) }
      let quote = statements.lazy.compactMap { $0.first { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") } }.first
      let isEnded = statements.first?.contains(UInt8(ascii: ";")) ?? false
      let mark = [quote ?? UInt8(ascii: "'")]
      return Array("export * from ".utf8) + mark + module + mark + (isEnded ? [UInt8(ascii: ";")] : [])
    case .python: return Array("from ".utf8) + module + " import *".utf8
    case .rust:
      let isPath = module.contains(UInt8(ascii: ":"))
      return Array((isPath ? "pub use " : "pub mod ").utf8) + module + (isPath ? "::*;" : ";").utf8
    case .swift: return Array("@_exported import ".utf8) + module
    }
  }
}
