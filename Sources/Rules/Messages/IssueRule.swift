import Platform

/// A stream's commit says which of the stream's issues it is for.
enum IssueRule: MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault] {
    let context = judged.context
    guard context.occasion == .written, !context.issues.isEmpty else { return [] }
    let message = judged.message
    guard !context.issues.contains(where: { message.names(issue: $0) }) else { return [] }
    let others = message.namedIssues(prefixes: context.issuePrefixes)
    let expected =
      context.issues.count == 1 ? "'\(context.issues[0])'" : "one of \(context.issues.joined(separator: ", "))"
    let text =
      others.isEmpty
      ? "the commit names no issue of its stream"
      : "the commit names \(others.joined(separator: ", ")), which is not its stream's"
    var hint = "name \(expected) in the subject or in a 'Refs:' footer"
    if context.remedy == .amend, context.issues.count == 1 {
      let footer = shellQuoted("Refs: \(context.issues[0])")
      hint = "git commit --amend --only --allow-empty --no-edit --trailer \(footer)"
    }
    return [MessageFault(rule: "message.issue", text: text, hint: hint)]
  }
}
