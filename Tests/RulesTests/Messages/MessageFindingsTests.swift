import Git
import Plan
import TestSupport
import Testing

@testable import Rules

@Suite struct MessageFindingsTests {
  /// `rule: text` of each finding.
  private func found(
    _ raw: String, _ policy: Plan.CommitPolicy = .init(), encoding: String? = nil,
    levels: [String: RuleSettings.Level] = [:],
    context: MessageContext = MessageContext(.written)
  ) -> [String] {
    var settings = RuleSettings()
    settings.levels = levels
    return messageFindings(
      for: CommitMessage(raw.bytes, encoding: encoding?.bytes), policy: policy, settings: settings, context: context
    ).map { "\($0.severity) \($0.rule): \($0.message.text)" }
  }

  @Test(
    "Good messages pass without a word",
    arguments: [
      "feat: add a parser", "FEAT: add a parser", "fix(core)!: drop it", "docs: say where the logs are.",
      "feat: API rename",
      "chore(release): 1.2.3", "revert: feat: x\n\nRefs: 0123abc", "feat:  two blanks", " feat: indented",
      "feat: x\n\nBREAKING CHANGE: y", "feat: x\n\nBREAKING CHANGE:\ny on its own line", "feat: x\r\n\r\nbody\r\n",
      "\u{FEFF}feat: x", "feat(any scope/at, all): x", "feat: x\n\nbody: with colon\nnot a footer",
      "Revert \"feat: x\"\n\nThis reverts commit 0123456789.", "Reapply \"feat: x\"", "fixup! feat: x",
      "squash! fixup! whatever", "amend! feat: x",
    ])
  func good(raw: String) {
    #expect(found(raw) == [])
  }

