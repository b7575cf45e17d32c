import Git
import Inspection
import Platform
import Rules
import TestSupport
import Testing

@Suite("What is trunk's own")
struct TrunkCommitsTests {
  @Test("A stream that is pushed before trunk is not asked for an issue in trunk's commits, nor to make them wait")
  func pushedBeforeTrunk() throws {
    let hive = try TestHive()
    try hive.repository.git(["init", "--quiet", "--bare", "../origin"])
    try hive.repository.git(["remote", "add", "origin", "../origin"])
    try hive.repository.git(["push", "--quiet", "origin", "main"])
    try hive.repository.git(["config", "preflight.trunk", "refs/heads/main"])
    try hive.repository.git(["config", "preflight.remote", "origin"])
    try hive.repository.commit("feat: trunk's own, for T-3")
    try hive.repository.git(["rebase", "--quiet", "main"], in: hive.b)
    let tip = try hive.repository.commit("feat: the stream's", in: hive.b)
    let line = "refs/heads/stream/b \(tip) refs/heads/stream/b \(String(repeating: "0", count: 40))"
    let situation = try hive.situation(in: hive.b)
    let findings = try PushRules(situation, remote: "origin").findings(for: [
      #require(PushedReference(line: Array(line.utf8)))
    ])
    #expect(findings.map(\.rule) == ["message.issue"])
    #expect(findings.map(\.commit) == [tip])
  }

  @Test("A sibling's version that is trunk's is no overlap")
  func sibling() throws {
    let hive = try TestHive()
    try hive.repository.commit("docs: trunk", ["CHANGELOG.md": TestHive.changelog + "- trunk's\n"])
    // The base of the two worktrees is older than what one of them has of trunk's.
    try hive.repository.git(["merge", "--quiet", "main"], in: hive.b)
    try hive.repository.write("CHANGELOG.md", TestHive.changelog + "- ours\n", in: hive.a)
    try hive.repository.git(["add", "CHANGELOG.md"], in: hive.a)
    let situation = try hive.situation(in: hive.a)
    let rules = try ChangeRules(situation, situation.stagedChange())
    #expect(try rules.overlaps(.barrels).isEmpty)
    #expect(try rules.findings().summary == ["shared.stale CHANGELOG.md"])
  }

  @Test("The hint for a fixup that is pushed to trunk squashes it onto what the remote has")
  func fixup() throws {
    let hive = try TestHive()
    try hive.repository.git(["init", "--quiet", "--bare", "../origin"])
    try hive.repository.git(["remote", "add", "origin", "../origin"])
    try hive.repository.git(["push", "--quiet", "origin", "main"])
    try hive.repository.git(["config", "preflight.trunk", "refs/heads/main"])
    try hive.repository.git(["config", "preflight.remote", "origin"])
    try hive.repository.commit("feat: one", ["alpha/x": "1\n"])
    func refused() throws -> Finding? {
      let situation = try hive.situation()
      let tip = try hive.repository.tip("main")
      let line = "refs/heads/main \(tip) refs/heads/main \(try hive.repository.tip("origin/main"))"
      return try PushRules(situation, remote: "origin").findings(for: [
        #require(PushedReference(line: Array(line.utf8)))
      ])
      .first { $0.severity == .error }
    }
    try hive.repository.commit("fixup! feat: one", ["alpha/x": "2\n"])
    let hint = try #require(try refused()?.message.hint)
    #expect(try hive.repository.attempt("sh", ["-c", Argument(hint)]).status == 0)
    #expect(try hive.repository.git(["log", "--format=%s", "origin/main..main"]) == "feat: one")
    #expect(try refused() == nil)
  }
}
