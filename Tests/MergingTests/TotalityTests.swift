import Merging
import TestSupport
import Testing

@Suite("Every policy takes any bytes")
struct TotalityTests {
  private let policies: [(MergePolicy, String)] = [
    (.barrel, "index.ts"), (.barrel, "__init__.py"), (.barrel, "lib.rs"), (.barrel, "A.swift"),
    (.changelog, "CHANGELOG.md"), (.manifest(), "package.json"), (.manifest(versions: .higher), "package.json"),
    (.text, "a.txt"), (.submodule, "vendor"), (.regenerate, "package-lock.json"),
  ]

  private let fragments: [[UInt8]] =
    [
      "export * from './a'\n", "// export * from './b'\n", "export { x } from './c';", "import a from 'b'\n", "{", "}",
      "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "\n", "\r\n", "\r", "  ", "\t", "## [Unreleased]\n", "## 1.0\n",
      "### Added\n", "- a\n", "- b c d\n", "- b c e\n", "```\n", "[x]: y\n", "<<<<<<< a\n", ">>>>>>> b\n", "\u{FEFF}",
      "\\", "{\"a\":1}", "{\"a\":{\"b\":[1]}}",
    ].map { Array($0.utf8) } + [[0], [0xFF], [0xC3]]

  @Test("No bytes crash a policy, and none that only one side wrote is lost")
  func total() {
    let seed = SeededGenerator.announcedSeed()
    var generator = SeededGenerator(seed: seed)
    func text() -> [UInt8] {
      (0..<Int.random(in: 0...10, using: &generator)).flatMap { _ in fragments.randomElement(using: &generator)! }
    }
    for _ in 0..<tripleCount / 4 {
      let (base, ours, theirs) = (text(), text(), text())
      for (policy, path) in policies {
        let result = Merge.files(base: base, ours: ours, theirs: theirs, policy: policy, path: Array(path.utf8))
        let bytes: [UInt8]
        switch result.outcome {
        case .merged(let merged): bytes = merged
        case .conflict(let text): bytes = text.bytes(style: ConflictStyle(oursLabel: [], theirsLabel: []))
        case .undecided: continue
        }
        // Blanks, line ends and a byte order mark follow whoever changed them.
        let layout: Set<UInt8> = [0x09, 0x0A, 0x0D, 0x20, 0xEF, 0xBB, 0xBF]
        let declared = result.decisions.filter { $0.kind == .droppedHeading || $0.kind == .droppedReleased }
        let written = Set(ours).union(theirs).subtracting(base).subtracting(layout)
        #expect(
          written.isSubset(of: bytes + declared.flatMap(\.subject)),
          "seed \(seed), \(policy): \(base) \(ours) \(theirs)")
      }
    }
  }

  @Test(
    "A binary file, a missing side and markers in a side are left to git",
    arguments: [
      MergePolicy.barrel, .changelog, .manifest(),
    ])
  func refusals(policy: MergePolicy) {
    #expect(merge("a\n", "b\0", "c\n", policy: policy).outcome == .undecided(.binary))
    #expect(
      Merge.files(base: [1], ours: nil, theirs: [2], policy: policy, path: Array("a.ts".utf8)).outcome
        == .undecided(.deleted))
    let left = "<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n"
    #expect(merge("a\n", left, "c\n", policy: policy).outcome == .undecided(.conflictMarkers))
  }

  @Test(
    "A file beyond what a policy reads is left to git at once",
    arguments: [
      MergePolicy.barrel, .changelog, .manifest(),
    ])
  func large(policy: MergePolicy) {
    let line = "## 1.0\n"
    let large = Array(repeating: Array(line.utf8), count: (9 << 20) / line.utf8.count).flatMap { $0 }
    let result = Merge.files(base: [], ours: large, theirs: [0x0A], policy: policy, path: Array("index.ts".utf8))
    #expect(result.outcome == .undecided(.tooLarge))
  }

  @Test(
    "A million lines are left to git at once, however short they are",
    arguments: [
      MergePolicy.barrel, .changelog, .manifest(),
    ])
  func millionLines(policy: MergePolicy) {
    let lines = Array(repeating: UInt8(ascii: "\n"), count: 1_000_000)
    let result = Merge.files(
      base: lines, ours: lines + [0x61], theirs: [0x62] + lines, policy: policy, path: Array("index.ts".utf8))
    #expect(result.outcome == .undecided(.tooLarge))
  }

  @Test("Long code on one side and many statements on the other meet in linear time", .timeLimit(.minutes(4)))
  func codeAgainstStatements() {
    let base = "export * from './m'\n"
    let code = (0..<8_000).map { "let a\($0)\n" }.joined()
    let statements = (0..<8_000).map { "export * from './y\($0)'\n" }.joined()
    #expect(merge(base, base + code, base + statements).text == merge(base, base + statements, base + code).text)
  }

  @Test("Twenty thousand statements merge in seconds, even unoptimised")
  func many() {
    func text(_ numbers: some Sequence<Int>) -> String { numbers.map { "export * from './m\($0)'\n" }.joined() }
    let base = text(0..<20_000)
    let ours = base + text([30_000])
    let theirs = text([40_000]) + base
    var merged = ""
    let time = ContinuousClock().measure { merged = merge(base, ours, theirs).text }
    #expect(merged == text([40_000]) + base + text([30_000]))
    #expect(time < .seconds(60))
  }

  @Test("What git merged cleanly is taken where a policy cannot say anything")
  func textResult() {
    let code = "const a = 1\nexport * from './m'\n"
    #expect(merge(code, code + "const b = 1\n", "const c = 1\n" + code).outcome == .undecided(.otherCode))
    let text = "const c = 1\n" + code + "const b = 1\n"
    #expect(merge(code, code + "const b = 1\n", "const c = 1\n" + code, textResult: text).text == text)
    #expect(merge("{", "{\"a\":1}", "[1]", policy: .manifest(), textResult: "{").outcome == .undecided(.malformed))
  }

  @Test("What is a conflict by meaning is taken as git merged it cleanly, if nothing stands twice in it")
  func cleanLines() {
    let list = "{\n  \"args\": [\n    1,\n    2,\n    3\n  ]\n}\n"
    let (ours, theirs) = (list.replacing("1", with: "9"), list.replacing("3", with: "8"))
    let text = ours.replacing("3", with: "8")
    #expect(merge(list, ours, theirs, policy: .manifest()).isConflict)
    #expect(merge(list, ours, theirs, policy: .manifest(), textResult: text).text == text)
    let base = "export * from './a'\n\nexport * from './z'\n"
    let functions = (base + "export function f() { return 1 }\n", "export function f() { return 2 }\n" + base)
    let twice = "export function f() { return 2 }\n" + functions.0
    #expect(merge(base, functions.0, functions.1, textResult: twice).isConflict)
  }

  @Test("A stub and its live twin that a merge of lines left side by side are not taken")
  func twins() {
    let base = "export * from './a'\n// export * from './b'\nexport * from './c'\n"
    let ours = base.replacing("// ", with: "")
    let theirs = base + "export * from './d'\n"
    let twins = base + "export * from './d'\nexport * from './b'\n"
    #expect(merge(base, ours, theirs, textResult: twins).text == ours + "export * from './d'\n")
  }

  @Test("Line ends, a byte order mark and a missing last line end follow whoever changed them")
  func forms() {
    let base = "export * from './a'\n// export * from './b'\n"
    let theirs = "export * from './a'\nexport * from './b'\n"
    let crlf = "\u{FEFF}" + (base + "export * from './c'").replacing("\n", with: "\r\n")
    let expected = "\u{FEFF}" + (theirs + "export * from './c'").replacing("\n", with: "\r\n")
    #expect(merge(base, crlf, theirs).text == expected)
    #expect(merge(base, theirs, crlf).text == expected)
  }

  @Test("Markers have git's form: length, labels, the base where it is asked for, the file's line ends")
  func markers() throws {
    let base = "export * from './a'\r\n// export * from './b'\r\n"
    let ours = base.replacing("// ", with: "")
    let result = merge(base, ours, "export * from './a'\r\n")
    guard case .conflict(let text) = result.outcome else {
      Issue.record("\(result.text)")
      return
    }
    let style = ConflictStyle(
      markerLength: 9, oursLabel: Array("HEAD".utf8), theirsLabel: Array("topic".utf8), baseLabel: Array("base".utf8))
    #expect(
      String(decoding: text.bytes(style: style), as: UTF8.self) == """
        export * from './a'\r
        <<<<<<<<< HEAD\r
        export * from './b'\r
        ||||||||| base\r
        // export * from './b'\r
        =========\r
        >>>>>>>>> topic\r\n
        """)
    #expect(text.regions.count == 1)
  }

  @Test("A conflict in a file of mixed line ends, whose last line has none, keeps its last byte (found by fuzzing)")
  func mixedLineEnds() throws {
    let base = "// export * from './a'\r\n// export * from './b'\n"
    let ours = "export * from './a'\r\n// export * from './b'\r\n// the end"
    let theirs = "// export * from './b'\n"
    #expect(
      merge(base, ours, theirs).text
        == "<<<<<<< o\r\nexport * from './a'\r\n=======\r\n>>>>>>> t\r\n// export * from './b'\r\n// the end")
  }

  @Test("Every decision can be reported")
  func decisions() {
    let base = "export * from './m'\n"
    let result = merge(
      base, base + "export * from './a'\nexport { x } from './s'\n",
      base + "export * from './b'\n// export { x } from './s'\n")
    #expect(result.text == base + "export * from './a'\nexport * from './b'\nexport { x } from './s'\n")
    #expect(result.decisions.map(\.kind) == [.keptBoth, .broughtToLife])
    #expect(
      result.decisions.map { String(decoding: $0.subject, as: UTF8.self) } == [
        "export * from './a'", "export { x } from './s'",
      ])
  }
}
