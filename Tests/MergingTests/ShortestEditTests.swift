import TestSupport
import Testing

@testable import Merging

@Suite("The shortest edit")
struct ShortestEditTests {
  private func lines(_ count: Int, of kinds: Int, _ random: inout some RandomNumberGenerator) -> [ArraySlice<UInt8>] {
    (0..<count).map { _ in Array("line \(Int.random(in: 0..<kinds, using: &random))\n".utf8)[...] }
  }

  @Test("It leads from one text to the other, and no shorter one does", arguments: [1, 2, 3, 8, 40])
  func minimal(kinds: Int) {
    var random = SeededGenerator.announced()
    for _ in 0..<400 {
      let old = lines(.random(in: 0...30, using: &random), of: kinds, &random)
      let new = lines(.random(in: 0...30, using: &random), of: kinds, &random)
      let hunks = ShortestEdit(from: old, to: new).hunks
      var result: [ArraySlice<UInt8>] = []
      var position = 0
      for hunk in hunks {
        #expect(!hunk.old.isEmpty || !hunk.new.isEmpty)
        #expect(position == 0 || hunk.old.lowerBound > position)
        result += old[position..<hunk.old.lowerBound] + new[hunk.new]
        position = hunk.old.upperBound
      }
      #expect(result + old[position...] == new)
      let length = hunks.reduce(0) { $0 + $1.old.count + $1.new.count }
      #expect(length == new.difference(from: old).count, "\(old) \(new)")
    }
  }

  @Test("What is the same at both ends is no part of it")
  func ends() {
    func texts(_ text: String) -> [ArraySlice<UInt8>] { text.utf8.map { [$0][...] } }
    let hunks = ShortestEdit(from: texts("abcde"), to: texts("abXYe")).hunks
    #expect(hunks.map(\.old) == [2..<4] && hunks.map(\.new) == [2..<4])
    #expect(ShortestEdit(from: texts("abc"), to: texts("abc")).hunks.isEmpty)
    #expect(ShortestEdit(from: [], to: []).hunks.isEmpty)
    #expect(ShortestEdit(from: [], to: texts("ab")).hunks.map(\.new) == [0..<2])
  }
}
