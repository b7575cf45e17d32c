import Foundation
import Platform
import TestSupport
import Testing

@Suite("preflight down")
struct DownCommandTests {
  private static let plan = """
    [project]
    trunk = "main"
    issue-prefix = ["T"]

    [worktree]
    dir = "../trees"
    remove = [["sh", "-c", "echo gone $PREFLIGHT_STREAM >> ../log"]]

    [streams.a]
    name = "Alpha"
    branch = "topic/a"
    dir = "tree a"
    files = ["a/**"]
    issues = [{ id = "T-1", title = "one" }]

    [streams.b]
    branch = "topic/b"
    dir = "b"
    files = ["b/**"]
    issues = [{ id = "T-2", title = "two" }]

    """

  private let repository: TestRepository
  private let a: FilePath
  private let b: FilePath

  init() throws {
    repository = try TestRepository()
    (a, b) = (repository.surroundings / "trees/tree a", repository.surroundings / "trees/b")
    repository.environment["PREFLIGHT_TRUST"] = "1"
    repository.environment["PATH"] =
      "\(try BuiltProducts.directory()):" + (repository.environment["PATH"] ?? "/usr/bin:/bin")
    try repository.commit("feat: start", ["preflight.toml": Self.plan, "free": "1\n"])
    _ = try repository.preflight("up")
  }

  @Test("As JSON it names each worktree, what came of it, and the reasons against it by their codes")
  func asJSON() throws {
    func rows(_ words: Argument...) throws -> (rows: [[String: Any]], status: Int32) {
      let outcome = try repository.attempt(BuiltProducts.executable("preflight"), ["down", "--json"] + words)
      let json = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [String: Any]
      return (try #require(json?["worktrees"] as? [[String: Any]], "\(outcome)"), outcome.status)
    }
    #expect(try rows().rows.isEmpty)
    try repository.write("new", "1\n", in: a)
    let refused = try rows("a")
    #expect(refused.status == 1)
    #expect(refused.rows.map { $0["outcome"] as? String } == ["refused"])
    #expect(refused.rows[0]["stream"] as? String == "a" && refused.rows[0]["branch"] as? String == "topic/a")
    let reasons = try #require(refused.rows[0]["reasons"] as? [[String: Any]])
    #expect(reasons.map { $0["code"] as? String } == ["untracked"])
    let forced = try rows("a", "--force=untracked")
    #expect(forced.status == 0 && forced.rows[0]["outcome"] as? String == "removed")
    #expect((forced.rows[0]["kept"] as? String)?.hasPrefix("refs/preflight/removed/") == true)
    #expect((forced.rows[0]["forced"] as? [[String: Any]])?.map { $0["code"] as? String } == ["untracked"])
  }

  @Test("Of all streams those that are merged go, with their branches; without any nothing does")
  func finished() throws {
    let none = try repository.preflight("down")
    #expect(
      none
        == CommandOutcome(
          status: 0, standardOutput: "nothing to remove: no stream with a worktree is merged\n", standardError: ""))
    let tip = try repository.commit("feat: one (T-1)", ["a/x": "x\n"], in: a)
    try repository.git(["merge", "--quiet", "--squash", "topic/a"])
    try repository.commit("feat: one (T-1) (#1)")
    try repository.commit("feat: later, in the same file", ["a/x": "x\ny\n"])
    try repository.write("b/x", "mine\n", in: b)
    let outcome = try repository.preflight("down")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(
      outcome.standardOutput
        == "removed a (Alpha) (\(a)), and its branch, which is merged (was \(String("\(tip)".prefix(10))))\n")
    #expect(!a.exists && b.isDirectory)
    let log = try String(decoding: (a.parent / "log").contents(), as: UTF8.self)
    #expect(log == "gone a\n", "'remove' has run there, once")
    #expect(try repository.git(["branch", "--list", "topic/*", "--format=%(refname:short)"]) == "topic/b")
  }

  @Test("A refusal names each reason with its word, and the hint passes over these and no others")
  func refused() throws {
    try repository.commit("feat: two (T-2)", ["b/y": "y\n"], in: b)
    try repository.write("b/\u{1b}[31m", "mine\n", in: b)
    let outcome = try repository.preflight("down", "b")
    #expect(outcome.status == 1)
    #expect(
      outcome.standardError == """
        error: b: 1 untracked file: b/\\x1b[31m [untracked]
        error: b: 1 commit that 'main' does not have [unmerged]
        hint: if it may be lost: preflight down topic/b --force=untracked --force=unmerged

        """, "\(outcome)")
    #expect(!(a.parent / "log").exists, "nothing has run")
    let hint = try #require(outcome.hints.first)
    let forced = try repository.attempt("sh", ["-c", Argument(hint)])
    #expect(forced.status == 0, "\(forced)")
    #expect(!b.exists)
    let kept = try #require(forced.standardError.firstMatch(of: /git show --stat (\S+)/)).output.1
    #expect(try repository.git(["show", "--stat", "--format=", Argument(String(kept))]).contains("31m"))
    #expect(try repository.git(["log", "-1", "--format=%s", "topic/b"]) == "feat: two (T-2)", "its branch stays")
  }

  @Test("Whoever stands in a worktree is told to leave it first")
  func standingThere() throws {
    let outcome = try repository.attempt("sh", ["-c", "preflight down a; echo $?"], in: a)
    #expect(outcome.standardOutput == "not removed: a (Alpha) (\(a))\n1\n", "\(outcome)")
    #expect(outcome.standardError.contains("at work there: sh (process "))
    #expect(outcome.hints == ["cd \(repository.path)"])
    let left = try repository.attempt("sh", ["-c", "cd \(repository.path) && preflight down a"], in: a)
    #expect(left.status == 0, "\(left)")
  }

  @Test("A failing command keeps the worktree, names its output, and what is not approved does not run")
  func removeFails() throws {
    let failing = Self.plan.replacingOccurrences(of: "echo gone", with: "exit 3; echo gone")
    try repository.commit("chore: plan", ["preflight.toml": failing])
    let outcome = try repository.preflight("down", "a")
    #expect(outcome.status == 1 && outcome.standardOutput.contains(": exit status 3; its output is in "), "\(outcome)")
    let untrusted = try repository.preflight("down", "a", environment: ["PREFLIGHT_TRUST": ""])
    #expect(untrusted.status == 1 && untrusted.standardOutput.contains("not approved on this machine"), "\(untrusted)")
    #expect(a.isDirectory)
  }

  @Test(
    "What makes no sense is refused, and nothing changed",
    arguments: [
      (["down", "nobody"], 2), (["down", "--force=dirty"], 64), (["down", "a", "--force=main"], 64),
      (["down", "a", "--force=all"], 64), (["down", "a", "--force"], 64),
    ] as [([String], Int32)])
  func usage(words: [String], status: Int32) throws {
    let outcome = try repository.attempt(BuiltProducts.executable("preflight"), words.map { Argument($0) })
    #expect(outcome.status == status, "\(outcome)")
    #expect(a.isDirectory && b.isDirectory)
  }
}
