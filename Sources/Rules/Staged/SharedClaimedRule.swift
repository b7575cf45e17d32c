/// A path that another stream has claimed.
public struct ClaimedPath: Hashable, Sendable {
  public var path: [UInt8]
  /// Whoever holds it: the stream, or its branch where the plan names none.
  public var holder: String
  /// For how much longer, in words.
  public var rest: String
  /// What for; may be empty.
  public var reason: String
  /// How the commit is being made; `nil` where it is made already.
  public var form: CommitForm?

  public init(path: [UInt8], holder: String, rest: String, reason: String, form: CommitForm?) {
    self.path = path
    self.holder = holder
    self.rest = rest
    self.reason = reason
    self.form = form
  }
}

/// A stream leaves alone what another has claimed, for as long as the claim holds.
public enum SharedClaimedRule {
  public static let id: RuleID = "shared.claimed"

  public static func finding(in claimed: ClaimedPath) -> Finding {
    Finding(id, .warning, .claimed(claimed), path: claimed.path)
  }
}

extension Finding.Message {
  fileprivate static func claimed(_ claimed: ClaimedPath) -> Self {
    let reason = claimed.reason.isEmpty ? "" : ": \(claimed.reason)"
    return .init(
      "is claimed by \(claimed.holder) for another \(claimed.rest)\(reason)",
      hint: claimed.form.map { "to leave it out: \($0.leavingOut(claimed.path))" })
  }
}
