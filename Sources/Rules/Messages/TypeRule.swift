import Plan

/// The type is one of the plan's. Its case does not count: conventional-commits v1.0.0, rule 15.
enum TypeRule: MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault] {
    guard case .success(let header) = judged.header else { return [] }
    let message = judged.message
    let type = message.bytes[header.type]
    guard judged.policy.type(matching: type) == nil else { return [] }
    var text = "unknown type '\(message.shown(type))'"
    if let correction = HeaderCorrection(of: message.header, policy: judged.policy) {
      text += "; did you mean '\(message.shown(correction.header))'?"
    } else {
      text += "; use one of \(judged.policy.types.joined(separator: ", "))"
    }
    return [MessageFault(rule: "message.type", text: text, position: header.type.lowerBound)]
  }
}

extension Plan.CommitPolicy {
  /// The plan's own spelling of a type; any type is fine where the plan lists none.
  func type(matching type: some Collection<UInt8>) -> [UInt8]? {
    if types.isEmpty { return Array(type) }
    return types.first { type.equalsIgnoringCase($0.utf8) }.map { Array($0.utf8) }
  }
}
