import Foundation
import Git
import Platform
import TestSupport
import Testing

@Suite("preflight revert")
struct RevertCommandTests {
  private func plan() -> String {
    PlannedHive.plan.replacingOccurrences(of: "trunk = \"main\"", with: "trunk = \"main\"\nremote = \"origin\"")
  }

  /// A hive whose stream `a` has three commits, the last of which names no issue.
  private func hive() throws -> PlannedHive {
    let hive = try PlannedHive(plan: plan())
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "new\n"], in: hive.a)
    try hive.repository.commit("docs: T-1 in words", ["alpha/words": "w\n"], in: hive.a)
    try hive.repository.commit("test: no issue", ["alpha/test": "t\n"], in: hive.a)
    return hive
  }

  enum Merge: String, CaseIterable, Sendable {
    case merge, squash, rebase

    func carryOut(_ repository: TestRepository) throws {
      try repository.commit("feat: trunk's own", ["free": "1\n"])
      switch self {
      case .merge: try repository.git(["merge", "--quiet", "--no-ff", "-m", "Merge branch 'stream/a'", "stream/a"])
      case .squash:
        try repository.git(["merge", "--quiet", "--squash", "stream/a"])
        try repository.commit("feat: all of one (T-1) (#12)")
      case .rebase: try repository.git(["cherry-pick", "main..stream/a"])
      }
      try repository.commit("feat: trunk goes on", ["free": "2\n"])
    }
  }

  private func issues(_ hive: PlannedHive) throws -> [String] {
    try #require(try hive.json("next", "--all", "--json", in: hive.repository.path)["done"] as? [String])
  }

  @Test(
    "A stream's work goes from trunk, however it has come there, and its issues are open again",
    arguments: Merge.allCases)
  func reverted(merge: Merge) throws {
    let hive = try hive()
    let repository = hive.repository
    _ = try hive.say("done", "T-2", in: hive.a)
    try merge.carryOut(repository)
    #expect(try issues(hive) == ["T-1", "T-2"])
    try repository.write("free", "mine\n")
    try repository.write("staged", "mine\n")
    try repository.git(["add", "staged"])
    let before = try repository.git(["status", "--porcelain=v2", "--branch"])
    let trunk = try repository.tip("main")

    let outcome = try repository.preflight("revert", "a")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try repository.git(["status", "--porcelain=v2", "--branch"]) == before, "nobody's files are touched")
    #expect(try repository.git(["worktree", "list"]).split(separator: "\n").count == 3)
    #expect(try repository.tip("main") == trunk)
    // What is left of it is trunk's own.
    #expect(try repository.git(["diff", "--name-only", "main", "revert/a"]) == "alpha/test\nalpha/words\nalpha/x")
    #expect(try repository.git(["show", "revert/a:alpha/x"]) == "x")
    #expect(try repository.git(["show", "revert/a:free"]) == "2")
    #expect(try repository.git(["rev-list", "--count", "main..revert/a"]) == (merge == .rebase ? "3" : "1"))
    #expect(
      outcome.standardOutput.contains("open again: T-2\nopen again once 'revert/a' is on 'main': T-1\n"), "\(outcome)")
    #expect(try issues(hive) == ["T-1"], "external work is open at once")
    #expect(try hive.say("log", in: hive.a).contains("working: what trunk had of it is reverted on revert/a"))

    try repository.git(["checkout", "--quiet", "--", "free"])
    try repository.git(["rm", "--quiet", "-f", "staged"])
    try repository.git(["merge", "--quiet", "--ff-only", "revert/a"])
    #expect(try issues(hive) == [])
    // Taken back already, there is nothing to take back.
    #expect(try repository.preflight("revert", "a", "--branch", "again").status == 1)
  }

  @Test("As JSON it says what was reverted, on which branch, and what is open again")
  func asJSON() throws {
    let hive = try hive()
    func revert(_ words: Argument...) throws -> (json: [String: Any], status: Int32) {
      let outcome = try hive.repository.attempt(
        BuiltProducts.executable("preflight"), ["revert", "a", "--json"] + words)
      let json = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8))
      return (try #require(json as? [String: Any], "\(outcome)"), outcome.status)
    }
    let early = try revert()
    #expect(early.json["outcome"] as? String == "nothing" && early.status == 1)
    _ = try hive.say("done", "T-2", in: hive.a)
    try Merge.merge.carryOut(hive.repository)
    let dry = try revert("--dry-run").json
    #expect(dry["outcome"] as? String == "would-make" && dry["branch"] is NSNull)
    let made = try revert().json
    #expect(made["version"] as? Int == 1 && made["stream"] as? String == "a")
    #expect(made["outcome"] as? String == "made" && made["branch"] as? String == "revert/a")
    #expect((made["commits"] as? [[String: Any]])?.map { $0["isMerge"] as? Bool } == [true])
    #expect(made["reopened"] as? [String] == ["T-2"] && made["reopenedOnTrunk"] as? [String] == ["T-1"])
    try hive.repository.commit("feat: on top", ["alpha/x": "newer\n"])
    let conflict = try revert("--branch", "other")
    #expect(conflict.json["conflicts"] as? [String] == ["alpha/x"] && conflict.status == 1)
  }

  @Test("Another stream's commits, and a commit that only mentions the issues, are left alone")
  func others() throws {
    let hive = try hive()
    try hive.repository.commit("feat: three (T-3)", ["beta/y": "b\n"], in: hive.b)
    try Merge.merge.carryOut(hive.repository)
    try hive.repository.git(["merge", "--quiet", "--no-ff", "-m", "Merge branch 'stream/b'", "stream/b"])
    try hive.repository.commit("docs: what is done\n\nT-1, T-2 and T-3.", ["notes": "n\n"])
    let outcome = try hive.repository.preflight("revert", "a", "--dry-run")
    #expect(outcome.standardOutput.contains("Merge branch 'stream/a' (merge)\n"), "\(outcome)")
    #expect(outcome.standardOutput.split(separator: "\n").count == 1)
    #expect(try hive.repository.attempt("git", ["rev-parse", "--verify", "--quiet", "revert/a"]).status == 1)
  }

  @Test("A conflict makes nothing, and the command by hand starts it in a worktree of its own")
  func conflict() throws {
    let hive = try hive()
    try Merge.squash.carryOut(hive.repository)
    try hive.repository.commit("feat: on top", ["alpha/x": "newer\n"])
    let refs = try hive.repository.git(["for-each-ref"])
    let outcome = try hive.repository.preflight("revert", "a")
    #expect(
      outcome.status == 1 && outcome.standardError.contains("conflicts in alpha/x; nothing was made"), "\(outcome)")
    #expect(try hive.repository.git(["for-each-ref"]) == refs)
    #expect(try hive.repository.git(["worktree", "list"]).split(separator: "\n").count == 3)
    let hint = try #require(outcome.hints.first?.components(separatedBy: "by hand: ").last)
    _ = try hive.repository.attempt("sh", ["-c", Argument(hint)])
    let place = hive.repository.surroundings / "revert-a"
    #expect(try hive.repository.git(["status", "--porcelain"], in: place).contains("UU alpha/x"), "\(hint)")
  }

  @Test("What cannot be reverted is a sentence")
  func refusals() throws {
    let hive = try hive()
    let early = try hive.repository.preflight("revert", "a")
    #expect(early.status == 1 && early.standardError.hasPrefix("error: nothing on 'main' is known as a (Alpha)'s work"))
    try Merge.merge.carryOut(hive.repository)
    #expect(try hive.repository.preflight("revert", "nobody").status == 2)
    #expect(try hive.repository.preflight("revert", "a", "--branch", "a..b").status == 2)
    try hive.repository.git(["branch", "revert/a"])
    let tip = try hive.repository.tip("revert/a")
    let taken = try hive.repository.preflight("revert", "a")
    #expect(taken.status == 2 && taken.hints == ["preflight revert a --branch NAME"], "\(taken)")
    #expect(try hive.repository.tip("revert/a") == tip)
  }

  @Test("What a killed revert has left is cleared away by the next, and the branch is there whole or not at all")
  func killed() throws {
    let hive = try hive()
    try Merge.rebase.carryOut(hive.repository)
    let program = try BuiltProducts.executable("preflight")
    for delay in stride(from: 0.01, through: 0.2, by: 0.02) {
      var request = ProcessRequest(
        program, ["revert", "a", "--branch", "r\(Int(delay * 1000))"], environment: hive.repository.environment,
        directory: hive.repository.path)
      request.ownGroup = true
      let child = try ChildProcess(request)
      Clock.sleep(seconds: delay)
      child.kill(signal: 9)
      _ = child.finish()
    }
    #expect(try hive.repository.preflight("revert", "a").status == 0)
    #expect(try hive.repository.git(["worktree", "list"]).split(separator: "\n").count == 3)
    for branch in try hive.repository.git(["branch", "--list", "r*", "--format=%(refname:short)"]).split(
      separator: "\n")
    {
      #expect(try hive.repository.git(["rev-list", "--count", "main..\(branch)"]) == "3")
    }
  }
}
