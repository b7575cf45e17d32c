import Git
import Platform

/// A forced push replaces only commits that this repository has seen.
public enum PushUnseenRule {
  public static let id: RuleID = "push.unseen"

  /// - Parameters:
  ///   - branch: short.
  ///   - tip: what the remote has and this repository has not.
  public static func finding(branch: String, remote: String, tip: ObjectID) -> Finding {
    Finding(id, .error, .unseen(branch, remote, tip), commit: tip)
  }
}

extension Finding.Message {
  fileprivate static func unseen(_ branch: String, _ remote: String, _ tip: ObjectID) -> Self {
    .init(
      "the push would throw away commits of '\(branch)' on '\(remote)' that were never here (up to \(tip.abbreviated))",
      hint: "to get them first: git fetch \(shellQuoted(remote)) \(shellQuoted(branch))")
  }
}
