import Exports

/// What a barrel exports exists: a module that becomes part of it is in the same commit, or was there before.
public enum MissingModuleRule {
  public static let id: RuleID = "exports.missing-module"

  static func findings(in change: ExportsChange) -> [Finding] {
    guard change.isJudged else { return [] }
    var known: Set<ByteKey> = []
    for version in change.others {
      for item in version.barrel.items { known.formUnion(modules(of: item.liveStatement).lazy.map(ByteKey.init)) }
    }
    return change.staged.barrel.items.indices.compactMap { index in
      guard let statement = change.staged.barrel.items[index].liveStatement,
        modules(of: statement).contains(where: { !known.contains(ByteKey($0)) }),
        case .missing(let candidates) = change.resolver.resolve(statement, change.provides)
      else { return nil }
      return change.finding(
        id, .error, .missing(statement, candidates, hint: hint(candidates, in: change)),
        at: change.staged.position(of: index))
    }
  }

  /// The modules that a statement names: Python's `from . import a, b` names two.
  private static func modules(of statement: ExportStatement?) -> [[UInt8]] {
    guard let statement, let module = statement.module else { return [] }
    guard module.allSatisfy({ $0 == UInt8(ascii: ".") }) else { return [module] }
    return statement.names.isEmpty ? [module] : statement.names.map { module + $0.original }
  }

  private static func hint(_ candidates: [[UInt8]], in change: ExportsChange) -> String {
    guard let file = candidates.first(where: change.isUntracked) else { return change.remedyCommand }
    switch change.remedy {
    case .leaveOut(let form): return form.takingIn(file)
    case .restore: return "git add -- \(Pathspec(file)) && git commit -m 'fix: add the exported module'"
    }
  }
}

extension Finding.Message {
  fileprivate static func missing(_ statement: ExportStatement, _ candidates: [[UInt8]], hint: String?) -> Self {
    let likeliest = candidates.first.map { ": there is no '\($0.shown)'" } ?? ""
    return .init("\(statement.shown) is exported but no file of the commit provides it\(likeliest)", hint: hint)
  }
}
