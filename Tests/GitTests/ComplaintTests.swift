import Git
import Testing

@testable import Platform

@Suite("What git complains of")
struct ComplaintTests {
  @Test(
    "Is its first line of error with what it lists below, else the last line",
    arguments: [
      ("", ""),
      ("warning: a\nfatal: bad revision 'x'\n", "fatal: bad revision 'x'"),
      ("error: one\nerror: two\n", "error: one"),
      (
        "fatal: unknown repository extension found:\n\trelativeworktrees\n",
        "fatal: unknown repository extension found: relativeworktrees"
      ),
      (
        "error: would be overwritten:\n\ta b\n\tc\nPlease move them.\nAborting\n", "error: would be overwritten: a b, c"
      ),
      (
        "fatal: detected dubious ownership in repository at '/r'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory /r\n",
        "fatal: detected dubious ownership in repository at '/r'"
      ),
      ("one\ntwo\n", "two"),
      (
        "error: cannot lock ref 'r': Unable to create '/r r/main.lock': File exists.\n\nAnother git process seems to be running.\n",
        "error: cannot lock ref 'r': Unable to create '/r r/main.lock': File exists (if no git is at work: rm '/r r/main.lock')"
      ),
    ])
  func complaint(text: String, expected: String) {
    let result = ProcessResult(ending: .exited(128), output: [], error: Array(text.utf8))
    #expect(result.complaint == expected)
  }
}
