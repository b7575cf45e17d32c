/// The header can be read whole in `git log --oneline`.
enum SubjectLengthRule: MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault] {
    let limit = judged.policy.subjectLimit
    let subject = judged.message.header.trimmed.withoutPullRequest
    guard limit > 0, subject.count > limit, let length = judged.message.encoding.length(of: subject), length > limit
    else { return [] }
    return [
      MessageFault(
        rule: "message.subject-length",
        text: "the header has \(length) characters, \(length - limit) more than \(limit): move detail to the body")
    ]
  }
}

extension ArraySlice<UInt8> {
  /// Without the ` (#123)` that hosts append when they squash.
  var withoutPullRequest: ArraySlice<UInt8> {
    guard last == .rightParenthesis else { return self }
    let digits = dropLast().reversed().prefix { $0.isASCIIDigit }.count
    let rest = dropLast(digits + 1)
    return digits > 0 && rest.suffix(3).equals(" (#") ? rest.dropLast(3).trimmedAtEnd : self
  }
}
