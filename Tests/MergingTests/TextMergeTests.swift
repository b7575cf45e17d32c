import Testing

@testable import Merging

@Suite("Decidable text")
struct TextMergeTests {
  private func merge(_ base: String, _ ours: String, _ theirs: String) -> TextMerge {
    TextMerge(base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8))
  }

  @Test("Changes with an untouched line between them are merged, in either order")
  func disjoint() {
    let expected = TextMerge.merged(Array("A\nb\nC\n".utf8))
    #expect(merge("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n") == expected)
    #expect(merge("a\nb\nc\n", "a\nb\nC\n", "A\nb\nc\n") == expected)
  }

  @Test("An insertion, a deletion and a change of length elsewhere keep every line")
  func lengths() {
    #expect(merge("a\nb\nc\nd\n", "x\ny\na\nb\nc\nd\n", "a\nb\nc\n") == .merged(Array("x\ny\na\nb\nc\n".utf8)))
    #expect(merge("a\nb\nc\nd\n", "a\nb\nc\n", "x\ny\na\nb\nc\nd\n") == .merged(Array("x\ny\na\nb\nc\n".utf8)))
  }

  @Test("The same change on both sides counts once")
  func identical() {
    #expect(merge("a\n", "a\nb\n", "a\nb\n") == .merged(Array("a\nb\n".utf8)))
  }

  @Test("Several changes on each side are merged as long as none touches the other side's")
  func severalHunks() {
    let base = "a\nb\nc\nd\ne\nf\ng\n"
    #expect(
      merge(base, "A\nb\nc\nd\nE\nf\ng\n", "a\nb\nC\nd\ne\nf\ng\nh\n")
        == .merged(Array("A\nb\nC\nd\nE\nf\ng\nh\n".utf8)))
    #expect(
      merge(base, "A\nb\nc\nd\nE\nf\ng\n", "A\nb\nc\nd\ne\nf\nG\n") == .merged(Array("A\nb\nc\nd\nE\nf\nG\n".utf8)))
    let region = ConflictRegion(
      base: LineRange(first: 5, count: 2), ours: LineRange(first: 6, count: 2), theirs: LineRange(first: 5, count: 2))
    #expect(merge(base, "a\nx\nb\nc\nd\nE\nf\ng\n", "a\nb\nc\nd\ne\nF\ng\n") == .conflict([region]))
  }

  @Test("Changes that touch or overlap conflict, with the lines of both sides")
  func touching() {
    let region = ConflictRegion(
      base: LineRange(first: 1, count: 2), ours: LineRange(first: 1, count: 2), theirs: LineRange(first: 1, count: 3))
    #expect(merge("a\nb\nc\n", "A\nb\nc\n", "a\nB\nB2\nc\n") == .conflict([region]))
    #expect(
      merge("a\n", "a\nb\n", "a\nc\n")
        == .conflict([
          ConflictRegion(
            base: LineRange(first: 2, count: 0), ours: LineRange(first: 2, count: 1),
            theirs: LineRange(first: 2, count: 1))
        ]))
  }

  @Test("A line that occurs twice leaves the decision to git")
  func ambiguous() {
    #expect(merge("a\n\nb\n\nc\n", "a\n\nx\n\nb\n\nc\n", "a\n\nb\n\nC\n") == .undecided)
  }

  @Test("A line that moves leaves the decision to git")
  func moved() {
    #expect(merge("a\nb\nc\nd\n", "b\na\nc\nd\n", "a\nb\nc\nD\n") == .undecided)
  }

  @Test("A file with NUL leaves the decision to git")
  func binary() {
    #expect(merge("a\nb\nc\n", "A\0\nb\nc\n", "a\nb\nC\n") == .undecided)
  }

  @Test("A lost final newline is a change like any other")
  func finalNewline() {
    #expect(merge("a\nb\nc\n", "A\nb\nc\n", "a\nb\nc") == .merged(Array("A\nb\nc".utf8)))
  }
}
