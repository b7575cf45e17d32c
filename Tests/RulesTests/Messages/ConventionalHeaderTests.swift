import Testing

@testable import Rules

@Suite struct ConventionalHeaderTests {
  @Test(
    "A conventional header is taken apart",
    arguments: [
      ("feat: add a parser", "feat", nil, false, "add a parser"),
      ("Feat: x", "Feat", nil, false, "x"),
      ("fix(core)!: drop it", "fix", "core", true, "drop it"),
      ("fix!: drop it", "fix", nil, true, "drop it"),
      ("fix( core ): x", "fix", "core", false, "x"),
      ("fix(a, b/c @d#1 *): x", "fix", "a, b/c @d#1 *", false, "x"),
      ("  feat:   x", "feat", nil, false, "x"),
      ("fix(parser): support f(x): y", "fix", "parser", false, "support f(x): y"),
      ("fix(a): handle (b)!: c", "fix", "a", false, "handle (b)!: c"),
      ("特性(面): 加", "特性", "面", false, "加"),
      ("feat-2: x", "feat-2", nil, false, "x"),
      ("revert: feat: x", "revert", nil, false, "feat: x"),
    ] as [(String, String, String?, Bool, String)])
  func parts(header: String, type: String, scope: String?, isBreaking: Bool, description: String) throws {
    let bytes = header.bytes[...]
    let parsed = try ConventionalHeader(bytes)
    #expect(text(bytes[parsed.type]) == type)
    #expect(parsed.scope.map { text(bytes[$0]) } == scope)
    #expect(parsed.isBreaking == isBreaking)
    #expect(text(bytes[parsed.description]) == description)
  }

  @Test(
    "What is not one is diagnosed at its place",
    arguments: [
      ("", .emptyHeader, 0), (": x", .missingType, 0), ("(a): x", .missingType, 0), ("feat", .missingColon, 4),
      ("feat add it", .missingColon, 4), ("feat : x", .blankInHeader, 4), ("feat (a): x", .blankInHeader, 4),
      ("feat(a) : x", .blankInHeader, 7), ("feat !: x", .blankInHeader, 4), ("feat(a) !: x", .blankInHeader, 7),
      ("feat(): x", .emptyScope, 4), ("feat( ): x", .emptyScope, 4), ("feat(a(b)): x", .nestedParentheses, 6),
      ("feat(a: x", .unclosedScope, 4), ("feat(a)(b): x", .secondScope, 7), ("feat): x", .strayParenthesis, 4),
      ("feat!(a): x", .markBeforeScope, 4), ("feat!!: x", .secondMark, 5), ("feat(a)b: x", .missingColon, 7),
      ("feat：x", .fullWidthColon, 4), ("feat(a)：x", .fullWidthColon, 7), ("feat:x", .missingSpace, 5),
      ("feat:\tx", .tabAfterColon, 5), ("feat:", .emptyDescription, 5), ("feat:  ", .emptyDescription, 5),
      ("✨ feat: x", .missingColon, 3), ("add a parser: fast", .missingColon, 3),
    ] as [(String, HeaderFault.Kind, Int)])
  func faults(header: String, kind: HeaderFault.Kind, position: Int) {
    #expect(throws: HeaderFault(kind, at: position)) { try ConventionalHeader(header.bytes[...]) }
  }

  @Test("Every kind of fault but the one that needs the plan's types is found by the parser")
  func allKinds() {
    let headers = [
      "", ":", "a b", "a :", "a(): x", "a((", "a(", "a(b)(", "a)", "a!(b)", "a!!", "a：", "a:b", "a:\tb", "a:",
    ]
    var kinds: Set<HeaderFault.Kind> = [.textBeforeType]
    for header in headers {
      do throws(HeaderFault) { _ = try ConventionalHeader(header.bytes[...]) } catch { kinds.insert(error.kind) }
    }
    #expect(kinds == Set(HeaderFault.Kind.allCases))
  }

  @Test(
    "Time grows with the length of the header, whatever it is made of",
    arguments: ["a", "(", "a(", "feat( ", " ", "!", ":", "：", "feat ", ") "])
  func linear(unit: String) {
    let header = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
    let duration = ContinuousClock().measure {
      let message = CommitMessage(header.bytes)
      #expect(
        !messageFindings(for: message, policy: .init(), settings: .init(), context: MessageContext(.writing)).isEmpty)
    }
    // Quadratic, a megabyte would take hours.
    #expect(duration < .seconds(20))
  }
}

@Suite struct NearestTypeTests {
  private let types = ["feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci", "chore", "revert"]

  @Test(
    "A slip of the fingers leads to the type that was meant",
    arguments: [
      ("feet", "feat"), ("fxi", "fix"), ("doc", "docs"), ("tets", "test"), ("refator", "refactor"), ("CHROE", "chore"),
      ("feature", "feat"), ("bugfix", "fix"), ("documentation", "docs"), ("testing", "test"),
    ])
  func near(word: String, type: String) {
    #expect(nearestType(to: word.utf8, in: types) == type)
  }

  @Test("What is not near any type leads nowhere", arguments: ["wip", "release", "x", "", "ref", "bump", "dx", "it"])
  func far(word: String) {
    #expect(nearestType(to: word.utf8, in: types) == nil)
  }

  @Test("A synonym leads nowhere when the plan does not have its type")
  func synonymWithoutType() {
    #expect(nearestType(to: "hotfix".utf8, in: ["change"]) == nil)
  }
}
