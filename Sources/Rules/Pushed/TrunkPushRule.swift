import Git
import Platform

/// Trunk is moved by merging streams, not by pushing to it.
public enum TrunkPushRule {
  public static let id: RuleID = "trunk.push"

  /// - Parameters:
  ///   - trunk: the branch's short name.
  ///   - count: new commits.
  public static func finding(trunk: String, remote: String, tip: ObjectID, count: Int) -> Finding {
    Finding(id, .warning, .straight(trunk, remote, tip, count))
  }
}

extension Finding.Message {
  fileprivate static func straight(_ trunk: String, _ remote: String, _ tip: ObjectID, _ count: Int) -> Self {
    .init(
      "\(count) \(count == 1 ? "commit goes" : "commits go") straight to '\(trunk)' of '\(remote)'",
      hint: "to offer it as a branch instead: git push \(shellQuoted(remote)) \(tip):refs/heads/proposal-\(tip)")
  }
}
