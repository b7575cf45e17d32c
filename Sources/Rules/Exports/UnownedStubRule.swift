import Exports

/// A stub that is brought to life says whose it is, so that two streams do not both take it.
enum UnownedStubRule {
  static let id: RuleID = "exports.unowned"

  static func findings(in change: ExportsChange) -> [Finding] {
    guard change.isJudged else { return [] }
    let versions = change.others
    var seen: Set<ExportStatement.Identity> = []
    return versions.flatMap { version in
      version.barrel.items.indices.compactMap { index in
        guard let statement = version.barrel.items[index].stub?.statement, version.ownership.owners[index] == nil,
          let live = change.staged.live[statement.identity], seen.insert(statement.identity).inserted,
          !versions.contains(where: { $0.live[statement.identity] != nil || isOwned(statement, in: $0) })
        else { return nil }
        return change.finding(id, .warning, .unowned(statement), at: change.staged.position(of: live))
      }
    }
  }

  private static func isOwned(_ statement: ExportStatement, in version: BarrelVersion) -> Bool {
    version.barrel.items.indices.contains { index in
      version.ownership.owners[index] != nil
        && version.barrel.items[index].stub?.statement.identity == statement.identity
    }
  }
}

extension Finding.Message {
  fileprivate static func unowned(_ statement: ExportStatement) -> Self {
    .init(
      "\(statement.shown) is brought to life, and no comment says for which stream its stub was",
      hint:
        "name the stream in a comment above the stub on trunk, or list the module under its 'stubs' in preflight.toml")
  }
}
