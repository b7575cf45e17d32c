import Exports
import Merging
import TestSupport
import Testing

import class Foundation.ProcessInfo

/// What holds for every merge of barrels. `MERGE_TRIPLES` in the environment makes the runs longer, `PREFLIGHT_SEED` repeats one.
@Suite("Laws of merging barrels")
struct BarrelLawTests {
  /// A broken law: which, and on what.
  private struct Breach: Error, CustomStringConvertible {
    var description: String
  }

  @Test("Generated merges are lawful")
  func generated() {
    let seed = SeededGenerator.announcedSeed()
    var generator = SeededGenerator(seed: seed)
    var merged = 0
    let count = tripleCount
    for number in 0..<count {
      let triple = BarrelTriple(using: &generator)
      do {
        merged += try check(triple) ? 1 : 0
      } catch {
        Issue.record(
          "seed \(seed), triple \(number): \(error)\nbase:\n\(triple.base.text())\nours:\n\(triple.ours.text())\ntheirs:\n\(triple.theirs.text())"
        )
        return
      }
    }
    print("laws of barrels: seed \(seed), \(count) triples, \(merged) merged without conflict")
    #expect(merged > count / 2)
  }

  @Test("What is clearly clean from the changes alone, the policy merges, too")
  func clearlyClean() {
    let seed = SeededGenerator.announcedSeed()
    var generator = SeededGenerator(seed: seed)
    var clear = 0
    for number in 0..<tripleCount {
      let triple = BarrelTriple(using: &generator)
      let texts = [triple.base.text(), triple.ours.text(), triple.theirs.text()].map { Array($0.utf8) }
      let base = TextBase(texts[0])
      let path = Array("src/index.ts".utf8)
      guard TextChange(base, texts[1]).clearlyMerges(with: TextChange(base, texts[2]), policy: .barrel, path: path),
        case .merged(let lines) = TextMerge(base: texts[0], ours: texts[1], theirs: texts[2])
      else { continue }
      clear += 1
      let result = Merge.files(
        base: texts[0], ours: texts[1], theirs: texts[2], policy: .barrel, path: path, textResult: lines)
      if case .conflict = result.outcome {
        Issue.record("seed \(seed), triple \(number):\n\(texts.map { String(decoding: $0, as: UTF8.self) })")
        return
      }
    }
    print("clearly clean: seed \(seed), \(clear) of \(tripleCount) triples")
    #expect(clear > tripleCount / 50)
  }

  @Test(
    "Only what stands for itself is told from the changes alone",
    arguments: [
      ("", "export * from './new'", true),
      ("", "// a note", true),
      ("// Database (SMI-1446)", "// Database (SMI-1446), again", true),
      ("// export * from './s'", "export * from './s'", true),
      // What both say is the policy's to count.
      ("", "export * from './theirs'", false),
      ("", "// export * from './theirs'", false),
      // A list over several lines, a template, half a statement, code.
      ("", "export {", false),
      ("", "const a = `", false),
      ("", "/* a", false),
      ("", "export * from", false),
      ("", "setUp()", false),
      ("", "// './x'", false),
      ("", "// export {", false),
      // A quote in a comment goes nowhere.
      ("// don't", "// matters not", true),
      ("// don't", "export * from './new'", true),
    ])
  func standsForItself(old: String, new: String, isClear: Bool) {
    let head = "export * from './a'\nexport * from './b'\n"
    let tail = "\nexport * from './c'\nexport * from './d'\n"
    let base = TextBase(Array((head + old + tail).utf8))
    let ours = TextChange(base, Array((head + new + tail).utf8))
    let theirs = TextChange(base, Array((head + old + tail + "export * from './theirs'\n").utf8))
    let path = Array("src/index.ts".utf8)
    #expect(ours.clearlyMerges(with: theirs, policy: .barrel, path: path) == isClear)
    #expect(theirs.clearlyMerges(with: ours, policy: .barrel, path: path) == isClear)
  }

