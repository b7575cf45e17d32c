/// Body lines fit the width that the plan names. Links, code and footers cannot be wrapped and are let pass.
enum BodyLengthRule: MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault] {
    let limit = judged.policy.bodyLimit
    guard limit > 0 else { return [] }
    let message = judged.message
    var line = 1
    var faults: [MessageFault] = []
    for range in message.bodyLines {
      line += 1
      let text = message.bytes[range]
      guard let length = length(of: text, in: message, above: limit) else { continue }
      faults.append(
        MessageFault(
          rule: "message.body-length",
          text: "the line has \(length) characters, \(length - limit) more than \(limit)", line: line))
    }
    return faults
  }

  /// Characters of a line that is longer than `limit` and could have been wrapped; `nil` for any other.
  static func length(of text: ArraySlice<UInt8>, in message: CommitMessage, above limit: Int) -> Int? {
    guard text.count > limit, let length = message.encoding.length(of: text), length > limit,
      !text[text.startIndex].isBlank, !text.contains("://"), Footer(text) == nil, text.trimmed.contains(.space)
    else { return nil }
    return length
  }
}

extension ArraySlice<UInt8> {
  fileprivate func contains(_ text: StaticString) -> Bool {
    indices.contains { self[$0...].starts(with: text) }
  }
}
