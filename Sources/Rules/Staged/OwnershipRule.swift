/// A path that this branch touches for the first time.
public struct FirstTouch: Hashable, Sendable {
  public var path: [UInt8]
  /// Every planned, unmerged stream with a pattern that matches the path.
  public var owners: [StreamReference]
  /// The branch's own stream; `nil` when the plan does not name the branch.
  public var stream: String?
  /// How the commit is being made; `nil` where it is made already.
  public var form: CommitForm?

  public init(path: [UInt8], owners: [StreamReference], stream: String?, form: CommitForm?) {
    self.path = path
    self.owners = owners
    self.stream = stream
    self.form = form
  }
}

/// A stream keeps to paths that are its own or nobody's.
public enum OwnershipRule {
  public static let id: RuleID = "ownership"

  public static func findings(in touch: FirstTouch) -> [Finding] {
    guard !touch.owners.isEmpty, !touch.owners.contains(where: { $0.id == touch.stream }) else { return [] }
    return [Finding(id, .warning, .foreign(touch), path: touch.path)]
  }
}

extension Finding.Message {
  fileprivate static func foreign(_ touch: FirstTouch) -> Self {
    .init(
      "belongs to \(touch.owners.titles)",
      hint: touch.form.map { "to leave it out: \($0.leavingOut(touch.path))" })
  }
}
