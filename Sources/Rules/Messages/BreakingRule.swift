/// A breaking change is spelled so that tools see it: conventional-commits v1.0.0, rules 12, 15 and 16.
enum BreakingRule: MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault] {
    let message = judged.message
    if case .success(let header) = judged.header, header.isBreaking { return [] }
    var line = 1
    var faults: [MessageFault] = []
    for range in message.bodyLines {
      line += 1
      guard !range.isEmpty, message.bytes[range.lowerBound].asciiLowercased == UInt8(ascii: "b"),
        let spelling = BreakingSpelling(message.bytes[range])
      else { continue }
      if spelling.isRight { return [] }
      faults.append(
        MessageFault(
          rule: "message.breaking",
          text: "'\(message.shown(spelling.found))' does not count as a breaking change",
          hint: "write '\(message.shown(spelling.corrected))'", line: line))
    }
    return faults
  }
}

/// A line that means to announce a breaking change.
struct BreakingSpelling {
  /// What stands where `BREAKING CHANGE: ` should.
  let found: ArraySlice<UInt8>
  /// The line as it should be.
  let corrected: [UInt8]
  let isRight: Bool

  /// `nil` for prose, such as "Breaking changes to the parser are listed below".
  init?(_ line: ArraySlice<UInt8>) {
    guard line.startsIgnoringCase(with: "breaking".utf8) else { return nil }
    let separator = line.dropFirst(8).first
    guard separator == .space || separator == UInt8(ascii: "-") else { return nil }
    guard line.dropFirst(9).startsIgnoringCase(with: "change".utf8) else { return nil }
    var rest = line.dropFirst(15)
    let isPlural = rest.first?.asciiLowercased == UInt8(ascii: "s")
    if isPlural { rest = rest.dropFirst() }
    guard rest.first?.isASCIIAlphanumeric != true else { return nil }
    let words = line[..<rest.startIndex]
    let isUpper = !words.contains { $0 != $0.asciiUppercased }
    let afterBlanks = rest.drop { $0.isBlank }
    let hasColon = afterBlanks.first == .colon
    // Without a colon only capitals tell it from prose.
    guard hasColon || isUpper else { return nil }
    var text = hasColon ? afterBlanks.dropFirst() : afterBlanks
    isRight =
      hasColon && isUpper && !isPlural && rest.first == .colon && (text.isEmpty || text.first == .space)
      || isUpper && !isPlural && rest.starts(with: " #")
    found = hasColon ? line[..<text.startIndex] : words
    text = text.drop { $0.isBlank || $0 == UInt8(ascii: "-") }
    corrected = Array("BREAKING CHANGE:".utf8) + (text.isEmpty ? [] : [.space] + text)
  }
}

extension UInt8 {
  fileprivate var asciiUppercased: UInt8 {
    self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") ? self & ~0x20 : self
  }
}
