import TestSupport
import Testing

@testable import Reporting

@Suite("Text from elsewhere")
struct NeutralisedTests {
  @Test(
    "What a terminal would act on is written out",
    arguments: [
      ("plain text, 'quoted' \\ ~", "plain text, 'quoted' \\ ~"),
      ("\u{1b}[31mred\u{7}", "\\x1b[31mred\\x07"),
      ("a\nb\rc\td\0", "a\\nb\\rc\\td\\x00"),
      ("\r\n", "\\r\\n"),
      ("\u{7f}\u{9b}31m", "\\x7f\\u{9b}31m"),
      ("user\u{202e}gpj.exe\u{2066}", "user\\u{202e}gpj.exe\\u{2066}"),
      ("zero\u{200b}width\u{200d}\u{feff}", "zero\\u{200b}width\\u{200d}\\u{feff}"),
      ("a\u{2028}b\u{2029}c\u{e0041}", "a\\u{2028}b\\u{2029}c\\u{e0041}"),
      ("\u{3164}\u{ad}", "\\u{3164}\\u{ad}"),
      ("grüße 日本 👍🏽 e\u{301}", "grüße 日本 👍🏽 e\u{301}"),
    ])
  func neutralisedText(text: String, expected: String) {
    #expect(Array(neutralised(text).unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test(
    "Bytes that are not UTF-8 are written out one by one, and what follows is not lost",
    arguments: [
      ([0x61, 0xff, 0x62], "a\\xffb"), ([0xc3, 0x28], "\\xc3("), ([0xe2, 0x82], "\\xe2\\x82"),
      ([0xc0, 0x80], "\\xc0\\x80"), ([0xed, 0xa0, 0x80, 0x41], "\\xed\\xa0\\x80A"),
      ([0xf0, 0x9f, 0x91, 0x8d, 0x80], "👍\\x80"), ([], ""),
    ] as [([UInt8], String)])
  func neutralisedBytes(bytes: [UInt8], expected: String) { #expect(neutralised(bytes) == expected) }

  @Test("Whatever the bytes, nothing that a terminal acts on comes out")
  func randomBytes() {
    let seed = SeededGenerator.announcedSeed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let text = neutralised(bytes)
      #expect(text.unicodeScalars.allSatisfy(isHarmless), "seed \(seed)")
    }
  }
}

@Suite("Text for display")
struct DisplayTextTests {
  let hostile = "\u{1b}[2J\n"

  @Test("Literals stay as they are, whatever is put between them is neutralised")
  func interpolation() {
    let bytes: [UInt8] = [0xff]
    let inner: DisplayText = "<\(hostile)>"
    let text: DisplayText = "a\t\(hostile)|\(bytes: bytes)|\(inner)|\(7)|\(hostile, .strong)"
    #expect(text.plain == "a\t\\x1b[2J\\n|\\xff|<\\x1b[2J\\n>|7|\\x1b[2J\\n")
    #expect(DisplayText(hostile).plain == "\\x1b[2J\\n")
  }

  @Test("Nouns are counted", arguments: [(0, "0 errors"), (1, "1 error"), (2, "2 errors")])
  func nouns(count: Int, expected: String) {
    let text: DisplayText = "\(count, "error")"
    #expect(text.plain == expected)
  }

  @Test("Emphasis shows with colour only, and ends where it should")
  func emphasis() {
    let text: DisplayText = "a \("b", .error) c"
    #expect(text.rendered(withColour: false) == "a b c")
    #expect(text.rendered(withColour: true) == "a \u{1b}[1;31mb\u{1b}[0m c")
    #expect(text.emphasized(.faint).rendered(withColour: true) == "\u{1b}[2ma b c\u{1b}[0m")
  }

  @Test(
    "Width is that of a terminal",
    arguments: [
      ("abc", 3), ("日本語", 6), ("e\u{301}", 1), ("👍", 2), ("한국", 4), ("ｶﾅ", 2), ("ＡＢ", 4), ("🇩🇪", 2), ("…é", 2),
      ("⌚✓", 3),
      ("\u{1b}", 4),
    ])
  func width(text: String, expected: Int) { #expect(DisplayText(text).width == expected) }

  @Test(
    "Text is cut by columns, never in the middle of a wide character",
    arguments: [
      ("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("ab", 1, "…"),
      ("ab", 0, ""),
      ("e\u{301}e\u{301}e", 2, "e\u{301}…"),
    ])
  func truncation(text: String, limit: Int, expected: String) {
    let cut = DisplayText(text).truncated(to: limit)
    #expect(cut.plain == expected)
    #expect(cut.width <= limit)
  }
}
