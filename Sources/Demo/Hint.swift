/// What a person copies out of a command's output and pastes.
enum Hint {
  /// The command of the last line that begins with `hint: `; `nil` where there is none.
  ///
  /// Words before the command that say what it is for are no part of it: "to leave it out: git restore …".
  static func command(in output: [UInt8]) -> String? {
    let hints = output.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: "hint: ".utf8) }
    guard let last = hints.last else { return nil }
    let text = String(decoding: last.dropFirst("hint: ".utf8.count), as: UTF8.self)
    return purposeEnd(in: text).map { String(text[$0...]) } ?? text
  }

  /// Behind the first ": ", if what stands before it can be no command with a message: it has no option and no quote.
  private static func purposeEnd(in text: String) -> String.Index? {
    var start = text.startIndex
    while let colon = text[start...].firstIndex(of: ":") {
      start = text.index(after: colon)
      guard text[start...].first == " " else { continue }
      let words = text[..<colon]
      let isPurpose =
        !words.contains { "'\"`".contains($0) } && !words.split(separator: " ").contains { $0.first == "-" }
      return isPurpose ? text.index(after: start) : nil
    }
    return nil
  }
}
