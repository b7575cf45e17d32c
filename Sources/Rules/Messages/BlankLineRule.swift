/// A blank line parts header and body; without it git takes both for the subject.
enum BlankLineRule: MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault] {
    guard !judged.message.hasBlankLineAfterHeader else { return [] }
    return [
      MessageFault(rule: "message.blank-line", text: "the line below the header must be blank", line: 2)
    ]
  }
}
