import Plan

/// The header is a conventional one: `type(scope)!: description`.
enum GrammarRule: MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault] {
    guard case .failure(let fault) = judged.header else { return [] }
    let header = judged.message.header
    var kind = fault.kind
    let correction = HeaderCorrection(of: header, policy: judged.policy)
    // A reading of the header as it stands would have told what is wrong between its parts.
    if kind == .missingColon, correction != nil, HeaderReading(withoutColon: header, policy: judged.policy) == nil {
      kind = .textBeforeType
    }
    var text = kind.text(policy: judged.policy)
    if let correction { text += "; did you mean '\(judged.message.shown(correction.header))'?" }
    return [MessageFault(rule: "message.grammar", text: text, position: fault.position)]
  }
}

extension HeaderFault.Kind {
  fileprivate func text(policy: Plan.CommitPolicy) -> String {
    switch self {
    case .emptyHeader: "the message is empty"
    case .missingType: "the header begins without a type"
    case .textBeforeType: "the header must begin with its type"
    case .blankInHeader: "no blank may stand before the colon, the '!' or the scope"
    case .emptyScope: "the scope in parentheses is empty"
    case .nestedParentheses: "a scope cannot hold parentheses"
    case .unclosedScope: "the parenthesis of the scope is not closed"
    case .secondScope: "a header has one scope; write several as '(a,b)'"
    case .strayParenthesis: "a ')' without its '('"
    case .markBeforeScope: "the '!' belongs behind the scope"
    case .secondMark: "one '!' is enough"
    case .missingColon: "there is no colon behind the type: a header reads 'type(scope): description'"
    case .fullWidthColon: "the colon is a full-width one"
    case .missingSpace: "there is no space behind the colon"
    case .tabAfterColon: "there is a tab behind the colon, not a space"
    case .emptyDescription: "the description is empty"
    }
  }
}
