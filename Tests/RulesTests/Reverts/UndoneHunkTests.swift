import Testing

@testable import Rules

@Suite("revert.silent: which lines are taken back")
struct UndoneHunkTests {
  private func undone(_ earlier: String, _ base: String, _ now: String) -> [Int] {
    func text(_ words: String) -> [UInt8] { Array(words.split(separator: " ").map { $0 + "\n" }.joined().utf8) }
    return UndoneHunk.hunks(earlier: text(earlier), base: text(base), now: text(now)).map(\.line)
  }

  @Test("Lines that are back at what they were, whatever else was changed elsewhere")
  func replaced() {
    #expect(undone("a b c d e", "a X c d e", "a b c d e") == [2])
    #expect(undone("a b c d e", "a X c d e", "a b c d mine") == [2])
    #expect(undone("a b c d e", "a X c Y e", "0 a b c Y e") == [3])
    #expect(undone("a b c d e", "a X c Y e", "a b c d e") == [2, 4])
  }

  @Test("Lines that came and are gone, and lines that went and are back")
  func addedAndRemoved() {
    #expect(undone("a b c", "a NEW b c", "a b c mine") == [1])
    #expect(undone("a b c", "NEW a b c", "a b c mine") == [1])
    #expect(undone("a b c", "a c", "a b c mine") == [2])
  }

  @Test("Of equal lines in a row either may be the new one")
  func equalLines() {
    #expect(undone("a } } c", "a } } } c", "a } } c mine") == [3])
  }

  @Test("Another change of the same lines is no undoing, nor the same words at another place")
  func other() {
    #expect(undone("a b c", "a X c", "a Y c") == [])
    #expect(undone("a b c", "a X c", "a X b c") == [])
    #expect(undone("a b c d e f g", "a X c d e f X", "a X c d e f b") == [])
    #expect(undone("a b c", "a b c", "a X c") == [])
    #expect(undone("a b c", "a X c", "a X c") == [])
  }

  @Test("Line ends are no difference, and binary files have no lines")
  func forms() {
    let hunks = UndoneHunk.hunks(
      earlier: Array("a\nb\nc\n".utf8), base: Array("a\nX\nc\n".utf8), now: Array("a\r\nb\r\nc".utf8))
    #expect(hunks == [UndoneHunk(old: [Array("b".utf8)], new: [Array("X".utf8)], line: 2)])
    #expect(UndoneHunk.hunks(earlier: [0, 1], base: [0, 2], now: [0, 1]).isEmpty)
  }
}
