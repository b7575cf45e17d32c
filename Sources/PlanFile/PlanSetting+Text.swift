import Plan

extension PlanSetting {
  /// The table of `preflight.toml` that it stands in, without brackets.
  public var table: String {
    switch self {
    case .level: "rules"
    default: "commits"
    }
  }

  /// As it stands there: `subject-max = 120`.
  public var text: String {
    switch self {
    case .types(let types): "types = \(TOMLText.list(types))"
    case .scopes(let scopes): "scopes = \(TOMLText.list(scopes))"
    case .requiresScope(let required): "require-scope = \(required)"
    case .subjectLimit(let limit): "subject-max = \(limit)"
    case .bodyLimit(let limit): "body-max = \(limit)"
    case .level(let rule, let level): "\(TOMLText.string(rule)) = \(TOMLText.string(level.rawValue))"
    }
  }
}
