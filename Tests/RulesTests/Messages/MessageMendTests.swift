import Plan
import TestSupport
import Testing

@testable import Rules

@Suite struct MessageMendTests {
  private func mend(
    _ file: [UInt8], cleanup: MessageCleanup = MessageCleanup(setting: nil, comment: nil, hasEditor: true),
    policy: Plan.CommitPolicy = .init(), levels: [String: RuleSettings.Level] = [:],
    context: MessageContext = MessageContext(.writing)
  ) -> MessageMend? {
    var settings = RuleSettings()
    settings.levels = levels
    return MessageMend(file: file, cleanup: cleanup, policy: policy, settings: settings, context: context)
  }

  @Test(
    "What has one reading is put right and said",
    arguments: [
      ("Feat:x", "feat: x"), ("feat:x", "feat: x"), ("feat : x", "feat: x"), ("feat(a) : x", "feat(a): x"),
      ("feat (a): x", "feat(a): x"), ("feat!(a): x", "feat(a)!: x"), ("FEAT: x", "feat: x"), ("feat:  x", "feat: x"),
      ("feat:\tx", "feat: x"), ("  feat: x", "feat: x"), ("feat( a )!: x", "feat(a)!: x"), ("feat：x", "feat: x"),
      ("Fix (the core) ! :it", "fix(the core)!: it"),
    ])
  func oneReading(header: String, expected: String) throws {
    let mended = try #require(mend((header + "\n").bytes))
    #expect(text(mended.file) == expected + "\n")
    #expect(mended.changes == ["mended '\(header)' to '\(expected)'"])
  }

  @Test(
    "What is right, exempt, or open to doubt stays as it is",
    arguments: [
      "feat: x", "feat: x  ", "feet: x", "feet:x", "feat x", "feat():x", "feat!!: x", "feat:: x", "feat:", "(a):x",
      ":x", "",
      "http://example.org", "Note:x", "✨ feat: x", "Merge branch 'Feat:x'", "fixup! Feat:x", "Revert \"Feat:x\"",
    ])
  func untouched(header: String) {
    #expect(mend((header + "\n").bytes) == nil)
  }

  @Test("All but the header line is kept to the byte")
  func otherBytes() throws {
    let file = "# template\r\n\n  Feat:x \t\r\nbody \n\n\n\n# c\n".bytes + [0xFF, 0x00] + "\n# not:me".bytes
    let mended = try #require(mend(file))
    #expect(
      mended.file
        == "# template\r\n\nfeat: x \t\r\n\r\nbody \n\n\n\n# c\n".bytes + [0xFF, 0x00] + "\n# not:me".bytes)
    #expect(mended.changes == ["mended '  Feat:x' to 'feat: x'", "put a blank line below the header"])
  }

  @Test("A byte order mark goes")
  func byteOrderMark() throws {
    let mended = try #require(mend("\u{FEFF}feat: x\n".bytes))
    #expect(text(mended.file) == "feat: x\n" && mended.changes == ["removed the byte order mark"])
  }

  @Test("A header in another encoding keeps its bytes")
  func latin1() throws {
    let mended = try #require(
      MessageMend(
        file: "Feat:caf".bytes + [0xE9], cleanup: MessageCleanup(setting: nil, comment: nil, hasEditor: false),
        encoding: "latin1".bytes, policy: .init(), settings: .init(), context: MessageContext(.writing)))
    #expect(mended.file == "feat: caf".bytes + [0xE9])
    #expect(mended.changes == ["mended 'Feat:café' to 'feat: café'"])
  }

  @Test("The plan can forbid it, as a whole or by switching the rule off")
  func switchedOff() {
    var policy = Plan.CommitPolicy()
    policy.fixes = false
    #expect(mend("Feat:x\nbody\n".bytes, policy: policy) == nil)
    #expect(mend("Feat:x\n".bytes, levels: ["message.grammar": .off]) == nil)
    #expect(mend("feat: x\nbody\n".bytes, levels: ["message.blank-line": .off]) == nil)
  }

  @Test("The plan's spelling of a type is the one that is put")
  func spelling() throws {
    var policy = Plan.CommitPolicy()
    policy.types = ["Feature"]
    #expect(text(try #require(mend("feature:x\n".bytes, policy: policy)).file) == "Feature: x\n")
  }

  @Test("Nothing is mended into a comment")
  func commentCharacter() {
    let cleanup = MessageCleanup(setting: nil, comment: "f".bytes, hasEditor: true)
    #expect(mend("Feat:x\nbody\n".bytes, cleanup: cleanup) == nil)
  }

  @Test("A mended file passes the rules, is not mended again, and is the old one but for its header")
  func property() {
    var random = SeededGenerator.announced()
    let pieces = [
      "Feat", "fix", "feet", "(a)", "( b )", "()", "!", ":", ": ", " : ", "：", " ", "\t", "x", "é", "\n", "\r\n",
      "\n\n",
      "# c", "body", "; d", "\u{FEFF}",
    ]
    var count = 0
    for _ in 0..<20_000 {
      let file = (0..<Int.random(in: 1...9, using: &random))
        .map { _ in pieces.randomElement(using: &random)! }.joined().bytes
      let setting = [nil, "verbatim", "whitespace", "strip"].randomElement(using: &random)!
      let cleanup = MessageCleanup(
        setting: setting?.bytes, comment: ["#", "auto"].randomElement(using: &random)!.bytes,
        hasEditor: Bool.random(using: &random))
      guard let mended = mend(file, cleanup: cleanup) else { continue }
      count += 1
      #expect(mend(mended.file, cleanup: cleanup) == nil, "\(text(file).debugDescription)")
      let stored = cleanup.stored(mended.file)
      let rules = messageFindings(
        for: CommitMessage(stored.bytes), policy: .init(), settings: .init(), context: MessageContext(.writing)
      ).filter { $0.severity == .error }.map(\.rule)
      #expect(!rules.contains("message.blank-line"), "\(text(file).debugDescription)")
      if mended.changes.contains(where: { $0.hasPrefix("mended") }) {
        #expect(rules.isEmpty, "\(text(file).debugDescription)")
      }
      let old = cleanup.stored(file)
      let lines = CommitMessage(old.bytes).skippedLines
      let number = old.fileLines[lines] - 1
      #expect(
        Array(LineRanges(file).map { Array(file[$0]) }[..<number])
          == Array(LineRanges(mended.file).map { Array(mended.file[$0]) }[..<number]))
    }
    #expect(count > 200)
  }
}