  @Test("Nothing is told from the changes alone where lines do not stand alone, and none of what touches")
  func restReadWhole() {
    let list = "export {\n  A,\n} from './a'\n"
    let path = Array("src/index.ts".utf8)
    func clear(_ base: String, _ ours: String, _ theirs: String) -> Bool {
      let text = TextBase(Array(base.utf8))
      return TextChange(text, Array(ours.utf8))
        .clearlyMerges(with: TextChange(text, Array(theirs.utf8)), policy: .barrel, path: path)
    }
    let lines = "export * from './x'\nexport * from './y'\n"
    #expect(!clear(list + lines, "export * from './n'\n" + list + lines, list + lines + "export * from './m'\n"))
    #expect(!clear(lines, lines + "export * from './n'\n", lines + "export * from './m'\n"))
    #expect(clear(lines, "export * from './n'\n" + lines, lines + "export * from './m'\n"))
  }

  /// Whether the sides merged without conflict.
  private func check(_ triple: BarrelTriple) throws -> Bool {
    let (base, ours, theirs) = (triple.base.text(), triple.ours.text(), triple.theirs.text())
    let result = merge(base, ours, theirs)
    func expect(_ holds: Bool, _ law: String) throws {
      if !holds { throw Breach(description: "\(law)\nresult:\n\(result.text)") }
    }
    try expect(merge(base, base, theirs).text == theirs, "a side that changed nothing has no say")
    try expect(merge(base, ours, ours).text == ours, "two equal sides are merged")
    try expect(merge(base, ours, theirs) == result, "the same input gives the same result")
    let swapped = merge(base, theirs, ours)
    switch result.outcome {
    case .undecided:
      try expect(swapped.outcome == result.outcome, "sides mean order only")
      return false
    case .conflict(let text):
      try expect(swapped.isConflict, "sides mean order only")
      for region in text.regions { try expect(region.ours != region.theirs, "a conflict has two sides") }
      try checkNothingIsLost(triple, in: result.text, expect)
      return false
    case .merged:
      try expect(swapped.text == result.text, "sides mean order only")
      try expect(merge(base, ours, result.text).text == result.text, "merging again changes nothing")
      try expect(merge(base, result.text, theirs).text == result.text, "merging again changes nothing")
      let statements = Barrel(Array(result.text.utf8), language: .typeScript).items.compactMap(\.statement?.identity)
      try expect(Set(statements).count == statements.count, "each statement stands there once")
      try checkNothingIsLost(triple, in: result.text, expect)
      try checkRemovals(triple, in: result.text, expect)
      return true
    }
  }

  /// Without the comment sign, which comes and goes with a stub's life.
  private func words(of text: String) -> [Substring] {
    text.utf8.split { $0 < 0x21 || ",'{}".utf8.contains($0) }.map { Substring($0) }.filter { $0 != "//" }
  }

  private func checkNothingIsLost(
    _ triple: BarrelTriple, in text: String, _ expect: (Bool, String) throws -> Void
  ) throws {
    let kept = Set(words(of: text))
    for side in [triple.ours, triple.theirs] {
      for line in side.lines where !triple.base.lines.contains(line) {
        let lost = words(of: line.text).filter { !kept.contains($0) }
        try expect(lost.isEmpty, "what a side wrote is in the result: \(lost)")
      }
    }
    for line in triple.base.lines {
      guard let module = line.module else { continue }
      if triple.ours.removed.contains(module) || triple.theirs.removed.contains(module) { continue }
      try expect(kept.contains("./\(module)"[...]), "what nobody removed is in the result")
    }
  }

  private func checkRemovals(
    _ triple: BarrelTriple, in text: String, _ expect: (Bool, String) throws -> Void
  ) throws {
    let kept = Set(words(of: text))
    for module in triple.ours.removed.union(triple.theirs.removed) {
      try expect(!kept.contains("./\(module)"[...]), "what a side removed is gone")
    }
  }
}

/// How many triples a law is tried on.
let tripleCount = ProcessInfo.processInfo.environment["MERGE_TRIPLES"].flatMap(Int.init) ?? 2_000
