/// The plan that a commit brings can be read: once it is on trunk, every worktree goes by it.
public enum PlanFaultsRule {
  public static let id: RuleID = "plan.faults"

  /// - Parameter faults: what `preflight plan check` says, a line each: `preflight.toml:3:1: error: …`.
  public static func findings(path: [UInt8], faults: String, form: CommitForm?) -> [Finding] {
    let lines = faults.split(whereSeparator: \.isNewline).map(String.init)
    guard let first = lines.first else { return [] }
    return [Finding(id, .error, .unreadable(first, more: lines.count - 1, path, form: form), path: path)]
  }
}

extension Finding.Message {
  fileprivate static func unreadable(_ first: String, more: Int, _ path: [UInt8], form: CommitForm?) -> Self {
    let rest = more > 0 ? " (and \(more) more: preflight plan check)" : ""
    return .init(
      "the plan cannot be read: \(first)\(rest)",
      hint: form.map { "to commit the rest: \($0.leavingOut(path))" }
        ?? "to see all that is wrong: preflight plan check")
  }
}
