import Foundation
import Platform
import TestSupport
import Testing

@Suite("What streams say, in 'preflight status'")
struct StatusWordsTests {
  private func row(_ stream: String, of hive: PlannedHive) throws -> [String: Any] {
    let rows = try #require(try hive.json("status", "--json", in: hive.a)["streams"] as? [[String: Any]])
    return try #require(rows.first { $0["id"] as? String == stream || $0["branch"] as? String == stream })
  }

  @Test("With nothing said every row is there from facts alone")
  func silent() throws {
    let hive = try PlannedHive()
    let document = try hive.json("status", "--json", in: hive.a)
    #expect(document["version"] as? Int == 1)
    #expect(document["round"] as? Int == 1)
    let row = try row("a", of: hive)
    #expect(row["signal"] is NSNull && row["signalAge"] is NSNull && row["stale"] as? Bool == false)
    #expect((row["claims"] as? [Any])?.isEmpty == true)
    #expect(row["state"] as? String == "idle")
  }

  @Test("A signal adds the why, and is stale once the branch has other work, not once it was only rebased")
  func stale() throws {
    let hive = try PlannedHive()
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "1\n"], in: hive.a)
    _ = try hive.say("signal", "blocked", "--on", "T-2", "-m", "no keys", in: hive.a)
    _ = try hive.say("claim", "alpha/x", in: hive.a)
    var state = try #require(try row("a", of: hive)["state"] as? String)
    #expect(
      state.hasPrefix("at work, says blocked on T-2 (") && state.hasSuffix("): no keys, holds alpha/x"), "\(state)")
    try hive.repository.commit("feat: trunk", ["other": "1\n"])
    try hive.repository.git(["rebase", "--quiet", "main"], in: hive.a)
    #expect(try row("a", of: hive)["stale"] as? Bool == false)
    try hive.repository.commit("feat: more (T-1)", ["alpha/x": "2\n"], in: hive.a)
    #expect(try row("a", of: hive)["stale"] as? Bool == true)
    state = try #require(try row("a", of: hive)["state"] as? String)
    #expect(state.contains(", stale)"))
  }

  @Test("A stream that was renamed in the plan, and a branch that is in none, keep what they have said")
  func renamed() throws {
    let hive = try PlannedHive()
    _ = try hive.say("signal", "ready", in: hive.a)
    let other = try hive.repository.addWorktree("loose", branch: "loose")
    _ = try hive.say("signal", "working", in: other)
    let plan = PlannedHive.plan.replacing("[streams.a]", with: "[streams.alpha]")
    try hive.repository.commit("chore: rename", ["preflight.toml": plan])
    #expect(try row("alpha", of: hive)["signal"] as? String == "ready")
    #expect(try row("loose", of: hive)["signal"] as? String == "working")
  }

  @Test("A stream that was renamed in the plan is answered by its new id, and its word says under which it was given")
  func formerName() throws {
    let hive = try PlannedHive()
    _ = try hive.say("signal", "blocked", in: hive.a)
    let plan = PlannedHive.plan.replacing("[streams.a]", with: "[streams.alpha]")
    try hive.repository.commit("chore: rename", ["preflight.toml": plan])
    let state = try #require(try row("alpha", of: hive)["state"] as? String)
    #expect(state.hasPrefix("idle, says blocked (") && state.hasSuffix(", as a)"), "\(state)")
    let brief = try hive.repository.preflight("brief", "a", in: hive.a)
    #expect(brief.status == 2, "\(brief)")
    #expect(
      brief.standardError == """
        preflight: error: stream 'a' has another id in the plan now
        hint: name 'alpha' instead

        """)
  }

  @Test("What was said by a clock that runs ahead, or before this one was set back, is told as such")
  func clockAhead() throws {
    let hive = try PlannedHive()
    _ = try hive.say("claim", "alpha/x", in: hive.a)
    #expect(try !hive.repository.preflight("claim", in: hive.b).standardError.contains("clock"))
    let script = """
      ref=refs/preflight/hive; export GIT_INDEX_FILE="$(pwd)/.git/ahead"
      git read-tree $ref
      name=$(git ls-files 'claims/*')
      blob=$(git cat-file blob ":$name" | sed "s/^time .*/time $(($(date +%s) + 172000))/" | git hash-object -w --stdin)
      git update-index --cacheinfo "100644,$blob,$name"
      git update-ref $ref "$(git commit-tree -p $ref -m claim "$(git write-tree)")"
      """
    let outcome = try hive.repository.attempt("sh", ["-ec", Argument(script)])
    try #require(outcome.status == 0, "\(outcome)")
    let claim = try hive.repository.preflight("claim", "alpha/x", in: hive.b)
    #expect(claim.standardError.contains(" by a clock that is 1 day ahead"), "\(claim)")
  }
}
