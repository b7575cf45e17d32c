/// Every byte of the message stands for a character.
enum EncodingRule: MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault] {
    guard !judged.message.isDecodable else { return [] }
    let isUTF8 = judged.message.encoding == .utf8
    return [
      MessageFault(
        rule: "message.encoding",
        text: isUTF8 ? "the message is not valid UTF-8" : "the encoding of the message is not one that we can read",
        hint: isUTF8
          ? "write it in UTF-8, or name its encoding: git config i18n.commitEncoding ISO-8859-1" : "write it in UTF-8")
    ]
  }
}
