import Exports

/// A barrel says each thing once: two that each added the same export at another place leave it with two.
enum RepeatedExportRule {
  static let id: RuleID = "structure.export"

  static func findings(in change: StructureChange) -> [Finding] {
    guard let language = Language(path: change.path) else { return [] }
    let exports = Export.all(in: change.parsed.barrel(change.staged, language: language))
    let counts = exports.map(\.what).counted
    if counts.count == exports.count { return [] }
    let known = change.others.map {
      Export.all(in: change.parsed.barrel($0, language: language)).map(\.what).counted
    }
    var seen: [Export.What: Int] = [:]
    var reported: Set<Int> = []
    return exports.compactMap { export in
      guard let first = seen.updateValue(seen[export.what] ?? export.line, forKey: export.what),
        !known.contains(where: { $0[export.what, default: 0] >= counts[export.what, default: 0] }),
        reported.insert(export.line).inserted
      else { return nil }
      return change.finding(id, .error, .repeated(export.what, first, hint: change.remedyCommand), line: export.line)
    }
  }
}

/// One thing that a live statement exports.
private struct Export {
  struct What: Hashable {
    let kind: ExportStatement.Kind
    let module: [UInt8]?
    /// Empty for all of a module.
    let name: [UInt8]
  }

  let what: What
  let line: Int

  /// Declarations may share a name, and what Python lists stands elsewhere as well; one behind `#[cfg]` is another's alternative.
  static func all(in barrel: Barrel) -> [Export] {
    barrel.items.flatMap { item -> [Export] in
      guard let statement = item.liveStatement, ![.declaration, .list].contains(statement.kind),
        barrel.language != .rust || !isConditional(barrel.bytes(of: item))
      else { return [] }
      let line = item.lines.lowerBound
      let names = statement.names.isEmpty ? [[]] : statement.names.map(\.exported)
      return names.map { Export(what: What(kind: statement.kind, module: statement.module, name: $0), line: line) }
    }
  }

  private static func isConditional(_ text: ArraySlice<UInt8>) -> Bool {
    text.split(whereSeparator: { !(0x61...0x7A).contains($0) }).contains { $0.elementsEqual("cfg".utf8) }
  }
}

extension Finding.Message {
  fileprivate static func repeated(_ what: Export.What, _ first: Int, hint: String) -> Self {
    let name = what.name.isEmpty ? what.module ?? [] : what.name
    return .init("'\(name.shown)' is exported at line \(first) already", hint: hint)
  }
}
