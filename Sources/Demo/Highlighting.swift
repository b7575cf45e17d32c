import Reporting

/// A line that a command of ours has printed into a pipe, with the colour that it gives to `error:`, `warning:` and `hint:` on
/// a terminal.
func highlighted(_ line: DisplayText) -> DisplayText {
  let text = line.plain
  for (word, emphasis) in marks {
    guard let range = text.firstRange(of: word) else { continue }
    let before = text[..<range.lowerBound]
    guard before.isEmpty || before.hasSuffix(": ") else { continue }
    return "\(String(before))\(word, emphasis)\(String(text[range.upperBound...]))"
  }
  return line
}

private let marks: [(String, Emphasis)] = [("hint:", .hint), ("error:", .error), ("warning:", .warning)]
