import Git
import Plan

/// Judges messages of commits that exist as the rules stand, and finds for each rule the settings with which its findings
/// would not have been.
public struct HistoryTrial {
  /// What one rule had to say.
  public struct Verdict: Hashable, Sendable {
    public var rule: RuleID
    public var severity: Severity
    /// The commits that it has findings for, in the order in which they were judged.
    public var commits: [ObjectID]
    /// All together make the rule content.
    public var settings: [PlanSetting]
  }

  private let policy: Plan.CommitPolicy
  private let levels: RuleSettings
  private var commits: [RuleID: [ObjectID]] = [:]
  private var severities: [RuleID: Severity] = [:]
  private var needs = Needs()

  public init(policy: Plan.CommitPolicy, settings: RuleSettings) {
    self.policy = policy
    levels = settings
  }

  /// - Parameter context: its `commit` is `commit`.
  public mutating func judge(_ message: CommitMessage, of commit: ObjectID, context: MessageContext) {
    let findings = messageFindings(for: message, policy: policy, settings: levels, context: context)
    for finding in findings where commits[finding.rule]?.last != commit {
      commits[finding.rule, default: []].append(commit)
      severities[finding.rule] = finding.severity
      needs.note(finding.rule, in: message, policy: policy)
    }
  }

  /// In the order of `RuleTable`.
  public var verdicts: [Verdict] {
    RuleTable.entries.compactMap { entry in
      guard let commits = commits[entry.rule], let severity = severities[entry.rule] else { return nil }
      return Verdict(
        rule: entry.rule, severity: severity, commits: commits, settings: settings(for: entry.rule, severity))
    }
  }

  /// The commits that would have been refused, each once.
  public var refused: Set<ObjectID> {
    Set(commits.filter { severities[$0.key] == .error }.flatMap(\.value))
  }

  /// The narrowest setting there is; where there is none, the rule speaks more softly.
  private func settings(for rule: RuleID, _ severity: Severity) -> [PlanSetting] {
    switch rule.rawValue {
    case "message.type" where !needs.types.isEmpty: [.types(policy.types + needs.types)]
    case "message.scope" where !scopeSettings.isEmpty: scopeSettings
    case "message.subject-length": [.subjectLimit(needs.subjectLength)]
    case "message.body-length": [.bodyLimit(needs.bodyLength)]
    default: [.level(rule: rule.rawValue, severity == .error ? .warn : .off)]
    }
  }

  private var scopeSettings: [PlanSetting] {
    (needs.scopes.isEmpty ? [] : [.scopes(policy.scopes + needs.scopes)])
      + (needs.lacksScope ? [.requiresScope(false)] : [])
  }
}

/// What the plan would have to allow.
private struct Needs {
  /// In the order in which they came, in lower case.
  var types: [String] = []
  var scopes: [String] = []
  var lacksScope = false
  var subjectLength = 0
  var bodyLength = 0

  mutating func note(_ rule: RuleID, in message: CommitMessage, policy: Plan.CommitPolicy) {
    switch rule.rawValue {
    case "message.type": noteType(in: message)
    case "message.scope": noteScopes(in: message, policy)
    case "message.subject-length":
      let subject = message.header.trimmed.withoutPullRequest
      subjectLength = max(subjectLength, message.encoding.length(of: subject) ?? subject.count)
    case "message.body-length":
      for line in message.bodyLines {
        let length = BodyLengthRule.length(of: message.bytes[line], in: message, above: policy.bodyLimit)
        bodyLength = max(bodyLength, length ?? 0)
      }
    default: break
    }
  }

  private mutating func noteType(in message: CommitMessage) {
    guard let header = try? ConventionalHeader(message.header) else { return }
    // One that is not UTF-8 cannot stand in a plan.
    guard let type = String(validating: message.bytes[header.type].map(\.asciiLowercased), as: UTF8.self) else {
      return
    }
    if !types.contains(type) { types.append(type) }
  }

  private mutating func noteScopes(in message: CommitMessage, _ policy: Plan.CommitPolicy) {
    guard let header = try? ConventionalHeader(message.header) else { return }
    guard let scope = header.scope else { return lacksScope = true }
    for part in message.bytes[scope].split(separator: UInt8(ascii: ",")).map(\.trimmed) {
      guard case .unknown = policy.verdict(onScope: Array(part)) else { continue }
      guard let name = String(validating: part, as: UTF8.self) else { continue }
      if !scopes.contains(name) { scopes.append(name) }
    }
  }
}
