import Git

/// How much a finding matters: an error stops the operation, a warning is said once.
public enum Severity: String, Sendable, Hashable, CaseIterable {
  case error
  case warning
}

/// The fixed name of a rule, such as `exports.foreign`.
public struct RuleID: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral text: String) { rawValue = text }
  public var description: String { rawValue }
}

/// What a rule reports: where, what, and how to make it right.
public struct Finding: Hashable, Sendable {
  /// Wording: what is wrong in one line (lower case, no full stop), and the line to paste that makes it pass.
  public struct Message: Hashable, Sendable {
    public var text: String
    /// A command, or a sentence where no command can do it.
    public var hint: String?

    public init(_ text: String, hint: String? = nil) {
      self.text = text
      self.hint = hint
    }
  }

  public var rule: RuleID
  public var severity: Severity
  public var message: Message
  /// Within the repository, as bytes; `nil` for what concerns no file.
  public var path: [UInt8]?
  /// From 1.
  public var line: Int?
  /// From 1, in code points.
  public var column: Int?
  /// The commit that is judged, where one exists already.
  public var commit: ObjectID?

  public init(
    _ rule: RuleID, _ severity: Severity, _ message: Message, path: [UInt8]? = nil, line: Int? = nil,
    column: Int? = nil, commit: ObjectID? = nil
  ) {
    self.rule = rule
    self.severity = severity
    self.message = message
    self.path = path
    self.line = line
    self.column = column
    self.commit = commit
  }
}
