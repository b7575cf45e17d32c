import Platform

/// What is pushed can be judged as a whole: its history reaches back to trunk.
public enum PushRangeRule {
  public static let id: RuleID = "push.range"

  /// - Parameter branch: short.
  public static func cutOff(branch: String, remote: String) -> Finding {
    Finding(
      id, .error,
      .init(
        "cannot judge what is pushed to '\(branch)': history is cut off (a shallow clone)",
        hint: "to get all of it: git fetch --unshallow \(shellQuoted(remote))"))
  }

  /// - Parameter refspec: what is pushed where, as `git push` takes it.
  public static func unrelated(branch: String, trunk: String, refspec: String, remote: String) -> Finding {
    Finding(
      id, .error,
      .init(
        "cannot judge what is pushed to '\(branch)': its history shares nothing with '\(trunk)'",
        hint:
          "if it is meant to (as gh-pages is): PREFLIGHT_SKIP=\(id) git push \(shellQuoted(remote)) \(shellQuoted(refspec))"
      ))
  }
}
