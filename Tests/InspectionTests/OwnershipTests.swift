import Git
import Inspection
import Platform
import Rules
import TestSupport
import Testing

@Suite("Ownership, drift and done issues")
struct OwnershipTests {
  @Test("Another stream's path is named once, at the first commit that touches it")
  func ownership() throws {
    let hive = try TestHive()
    let findings = try hive.findings(staging: ["beta/y": "a's\n", "alpha/x": "own\n", "free": "free\n"], in: hive.a)
    #expect(findings.summary == ["ownership beta/y"])
    #expect(findings.first?.message.text == "belongs to b (Beta)")
    #expect(findings.first?.message.hint == "to leave it out: git restore --staged -- :/beta/y")
    try hive.repository.git(["commit", "-qm", "feat: a"], in: hive.a)
    #expect(try hive.findings(staging: ["beta/y": "a's again\n"], in: hive.a).isEmpty)
  }

  @Test("On trunk nobody is a foreigner; a branch that the plan does not name owns nothing")
  func branches() throws {
    let hive = try TestHive()
    #expect(try hive.findings(staging: ["beta/y": "trunk's\n"], in: hive.repository.path).isEmpty)
    let other = try hive.repository.addWorktree("other", branch: "spike")
    #expect(try hive.findings(staging: ["beta/y": "other\n"], in: other).summary == ["ownership beta/y"])
  }

  @Test("A merge of trunk brings trunk's files, not findings")
  func merge() throws {
    let hive = try TestHive()
    try hive.repository.commit("feat: b", ["beta/y": "trunk's\n", "beta/z": "new\n"])
    try hive.repository.commit("feat: a", ["alpha/x": "a\n"], in: hive.a)
    try hive.repository.git(["merge", "--no-commit", "--no-ff", "main"], in: hive.a)
    #expect(try hive.findings(staging: [:], in: hive.a).isEmpty)
  }

  @Test("A stream's worktree with another stream's branch, or trunk, is an error; a branch of nobody's is not")
  func drift() throws {
    let hive = try TestHive()
    try hive.repository.git(["worktree", "remove", Argument(hive.b)])
    try hive.repository.git(["switch", "-q", "stream/b"], in: hive.a)
    let findings = try hive.findings(staging: ["free": "x\n"], in: hive.a)
    #expect(findings.summary == ["branch.drift"])
    #expect(findings.first?.message.hint == "to go back (staged work comes along): git switch stream/a")
    try hive.repository.git(["switch", "-qc", "spike"], in: hive.a)
    #expect(try hive.findings(staging: [:], in: hive.a).isEmpty)
  }

  @Test("During a rebase the branch is the one that is being rebased")
  func rebasing() throws {
    let hive = try TestHive()
    try hive.repository.commit("feat: trunk", ["alpha/x": "trunk\n"])
    try hive.repository.commit("feat: a", ["alpha/x": "a\n"], in: hive.a)
    _ = try hive.repository.attempt("git", ["rebase", "main"], in: hive.a)
    let situation = try hive.situation(in: hive.a)
    #expect(situation.branch == "refs/heads/stream/a")
    #expect(situation.stream?.id == "a")
  }

  @Test("A commit that names an issue makes it done; a body, a docs commit, a revert and a stranger's do not")
  func done() throws {
    let hive = try TestHive()
    let repository = hive.repository
    func done() throws -> [String] { try hive.situation().ledger().done.sorted() }
    try repository.commit("feat: other work\n\nmentions T-1, T-2 and T-3 in passing")
    #expect(try done().isEmpty)
    try repository.commit("docs: T-1 explained", ["alpha/readme": "x\n"])
    #expect(try done().isEmpty)
    try repository.commit("fix: around T-1", ["beta/y": "b only\n"])
    #expect(try done().isEmpty)
    let work = try repository.commit("feat: T-1 at last", ["alpha/x": "done\n"])
    #expect(try done() == ["T-1"])
    try repository.git(["revert", "--no-edit", "\(work)"])
    #expect(try done().isEmpty)
    try repository.git(["revert", "--no-edit", "HEAD"])
    #expect(try done() == ["T-1"])
    try repository.commit("feat: more\n\nRefs: T-2", ["alpha/z": "z\n"])
    #expect(try done() == ["T-1", "T-2"])
  }

  @Test("A merged stream's paths are free, and issues that wait for it wait no more")
  func merged() throws {
    let hive = try TestHive()
    let repository = hive.repository
    try repository.commit("feat: T-3 early", ["beta/y": "b\n"], in: hive.b)
    func waiting() throws -> [String] {
      let situation = try hive.situation(in: hive.b)
      return try situation.dependencyFindings(in: [repository.tip("stream/b")], stream: situation.stream)
        .map(\.message.text)
    }
    #expect(try waiting() == ["T-3 waits for T-1 of a (Alpha), which is not done"])
    try repository.commit("feat: T-1 and T-2", ["alpha/x": "done\n"], in: hive.a)
    try repository.git(["merge", "-q", "--no-ff", "-m", "Merge branch 'stream/a'", "stream/a"])
    #expect(try waiting().isEmpty)
    #expect(try hive.situation().ledger().mergedStreams == ["a"])
    #expect(try hive.findings(staging: ["alpha/x": "b's now\n"], in: hive.b).isEmpty)
  }
}

@Suite("The plan in a commit")
struct PlanInCommitTests {
  @Test("A plan with faults is refused before it can reach trunk; a good one passes")
  func plan() throws {
    let hive = try TestHive()
    let broken = TestHive.plan.replacing("[worktree]", with: "[worktre]")
    let findings = try hive.findings(staging: ["preflight.toml": broken], in: hive.repository.path)
    #expect(findings.summary == ["plan.faults preflight.toml"])
    #expect(findings.first?.message.text.contains("did you mean 'worktree'") == true)
    let good = TestHive.plan.replacing("Alpha", with: "Aleph")
    #expect(try hive.findings(staging: ["preflight.toml": good], in: hive.repository.path).isEmpty)
  }
}

@Suite("What several rules see in one line")
struct SettledTests {
  private let plan = """
    [[shared]]
    paths = ["index.ts"]
    merge = "barrel"

    [streams.a]
    branch = "stream/a"

    [streams.b]
    branch = "stream/b"
    """
  private let barrel = "export * from './x.js'\n\n// a\n// export * from './a.js'\n\n// b\n// export * from './b.js'\n"

  @Test("A foreign export is said once; switched off, a missing module still is one")
  func once() throws {
    for (rules, expected) in [
      ("", ["exports.foreign"]),
      ("[rules]\n\"exports.foreign\" = \"off\"\n", ["exports.missing-module"]),
    ] {
      let hive = try TestHive(plan: rules + plan)
      try hive.repository.commit("chore: barrel", ["index.ts": barrel, "x.ts": ""])
      try hive.repository.git(["merge", "-q", "--ff-only", "main"], in: hive.a)
      let staged = barrel.replacing("// export * from './b.js'", with: "export * from './b.js'")
      let found = try hive.findings(staging: ["index.ts": staged], in: hive.a)
      #expect(try hive.situation(in: hive.a).settled(found).map(\.rule.rawValue) == expected)
    }
  }
}
