import Exports
import TestSupport
import Testing

@Suite("Any bytes make a barrel, and none is lost")
struct LosslessTests {
  private static let fragments: [[UInt8]] =
    [
      "export ", "export * from './a.js'", "export {", "}", " from ", "'./b'", "\"", "'", "`", "${", "/*", "*/", "//",
      "// ", "\n",
      "\r\n", "\r", ";", ",", "type ", "default ", "const x = ", "from .x import ", "(", ")", "[", "]", "#", "# ",
      "\"\"\"",
      "__all__ = [", "pub mod x;", "pub use ", "::", "r#\"", "#[a]", "@_exported ", "import X", "\\", "/", "=", " ",
      "\u{FEFF}", "é",
    ].map { Array($0.utf8) } + [[0], [0xFF], [0xC3], [0xE2, 0x82]]

  @Test("A comment that ends the file in an open template ends it (found by fuzzing: it hung)", .timeLimit(.minutes(1)))
  func commentAtTheEndOfATemplate() {
    for end in ["// x", "/* x */", "/* x */ // y", "/* x */ y", "// export * from './a'"] {
      let bytes = Array("`${\n)\n\(end)".utf8)
      let barrel = Barrel(bytes, language: .typeScript)
      #expect(barrel.items.flatMap { barrel.bytes(of: $0) } == bytes)
    }
  }

  @Test("Items put together are the file, in order and on the right lines", arguments: Language.allCases)
  func lossless(language: Language) {
    let seed = SeededGenerator.announcedSeed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let count = Int.random(in: 0...40, using: &generator)
      let bytes = (0..<count).flatMap { _ in Self.fragments.randomElement(using: &generator)! }
      let barrel = Barrel(bytes, language: language)
      guard barrel.items.flatMap({ barrel.bytes(of: $0) }) == bytes, isInOrder(barrel) else {
        Issue.record("seed \(seed): \(bytes)")
        return
      }
    }
  }

  private func isInOrder(_ barrel: Barrel) -> Bool {
    barrel.items.allSatisfy { item in
      let before = barrel.bytes[..<item.range.lowerBound].count { $0 == 0x0A }
      let trailing = item.trailingComment.map {
        item.range.contains($0.lowerBound) && $0.upperBound <= item.range.upperBound
      }
      return !item.range.isEmpty && item.lines.lowerBound == before + 1 && trailing != false
        && (item.stub.map { isStillTheStatement($0, barrel.language) } ?? true)
    }
  }

  /// What a stub says is what its uncommented bytes say.
  private func isStillTheStatement(_ stub: Stub, _ language: Language) -> Bool {
    let live = Barrel(stub.uncommented, language: language)
    return live.items.count == 1 && live.items[0].liveStatement == stub.statement
  }

  @Test(
    "Time grows with the bytes, whatever they are",
    arguments: [
      "export ", "export {\n", "// export {\n", "// export /*\n", "// export const a = [\n", "export const a =\n",
      "=/[", "/**/", "`${",
      "// ws1 WS1 SMI-1\n", "// #[a]\n", "#[a]\n", "\n", "(", "a /\n", "# from .x import (\n", "pub use {", "{",
      "\"\\(", "r#",
      "@a\n", "// @a\n", "'\\", "// export * from './a' // ws1\n", "#", "/*", "export type A<", "export default class ",
    ])
  func linear(fragment: String) {
    let streams = [StreamNames(id: "ws1", name: "One", issues: ["SMI-1"])]
    for language in Language.allCases {
      let small = seconds(fragment, 1 << 13, language, streams)
      let large = seconds(fragment, 1 << 17, language, streams)
      // Sixteen times the bytes; a quadratic step would take 256 times as long. The constant forgives a busy machine.
      #expect(large < 64 * small + 0.5, "\(language): \(small) s, \(large) s")
    }
  }

  @Test(
    "A megabyte of everything that could mislead is read in seconds, even unoptimised", arguments: Language.allCases)
  func megabyte(language: Language) {
    let mixed = Self.fragments.map { $0.shown }.joined()
    #expect(seconds(mixed, 1 << 20, language, []) < 30)
  }

  private func seconds(_ fragment: String, _ size: Int, _ language: Language, _ streams: [StreamNames]) -> Double {
    let bytes = Array(Array(repeating: Array(fragment.utf8), count: size / fragment.utf8.count).joined())
    let time = ContinuousClock().measure {
      let barrel = Barrel(bytes, language: language)
      #expect(barrel.items.last?.range.upperBound == bytes.count)
      _ = Ownership(of: barrel, among: streams)
    }
    return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
  }
}
