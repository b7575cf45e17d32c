/// A path that this branch touches for the first time.
public struct FirstTouch: Hashable, Sendable {
  public var path: [UInt8]
  /// Every planned, unmerged stream with a pattern that matches the path.
  public var owners: [StreamReference]
  /// The branch's own stream; `nil` when the plan does not name the branch.
  public var stream: String?
  public var isStaged: Bool

  public init(path: [UInt8], owners: [StreamReference], stream: String?, isStaged: Bool) {
    self.path = path
    self.owners = owners
    self.stream = stream
    self.isStaged = isStaged
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
      hint: touch.isStaged ? "to leave it out: \(unstaging(touch.path))" : nil)
  }
}
