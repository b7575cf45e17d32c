import Platform

/// Which branch a planned worktree has, and which it should have.
public struct CheckedOutBranch: Hashable, Sendable {
  /// The stream whose worktree this is, by the plan.
  public var stream: StreamReference
  /// Short; `nil` when HEAD is detached.
  public var branch: String?
  /// Whose branch that is: another stream's, or trunk.
  public var holder: String

  public init(stream: StreamReference, branch: String?, holder: String) {
    self.stream = stream
    self.branch = branch
    self.holder = holder
  }
}

/// A worktree that the plan gives to a stream has that stream's branch checked out.
public enum BranchDriftRule {
  public static let id: RuleID = "branch.drift"

  public static func findings(in place: CheckedOutBranch) -> [Finding] {
    guard let branch = place.branch, branch != place.stream.branch else { return [] }
    return [Finding(id, .error, .otherBranch(place, branch))]
  }

  /// HEAD is where pre-commit saw it.
  public static func movedHead(from expected: String, to actual: String) -> Finding {
    Finding(id, .error, .moved(from: expected, to: actual))
  }
}

extension Finding.Message {
  fileprivate static func otherBranch(_ place: CheckedOutBranch, _ branch: String) -> Self {
    .init(
      "this worktree is \(place.stream.title)'s, but has '\(branch)' checked out, which is \(place.holder)",
      hint: "to go back (staged work comes along): git switch \(shellQuoted(place.stream.branch))")
  }

  fileprivate static func moved(from expected: String, to actual: String) -> Self {
    .init(
      "HEAD was switched from '\(expected)' to '\(actual)' while the commit was made: it is on '\(actual)' now",
      hint: "to see where it went: git log --oneline -1 \(shellQuoted(actual))")
  }
}
