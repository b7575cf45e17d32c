import Plan
import Testing

@Suite("Looking things up in a plan")
struct PlanLookupTests {
  private let plan: Plan = {
    var first = Plan.Stream()
    first.id = "ws1"
    first.branch = "feature/one"
    first.files = ["src/*.ts", "docs/"]
    first.issues = [issue("A-1"), issue("A-2", after: ["A-1", "B-1"])]
    var second = Plan.Stream()
    second.id = "ws2"
    second.branch = "feature/two"
    second.files = ["src/main.ts"]
    second.issues = [issue("B-1"), issue("B-2", after: ["B-1", "A-1"])]
    second.base = "ws1"
    var barrel = Plan.SharedFiles()
    barrel.paths = ["src/index.ts"]
    barrel.merge = .barrel
    var rest = Plan.SharedFiles()
    rest.paths = ["src/**"]
    var plan = Plan()
    plan.streams = [first, second]
    plan.shared = [barrel, rest]
    return plan
  }()

  private static func issue(_ id: String, after: [String] = []) -> Plan.Issue {
    var issue = Plan.Issue()
    issue.id = id
    issue.after = after
    return issue
  }

  @Test("A path belongs to every stream with a pattern that matches it")
  func owners() {
    #expect(plan.streams(owning: Array("src/main.ts".utf8)).map(\.id) == ["ws1", "ws2"])
    #expect(plan.streams(owning: Array("docs/a/b".utf8)).map(\.id) == ["ws1"])
    #expect(plan.streams(owning: Array("README.md".utf8)).isEmpty)
  }

  @Test("A merged stream owns nothing any more")
  func merged() {
    #expect(plan.streams(owning: Array("src/main.ts".utf8), merged: ["ws1"]).map(\.id) == ["ws2"])
    #expect(PathOwners(plan, merged: ["ws1", "ws2"]).streams(owning: Array("src/main.ts".utf8)).isEmpty)
  }

  @Test("The first shared entry that matches a path counts")
  func sharedFiles() {
    #expect(plan.sharedFiles(for: Array("src/index.ts".utf8))?.merge == .barrel)
    #expect(plan.sharedFiles(for: Array("src/a/b.ts".utf8))?.merge == .text)
    #expect(plan.sharedFiles(for: Array("README.md".utf8)) == nil)
    #expect(PathOwners(plan).sharedFiles(for: Array("src/index.ts".utf8))?.merge == .barrel)
  }

  @Test("Streams and issues are found by branch and by id")
  func lookups() {
    #expect(plan.stream(onBranch: Array("feature/two".utf8))?.id == "ws2")
    #expect(plan.stream(onBranch: Array("feature/three".utf8)) == nil)
    #expect(plan.stream("ws1")?.branch == "feature/one")
    #expect(plan.issue("B-2")?.after == ["B-1", "A-1"])
    #expect(plan.issue("C-1") == nil)
    #expect(plan.stream(ofIssue: "B-1")?.id == "ws2")
  }

  @Test("A stream waits for the issues of other streams that its own come after")
  func waits() {
    #expect(plan.waits(of: plan.streams[0]) == [.init(issue: "A-2", prerequisite: "B-1", stream: "ws2")])
    #expect(plan.waits(of: plan.streams[1]) == [.init(issue: "B-2", prerequisite: "A-1", stream: "ws1")])
  }

  @Test("Each ring is found once, and shown as it runs")
  func rings() {
    let graph = DependencyGraph([
      ("a", ["b"]), ("b", ["c", "x"]), ("c", ["a"]), ("d", ["d"]), ("e", ["a", "f"]), ("f", ["g"]), ("g", ["f"]),
    ])
    #expect(graph.rings == [["a", "b", "c"], ["d"], ["f", "g"]])
    #expect(graph.order == nil)
  }

  @Test("A chain of ten thousand is ordered")
  func longChain() {
    let graph = DependencyGraph((0..<10_000).map { ("\($0)", ["\($0 + 1)"]) })
    #expect(graph.order?.first == "9999")
    #expect(graph.rings.isEmpty)
  }
}

@Suite("Spelling")
struct SpellingTests {
  @Test(
    "The nearest word is suggested, or none",
    arguments: [
      ("quite", "quiet"), ("mdoe", "mode"), ("PUBLISHED", "published"), ("stream", "streams"), ("zzz", nil), ("", nil),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    #expect(Spelling.nearest(to: word, among: ["mode", "streams", "published", "quiet"]) == expected)
  }
}

@Suite("What a pattern probably meant")
struct PathTreeTests {
  private let tree = PathTree(
    [
      "packages/core/src/db/schema.ts", "packages/core/src/db/merge.ts", "packages/core/src/index.ts",
      "packages/core/src/security/scanner/index.ts", "packages/cli/src/import/run.ts", "packages/cli/package.json",
      "docs/guide.md", "src/[id].ts",
    ].map { Array($0.utf8) })

  @Test(
    "The nearest real path is named",
    arguments: [
      ("packages/core/src/database/schema.ts", "packages/core/src/db/schema.ts"),
      ("packages/core/src/database/**", "packages/core/src/db/**"),
      ("packages/core/src/database/", "packages/core/src/db/"),
      ("packages/core/src/database/migration.ts", "packages/core/src/db/**"),
      ("packages/core/src/indx.ts", "packages/core/src/index.ts"),
      ("packages/cli/src/import.ts", "packages/cli/src/import/**"),
      ("packages/core/db/schema.ts", "packages/core/src/db/schema.ts"),
      ("doc/*.md", "docs/*.md"),
      ("package.json", nil),
      ("nowhere/at/all.ts", nil),
      ("**/*.tsx", nil),
      ("src/id.ts", #"src/\[id\].ts"#),
    ] as [(Pattern, Pattern?)])
  func nearest(pattern: Pattern, expected: Pattern?) {
    #expect(tree.nearest(to: pattern) == expected)
  }

  @Test("Only files that match are found")
  func matches() {
    #expect(tree.matches(of: "packages/*/src/index.ts").count == 1)
    #expect(tree.matches(of: "packages/core/src/{db,security}/**").count == 3)
    #expect(tree.matches(of: "docs/").map { String(decoding: $0, as: UTF8.self) } == ["docs/guide.md"])
  }
}
