/// One line of a plan: what would have to stand there for something to pass.
public enum PlanSetting: Hashable, Sendable {
  /// All of them, those of before first.
  case types([String])
  /// All of them; empty: any.
  case scopes([String])
  case requiresScope(Bool)
  case subjectLimit(Int)
  case bodyLimit(Int)
  case level(rule: String, RuleSettings.Level)

  public func apply(to plan: inout Plan) {
    switch self {
    case .types(let types): plan.commits.types = types
    case .scopes(let scopes): plan.commits.scopes = scopes
    case .requiresScope(let required): plan.commits.requiresScope = required
    case .subjectLimit(let limit): plan.commits.subjectLimit = limit
    case .bodyLimit(let limit): plan.commits.bodyLimit = limit
    case .level(let rule, let level): plan.rules.levels[rule] = level
    }
  }
}
