import Plan

/// What the rules say of a message: the one way for commit-msg, pre-push and `preflight` alike.
public func messageFindings(
  for message: CommitMessage, policy: Plan.CommitPolicy, settings: RuleSettings, context: MessageContext
) -> [Finding] {
  let judged = JudgedMessage(message, policy: policy, context: context)
  return judged.faults.reported(in: judged, settings: settings)
}

/// What to keep of a refused message so that nobody types it again: corrected where that makes it pass, else as it is.
/// In the encoding of the original.
public func messageToKeep(
  _ message: CommitMessage, policy: Plan.CommitPolicy, settings: RuleSettings, context: MessageContext
) -> [UInt8] {
  JudgedMessage(message, policy: policy, context: context).corrected(settings: settings)?.bytes
    ?? message.bytes + [.lineFeed]
}

/// A message with what every rule needs of it, found once.
struct JudgedMessage {
  let message: CommitMessage
  let policy: Plan.CommitPolicy
  let context: MessageContext
  let header: Result<ConventionalHeader, HeaderFault>
  let exemption: MessageExemption?

  init(_ message: CommitMessage, policy: Plan.CommitPolicy, context: MessageContext) {
    self.message = message
    self.policy = policy
    self.context = context
    header = Result { () throws(HeaderFault) in try ConventionalHeader(message.header) }
    exemption = MessageExemption(message, context: context)
  }

  /// What is wrong, severities aside.
  var faults: [MessageFault] {
    if let exemption {
      return exemption == .autosquash && context.isForTrunk ? FixupRule.faults(in: self) : []
    }
    let fixups = FixupRule.faults(in: self)
    // Work in progress is not to be pushed whatever its header is like.
    var rules: [any MessageRule.Type] = fixups.isEmpty ? [GrammarRule.self, TypeRule.self, ScopeRule.self] : []
    rules += [
      BlankLineRule.self, SubjectLengthRule.self, BodyLengthRule.self, BreakingRule.self, EncodingRule.self,
      IssueRule.self,
    ]
    return fixups + rules.flatMap { $0.faults(in: self) }
  }

  /// The message with its header corrected and a blank line below it, if the rules refuse that no longer.
  func corrected(settings: RuleSettings) -> CorrectedMessage? {
    guard exemption == nil, let correction = HeaderCorrection(of: message.header, policy: policy) else { return nil }
    var bytes = correction.header
    let rest = message.bytes[message.bodyStart...]
    if !rest.isEmpty {
      if !message.hasBlankLineAfterHeader { bytes.append(.lineFeed) }
      bytes.append(.lineFeed)
      bytes.append(contentsOf: rest)
    }
    bytes.append(.lineFeed)
    let judged = JudgedMessage(CommitMessage(bytes, as: message.encoding), policy: policy, context: context)
    guard !judged.faults.contains(where: { RuleTable.severity(of: $0.rule, in: settings) == .error }) else {
      return nil
    }
    let header = message.shown(correction.header)
    return CorrectedMessage(
      bytes: bytes, header: header, headerLine: message.skippedLines + 1, isHeaderAlone: rest.isEmpty,
      isPrintable: message.encoding == .utf8 && message.isDecodable
        && header.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }
}

/// A question asked of a message.
protocol MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault]
}

/// A finding before it is known how much it matters.
struct MessageFault: Hashable, Sendable {
  var rule: RuleID
  var text: String
  /// `nil`: how to put the message right as a whole, where it is refused.
  var hint: String?
  /// In the prepared message, from 1.
  var line = 1
  /// Index of a byte in the header; `nil` for what concerns the line as a whole.
  var position: Int?
}

extension [MessageFault] {
  fileprivate func reported(in judged: JudgedMessage, settings: RuleSettings) -> [Finding] {
    if isEmpty { return [] }
    var remedy: String??
    return compactMap { fault in
      guard let severity = RuleTable.severity(of: fault.rule, in: settings) else { return nil }
      var hint = fault.hint
      if hint == nil, severity == .error {
        remedy = remedy ?? .some(judged.context.remedy?.command(corrected: judged.corrected(settings: settings)))
        hint = remedy ?? nil
      }
      let message = judged.message
      return Finding(
        fault.rule, severity, .init(fault.text, hint: hint),
        line: judged.context.shownLine(fault.line, of: message),
        column: fault.position.flatMap { message.encoding.length(of: message.bytes[..<$0]) }.map { $0 + 1 },
        commit: judged.context.commit)
    }
  }
}
