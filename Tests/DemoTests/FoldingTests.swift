import Testing

@testable import Demo

@Suite("Folding")
struct FoldingTests {
  @Test(
    "Lines that are too wide go on below, further in; words stay whole, and the others stay as they are",
    arguments: [
      ("", []), ("short\n\nlines\n", ["short", "", "lines"]), ("  kept  in\n", ["  kept  in"]),
      ("one two three four\n", ["one two", "    three", "    four"]), ("table  row  \n", ["table  row"]),
      ("/a/word/that/is/wide and\n", ["/a/word/that/is/wide", "    and"]),
      ("    indented words\n", ["    indented", "    words"]),
      ("escape \u{1b}[31m\n", ["escape", "    \\x1b[31m"]), ("a\r\n", ["a\\r"]),
    ] as [(String, [String])])
  func folding(text: String, lines: [String]) {
    #expect(folded(text.utf8, width: 11).map(\.plain) == lines)
  }
}
