import FindingReports
import Testing

@testable import Demo

@Suite("Hints")
struct HintTests {
  @Test(
    "What is pasted is the command of the last hint, without the words that say what it is for",
    arguments: [
      ("hint: git add -- :/a.ts\n", "git add -- :/a.ts"),
      ("a: error: b [c]\nhint: to leave it out: git restore --staged -- a\n", "git restore --staged -- a"),
      ("hint: to commit the rest (your edit stays in the file): git restore -- :/a\n", "git restore -- :/a"),
      ("hint: git commit -m 'docs: describe'\n", "git commit -m 'docs: describe'"),
      ("hint: git push origin HEAD:refs/heads/a\n", "git push origin HEAD:refs/heads/a"),
      ("hint: ws4: git -C ../a rebase --onto b c\n", "git -C ../a rebase --onto b c"),
      ("hint: first\nwarning\nhint: to do it: second: third\nsaid later\n", "second: third"),
    ])
  func command(output: String, command: String) {
    #expect(Hint.command(in: Array(output.utf8)) == command)
  }

  @Test("Without a hint there is nothing to paste", arguments: ["", "no hint: here\n", " hint: indented\n"])
  func nothing(output: String) {
    #expect(Hint.command(in: Array(output.utf8)) == nil)
  }
}
