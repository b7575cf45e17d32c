import Exports

/// A stub that was brought to life is gone: a merge that keeps both forms leaves one behind that nobody will take away.
enum StubTwinRule {
  static let id: RuleID = "structure.stub"

  static func findings(in change: StructureChange) -> [Finding] {
    guard let language = Language(path: change.path) else { return [] }
    let twins = twins(in: change.staged, language)
    guard !twins.isEmpty else { return [] }
    let known = Set(change.others.flatMap { self.twins(in: $0, language).map(\.statement) })
    return twins.filter { !known.contains($0.statement) }.map { twin in
      change.finding(id, .warning, .twin(twin.statement, live: twin.live), line: twin.line)
    }
  }

  private static func twins(
    in bytes: [UInt8], _ language: Language
  ) -> [(statement: ExportStatement.Identity, line: Int, live: Int)] {
    let barrel = Barrel(bytes, language: language)
    let live = Dictionary(
      barrel.items.compactMap { item in item.liveStatement.map { ($0.identity, barrel.position(of: item).line) } }
    ) { first, _ in first }
    return barrel.items.compactMap { item in
      guard let identity = item.stub?.statement.identity, let line = live[identity] else { return nil }
      return (identity, barrel.position(of: item).line, line)
    }
  }
}

extension Finding.Message {
  fileprivate static func twin(_ statement: ExportStatement.Identity, live: Int) -> Self {
    let name = statement.module ?? statement.names.first?.exported ?? []
    return .init("'\(name.shown)' is a stub here and live at line \(live)", hint: "preflight stubs prune")
  }
}
