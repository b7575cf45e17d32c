import Foundation
import Platform
import TestSupport
import Testing

@Suite("preflight up")
struct UpCommandTests {
  private static let plan = """
    [project]
    trunk = "main"

    [worktree]
    dir = "../the trees"
    link = [".env"]
    setup = [["sh", "-c", "echo $PREFLIGHT_SLOT > slot.log"]]

    [streams.a]
    branch = "topic/a"
    dir = "tree a"

    [streams.b]
    branch = "topic/b"
    dir = "tree b"
    base = "a"
    """

  private func repository(_ plan: String = UpCommandTests.plan) throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("feat: start", ["preflight.toml": plan, ".gitignore": "*.log\n.env\n", "file": "1\n"])
    try repository.write(".env", "secret\n")
    return repository
  }

  @Test("As JSON each stream has its worktree, its slot and what came of it")
  func asJSON() throws {
    let repository = try repository()
    func rows(_ words: Argument...) throws -> [[String: Any]] {
      let outcome = try repository.attempt(
        BuiltProducts.executable("preflight"), ["up", "--json"] + words, environment: ["PREFLIGHT_TRUST": "1"])
      let json = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [String: Any]
      #expect(json?["version"] as? Int == 1)
      return try #require(json?["streams"] as? [[String: Any]], "\(outcome)")
    }
    #expect(try rows("--dry-run").map { $0["outcome"] as? String } == ["would-make", "would-make"])
    let made = try rows()
    #expect(made.map { $0["outcome"] as? String } == ["made", "made"])
    #expect(made.map { $0["from"] as? String } == ["trunk", "trunk"])
    #expect(made.map { $0["slot"] as? Int } == [1, 2] && made.allSatisfy { $0["setup"] as? String == "done" })
    #expect(made[0]["worktree"] as? String == "\(repository.surroundings / "the trees/tree a")")
    #expect((made[0]["links"] as? [[String: Any]])?.map { $0["outcome"] as? String } == ["made"])
    let again = try rows()
    #expect(again.map { $0["outcome"] as? String } == ["present", "present"])
    #expect(again.map { $0["slot"] as? Int } == [1, 2])
  }

  @Test("It says what it made, and made again that all is there")
  func table() throws {
    let repository = try repository()
    let made = try repository.preflight("up", environment: ["PREFLIGHT_TRUST": "1"])
    let trees = repository.surroundings / "the trees"
    #expect(
      made.standardOutput == """
        stream  worktree\(String(repeating: " ", count: "\(trees)/tree a".count - 6))branch   slot  state
        a       \(trees)/tree a  topic/a     1  made from 'main', linked .env, set up
        b       \(trees)/tree b  topic/b     2  made from 'main', linked .env, set up

        """, "\(made)")
    #expect(made.status == 0)
    let again = try repository.preflight("up", environment: ["PREFLIGHT_TRUST": "1"])
    #expect(again.standardOutput.contains("topic/a     1  there\n") && again.standardError == "", "\(again)")
  }

  @Test("Without approval the worktrees are there, nothing ran, and what to type is said")
  func notApproved() throws {
    let repository = try repository()
    let outcome = try repository.preflight("up")
    #expect(outcome.status == 1 && outcome.hints == ["preflight trust"], "\(outcome)")
    #expect(try repository.preflight("trust", "--yes").status == 0)
    let again = try repository.preflight("up")
    #expect(again.status == 0 && again.standardOutput.contains("there, set up"), "\(again)")
  }

  @Test("What is in the way is named, and the hint, typed, lets it be made")
  func inTheWay() throws {
    let repository = try repository()
    let place = repository.surroundings / "the trees/tree a"
    try repository.write("mine", "mine\n", in: place)
    let outcome = try repository.preflight("up", "a", environment: ["PREFLIGHT_TRUST": "1"])
    #expect(outcome.status == 1 && outcome.standardOutput.contains("not made: something else is there"))
    let hint = try #require(outcome.hints.first).replacingOccurrences(of: "a: to put it aside: ", with: "")
    #expect(try repository.attempt("sh", ["-c", Argument(hint)]).status == 0, "\(hint)")
    #expect(try repository.preflight("up", "a", environment: ["PREFLIGHT_TRUST": "1"]).status == 0)
  }

  @Test("A stream that was renamed in the plan while it is at work is still the one of its branch, and of its place")
  func renamed() throws {
    let repository = try repository()
    _ = try repository.preflight("up", environment: ["PREFLIGHT_TRUST": "1"])
    let renamed = Self.plan.replacingOccurrences(of: "[streams.a]", with: "[streams.alpha]")
      .replacingOccurrences(of: "base = \"a\"", with: "base = \"alpha\"")
    try repository.commit("chore: rename", ["preflight.toml": renamed])
    let id = try repository.preflight("up", environment: ["PREFLIGHT_TRUST": "1"])
    #expect(id.status == 0 && id.standardOutput.contains("alpha "), "\(id)")
    let branch = renamed.replacingOccurrences(of: "\"topic/a\"", with: "\"topic/alpha\"")
    try repository.commit("chore: rename the branch", ["preflight.toml": branch])
    let moved = try repository.preflight("up", environment: ["PREFLIGHT_TRUST": "1"])
    #expect(moved.status == 1 && moved.standardOutput.contains("not made: has 'topic/a' checked out"), "\(moved)")
    let hint = try #require(moved.standardError.firstMatch(of: /git branch -m [^;]*/)).output
    #expect(try repository.attempt("sh", ["-c", Argument(String(hint))]).status == 0)
    #expect(try repository.preflight("up", environment: ["PREFLIGHT_TRUST": "1"]).status == 0)
  }

  @Test("A branch that was deleted under its worktree comes back by the hint")
  func branchDeleted() throws {
    let repository = try repository()
    _ = try repository.preflight("up", environment: ["PREFLIGHT_TRUST": "1"])
    let place = repository.surroundings / "the trees/tree a"
    let tip = try repository.commit("feat: a", ["a": "a\n"], in: place)
    try repository.git(["update-ref", "-d", "refs/heads/topic/a"])
    let outcome = try repository.preflight("up", environment: ["PREFLIGHT_TRUST": "1"])
    #expect(outcome.status == 1 && outcome.standardOutput.contains("not made: its branch was deleted"), "\(outcome)")
    let hint = try #require(outcome.hints.first?.components(separatedBy: "to have it back: ").last)
    #expect(try repository.attempt("sh", ["-c", Argument(hint)]).status == 0, "\(hint)")
    #expect(try repository.tip("topic/a") == tip)
    #expect(try repository.preflight("up", environment: ["PREFLIGHT_TRUST": "1"]).status == 0)
  }

  @Test(
    "What cannot be made is a sentence",
    arguments: [
      (["up", "nobody"], "there is no stream 'nobody' in the plan"),
      (["up", "c"], "there is no stream 'c' in the plan"),
    ])
  func refusals(words: [String], message: String) throws {
    let repository = try repository()
    let outcome = try repository.attempt(BuiltProducts.executable("preflight"), words.map { Argument($0) })
    #expect(outcome.status == 2 && outcome.standardError.hasPrefix("preflight: error: \(message)"), "\(outcome)")
  }

  @Test("Six at once make each worktree once, and all say that it is there")
  func atOnce() throws {
    let repository = try repository()
    var environment = repository.environment
    environment["PREFLIGHT_TRUST"] = "1"
    let program = try BuiltProducts.executable("preflight")
    let results = try ChildProcess.run(
      (0..<6).map { _ in
        ProcessRequest(program, ["up", "--wait", "120"], environment: environment, directory: repository.path)
      }, sideBySide: 6)
    // Whoever comes while another runs the setup says so.
    for result in results {
      let output = String(decoding: result.output, as: UTF8.self)
      #expect(
        result.succeeded || output.contains("is being set up"),
        "\(output)\(String(decoding: result.error, as: UTF8.self))")
    }
    #expect(try repository.git(["worktree", "list"]).split(separator: "\n").count == 3)
    #expect(try repository.preflight("up", environment: ["PREFLIGHT_TRUST": "1"]).status == 0)
  }
}
