/// A branch that a sync has moved since it was pushed is pushed by the one command that expects what the remote has.
public enum PushLeaseRule {
  public static let id: RuleID = "push.lease"

  /// - Parameters:
  ///   - branch: short.
  ///   - command: that push.
  ///   - isCertain: whether this branch is known to be among what is pushed now.
  public static func finding(branch: String, command: String, isCertain: Bool) -> Finding {
    Finding(id, isCertain ? .error : .warning, .moved(branch, command))
  }
}

extension Finding.Message {
  fileprivate static func moved(_ branch: String, _ command: String) -> Self {
    .init("'\(branch)' was moved by a sync since it was pushed: a plain push of it is rejected", hint: command)
  }
}