  @Test("A bad header is diagnosed and, where one is likely, a good one shown")
  func grammar() {
    #expect(
      found("feat:x") == [
        "error message.grammar: there is no space behind the colon; did you mean 'feat: x'?"
      ])
    #expect(
      found("fix Improve messages") == [
        "error message.grammar: there is no colon behind the type: a header reads 'type(scope): description'; "
          + "did you mean 'fix: Improve messages'?"
      ])
    #expect(
      found("[ABC-1] feat(a): x") == [
        "error message.grammar: the header must begin with its type; did you mean 'feat(a): [ABC-1] x'?"
      ])
    #expect(
      found(":sparkles: feat: x") == [
        "error message.grammar: the header begins without a type; did you mean 'feat: :sparkles: x'?"
      ])
    #expect(
      found("Parse faster") == [
        "error message.grammar: there is no colon behind the type: a header reads 'type(scope): description'"
      ])
    #expect(found("") == ["error message.grammar: the message is empty"])
    #expect(found("feat!!: x") == ["error message.grammar: one '!' is enough"])
  }

  @Test("An unknown type is answered by the nearest one, or by all of them")
  func type() {
    #expect(found("feet(a)!: x") == ["error message.type: unknown type 'feet'; did you mean 'feat(a)!: x'?"])
    #expect(
      found("wip: x") == [
        "error message.type: unknown type 'wip'; use one of feat, fix, docs, style, refactor, perf, test, build, ci, "
          + "chore, revert"
      ])
    #expect(found("feet: fix: x") == ["error message.type: unknown type 'feet'; did you mean 'feat: fix: x'?"])
    #expect(found("ABC-1: fix: x") == ["error message.type: unknown type 'ABC-1'; did you mean 'fix: ABC-1 x'?"])
    var policy = Plan.CommitPolicy()
    policy.types = ["wip"]
    #expect(found("WIP: x", policy) == [])
    policy.types = []
    #expect(found("anything: x", policy) == [])
  }

  @Test("Scopes are judged against the plan's list only")
  func scope() {
    var policy = Plan.CommitPolicy()
    policy.scopes = ["core", "db", "ui/web"]
    for good in ["feat: x", "feat(core): x", "feat(Core, db): x", "feat(core/db): x", "feat(ui/web,db): x"] {
      #expect(found(good, policy) == [], "\(good)")
    }
    #expect(
      found("feat(cora,db): x", policy) == [
        "error message.scope: unknown scope 'cora'; did you mean 'feat(core,db): x'?"
      ])
    #expect(found("feat(zzz): x", policy) == ["error message.scope: unknown scope 'zzz'; use one of core, db, ui/web"])
    #expect(
      found("feat(core/zzz): x", policy) == ["error message.scope: unknown scope 'zzz'; use one of core, db, ui/web"])
    #expect(found("feat(core,): x", policy).count == 1)
    policy.requiresScope = true
    #expect(found("feat: x", policy) == ["error message.scope: the scope is missing; use one of core, db, ui/web"])
    policy.scopes = ["core"]
    #expect(found("feat: x", policy) == ["error message.scope: the scope is missing; did you mean 'feat(core): x'?"])
    policy.scopes = []
    #expect(found("feat: x", policy) == ["error message.scope: the scope is missing"])
  }

  @Test("A body right below the header is refused")
  func blankLine() {
    #expect(found("feat: x\nbody") == ["error message.blank-line: the line below the header must be blank"])
  }

  @Test("The header may have 100 code points, what a host appends not counted")
  func subjectLength() {
    let header = "feat: " + String(repeating: "é", count: 94)
    #expect(found(header) == [])
    #expect(found(header + " (#1234)") == [])
    #expect(
      found(header + "éé (#1234)") == [
        "warning message.subject-length: the header has 102 characters, 2 more than 100: move detail to the body"
      ])
    #expect(found(header + " (#x)").count == 1)
    var policy = Plan.CommitPolicy()
    policy.subjectLimit = 0
    #expect(found(header + header, policy) == [])
  }

  @Test("Body lines are measured where the plan says so; what cannot be wrapped passes")
  func bodyLength() {
    var policy = Plan.CommitPolicy()
    let long = "feat: x\n\nshort\nthis line is too long"
    #expect(found(long, policy) == [])
    policy.bodyLimit = 20
    #expect(found(long, policy) == ["warning message.body-length: the line has 21 characters, 1 more than 20"])
    for passing in [
      "see https://example.org/a/b/c for more", "    code may be as long as it is", "averyveryverylongsinglewordhere",
      "Co-authored-by: Somebody <somebody@example.org>",
    ] { #expect(found("feat: x\n\n" + passing, policy) == [], "\(passing)") }
  }

  @Test(
    "A near miss of BREAKING CHANGE gets its correction",
    arguments: [
      ("breaking change: the api", "breaking change:", "BREAKING CHANGE: the api"),
      ("Breaking-Change: the api", "Breaking-Change:", "BREAKING CHANGE: the api"),
      ("BREAKING CHANGES: the api", "BREAKING CHANGES:", "BREAKING CHANGE: the api"),
      ("BREAKING CHANGE:the api", "BREAKING CHANGE:", "BREAKING CHANGE: the api"),
      ("BREAKING CHANGE : the api", "BREAKING CHANGE :", "BREAKING CHANGE: the api"),
      ("BREAKING CHANGE the api", "BREAKING CHANGE", "BREAKING CHANGE: the api"),
      ("BREAKING CHANGE - the api", "BREAKING CHANGE", "BREAKING CHANGE: the api"),
      ("BREAKING CHANGES", "BREAKING CHANGES", "BREAKING CHANGE:"),
    ])
  func breaking(line: String, found: String, corrected: String) {
    let findings = messageFindings(
      for: CommitMessage("feat: x\n\nbody\n\n\(line)".bytes), policy: .init(), settings: .init(),
      context: MessageContext(.written))
    #expect(
      findings.map(\.message) == [.init("'\(found)' does not count as a breaking change", hint: "write '\(corrected)'")]
    )
    #expect(findings.map(\.severity) == [.warning])
    #expect(findings.map(\.line) == [5])
    #expect(self.found("feat: x\n\n\(corrected)") == [])
  }

  @Test(
    "Prose about breaking changes is prose, and what is marked already needs no second mark",
    arguments: [
      "feat: x\n\nBreaking changes to the parser are listed below.", "feat: x\n\nbreaking change in the parser",
      "feat!: x\n\nbreaking change: y", "feat: x\n\nBREAKING CHANGE: y\nbreaking change: z",
      "feat: x\n\n breaking change: indented", "feat: x\n\nbreaking changelog: y", "feat: x\n\nBREAKING CHANGE #12",
    ])
  func noBreakingNearMiss(raw: String) {
    #expect(found(raw) == [])
  }

  @Test("Bytes that are no text are a warning, and the rest is judged all the same")
  func encoding() {
    let bytes = "feat: caf".bytes + [0xE9]
    func findings(_ encoding: String?) -> [RuleID] {
      messageFindings(
        for: CommitMessage(bytes, encoding: encoding?.bytes), policy: .init(), settings: .init(),
        context: MessageContext(.written)
      ).map(\.rule)
    }
    #expect(findings(nil) == ["message.encoding"])
    #expect(findings("ISO-8859-1") == [])
    #expect(findings("KOI8-R") == ["message.encoding"])
  }

  @Test("Merges are known by their parents, while they are made also by git's own words")
  func merges() {
    var writing = MessageContext(.writing)
    #expect(found("Merge branch 'a' into b", context: writing) == [])
    #expect(found("Merge the two parsers", context: writing).count == 1)
    writing.isMerge = true
    #expect(found("Join a and b", context: writing) == [])
    var written = MessageContext(.written)
    #expect(found("Merge branch 'a' into b", context: written).count == 1)
    written.isMerge = true
    #expect(found("Merge branch 'a' into b", context: written) == [])
  }

  @Test("Only the first commit may be called so")
  func initialCommit() {
    var context = MessageContext(.written)
    #expect(found("Initial commit", context: context).count == 1)
    context.isRoot = true
    #expect(found("Initial commit", context: context) == [])
    #expect(found("Some commit", context: context).count == 1)
  }

  @Test("What is to be squashed or unfinished is refused for trunk only")
  func fixup() {
    var context = MessageContext(.written)
    context.isForTrunk = true
    context.upstream = "origin/main"
    #expect(
      found("fixup! feat: x", context: context) == [
        "error message.fixup: a 'fixup!' commit is not for trunk: squash it first"
      ])
    for raw in ["WIP", "wip: x", "[WIP] feat: x", "feat: WIP parser", "feat(a): (wip) x", "wip parser"] {
      #expect(
        found(raw, context: context) == ["error message.fixup: work in progress is not for trunk: say what it does"],
        "\(raw)")
    }
    #expect(found("feat: wipe the cache", context: context) == [])
    #expect(found("feat: WIP parser") == [])
  }

  @Test("A stream's commit names one of the stream's issues, once it is made")
  func issue() {
    var context = MessageContext(.written)
    context.issues = ["MUS-1", "MUS-2"]
    context.issuePrefixes = ["MUS"]
    #expect(found("feat: x (MUS-2)", context: context) == [])
    #expect(found("feat: x", context: context) == ["warning message.issue: the commit names no issue of its stream"])
    #expect(
      found("feat: x MUS-3", context: context) == [
        "warning message.issue: the commit names MUS-3, which is not its stream's"
      ])
    context.occasion = .writing
    #expect(found("feat: x", context: context) == [])
  }

  @Test("The plan's settings change a severity by id or prefix, or drop a rule")
  func settings() {
    #expect(found("feat:x", levels: ["message.grammar": .warn]).first?.hasPrefix("warning message.grammar") == true)
    #expect(found("feat:x", levels: ["message": .off]) == [])
    #expect(found("feat:x", levels: ["message": .off, "message.grammar": .error]).count == 1)
  }

  @Test("Findings point at lines and columns of the file, in code points")
  func places() {
    let file = "# template\n\nfeat(é)(b): x\n# between\nbody\n"
    let stored = MessageCleanup(setting: nil, comment: nil, hasEditor: true).stored(file.bytes)
    var context = MessageContext(.writing)
    context.fileLines = stored.fileLines
    let findings = messageFindings(
      for: CommitMessage(stored.bytes), policy: .init(), settings: .init(), context: context)
    #expect(findings.map(\.rule) == ["message.grammar", "message.blank-line"])
    #expect(findings.map(\.line) == [3, 5])
    #expect(findings.map(\.column) == [8, nil])
  }

  @Test("Random bytes in any encoding are judged, never a crash")
  func randomBytes() {
    var random = SeededGenerator.announced()
    var policy = Plan.CommitPolicy()
    policy.scopes = ["core"]
    policy.bodyLimit = 10
    var context = MessageContext(.written)
    context.issues = ["MUS-1"]
    context.issuePrefixes = ["MUS"]
    context.remedy = .amend
    let pieces = [
      "feat", "fix!", "(core)", "(", ")", ": ", ":", "\n", "\n\n", "\r\n", " ", "MUS-1", "BREAKING CHANGE", "Refs: ",
    ]
    for _ in 0..<5000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        if Bool.random(using: &random) {
          bytes += pieces.randomElement(using: &random)!.bytes
        } else {
          bytes.append(UInt8.random(in: 0...255, using: &random))
        }
      }
      for encoding in [nil, "latin1", "cp1252", "GBK"] {
        let message = CommitMessage(bytes, encoding: encoding?.bytes)
        _ = messageFindings(for: message, policy: policy, settings: .init(), context: context)
        _ = messageToKeep(message, policy: policy, settings: .init(), context: context)
      }
    }
  }
}

@Suite struct RuleTableTests {
  @Test("Every rule is listed once, with a summary of one line")
  func entries() {
    #expect(Set(RuleTable.entries.map(\.rule)).count == RuleTable.entries.count)
    for entry in RuleTable.entries { #expect(!entry.summary.isEmpty && !entry.summary.hasSuffix("."), "\(entry.rule)") }
  }

  @Test("A severity is the plan's, else the table's")
  func severity() {
    var settings = RuleSettings()
    #expect(RuleTable.severity(of: "ownership", in: settings) == .warning)
    settings.levels = ["exports": .warn, "exports.lost": .off, "ownership": .error]
    #expect(RuleTable.severity(of: "ownership", in: settings) == .error)
    #expect(RuleTable.severity(of: "exports.foreign", in: settings) == .warning)
    #expect(RuleTable.severity(of: "exports.lost", in: settings) == nil)
  }
}
