import Platform

/// An issue of a stream's commits, and what it waits for.
public struct WaitingIssue: Hashable, Sendable {
  public var issue: String
  /// An issue of another stream that is not done.
  public var awaited: String
  public var stream: StreamReference
  /// Short.
  public var trunk: String

  public init(issue: String, awaited: String, stream: StreamReference, trunk: String) {
    self.issue = issue
    self.awaited = awaited
    self.stream = stream
    self.trunk = trunk
  }
}

/// Work is pushed after the work of other streams that it waits for.
public enum DependsRule {
  public static let id: RuleID = "depends"

  public static func findings(in waiting: WaitingIssue) -> [Finding] {
    [Finding(id, .warning, .notDone(waiting))]
  }
}

extension Finding.Message {
  fileprivate static func notDone(_ waiting: WaitingIssue) -> Self {
    .init(
      "\(waiting.issue) waits for \(waiting.awaited) of \(waiting.stream.title), which is not done",
      hint: "to see how far it is: git log --oneline \(shellQuoted(waiting.trunk + ".." + waiting.stream.branch))")
  }
}
