import Exports

/// A stub that was brought to life is gone: a merge that keeps both forms leaves one behind that nobody will take away.
enum StubTwinRule {
  static let id: RuleID = "structure.stub"

  static func findings(in change: StructureChange) -> [Finding] {
    guard let language = Language(path: change.path) else { return [] }
    let twins = twins(in: change.parsed.barrel(change.staged, language: language))
    guard !twins.isEmpty else { return [] }
    let known = Set(
      change.others.flatMap { self.twins(in: change.parsed.barrel($0, language: language)).map(\.statement) })
    return twins.filter { !known.contains($0.statement) }.map { twin in
      change.finding(id, .warning, .twin(twin.statement, live: twin.live), line: twin.line)
    }
  }

  private static func twins(
    in barrel: Barrel
  ) -> [(statement: ExportStatement.Identity, line: Int, live: Int)] {
    let stubs = Set(barrel.items.compactMap { $0.stub?.statement.identity })
    if stubs.isEmpty { return [] }
    var live: [ExportStatement.Identity: Int] = [:]
    for item in barrel.items {
      guard let identity = item.liveStatement?.identity, stubs.contains(identity), live[identity] == nil else {
        continue
      }
      live[identity] = item.lines.lowerBound
    }
    return barrel.items.compactMap { item in
      guard let identity = item.stub?.statement.identity, let line = live[identity] else { return nil }
      return (identity, item.lines.lowerBound, line)
    }
  }
}

extension Finding.Message {
  fileprivate static func twin(_ statement: ExportStatement.Identity, live: Int) -> Self {
    let name = statement.module ?? statement.names.first?.exported ?? []
    return .init("'\(name.shown)' is a stub here and live at line \(live)", hint: "preflight stubs prune")
  }
}
