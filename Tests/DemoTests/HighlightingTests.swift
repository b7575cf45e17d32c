import Reporting
import Testing

@testable import Demo

@Suite("Highlighting")
struct HighlightingTests {
  @Test(
    "What a finding and its hint begin with stands out, where they are none nothing does",
    arguments: [
      ("hint: error: a", "[hint:] error: a"), ("error: no hint: b", "[error:] no hint: b"),
      ("a/b:1:2: error: c", "a/b:1:2: [error:] c"), ("abc1234 x: y: warning: z", "abc1234 x: y: [warning:] z"),
      ("an error: not ours", "an error: not ours"), ("terror: of words", "terror: of words"), ("", ""),
    ])
  func marks(line: String, shown: String) {
    let rendered = highlighted(DisplayText(line)).rendered(withColour: true)
    let brackets = rendered.replacing(/\u{1b}\[0m/, with: "]").replacing(/\u{1b}\[[0-9;]+m/, with: "[")
    #expect(brackets == shown)
  }
}
