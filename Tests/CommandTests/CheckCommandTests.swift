import Foundation
import Platform
import TestSupport
import Testing

/// A repository with a plan on trunk, and a worktree of the stream that it names.
private struct Hive {
  let repository: TestRepository
  let stream: FilePath

  init(checks: String = "") throws {
    repository = try TestRepository()
    let plan = """
      [worktree]
      dir = ".."
      [streams.own]
      branch = "own"
      dir = "own"
      [streams.other]
      name = "Other"
      branch = "other"
      files = ["theirs/**"]
      \(checks)
      """
    try repository.commit("chore: plan", ["preflight.toml": plan, "theirs/x": "1\n"])
    stream = try repository.addWorktree("own", branch: "own")
  }

  func preflight(_ arguments: Argument..., environment: [String: String] = [:]) throws -> CommandOutcome {
    try repository.attempt(
      BuiltProducts.executable("preflight"), arguments, in: stream, environment: environment)
  }
}

/// What stays the same from run to run: durations become `_ s`.
private func timeless(_ text: String) -> String {
  text.replacingOccurrences(of: #"\d+(\.\d)? s"#, with: "_ s", options: .regularExpression)
}

@Suite("preflight")
struct CheckCommandTests {
  @Test("A branch without a fault passes")
  func clean() throws {
    let hive = try Hive()
    try hive.repository.commit("feat: mine", ["mine": "1\n"], in: hive.stream)
    #expect(
      try hive.preflight()
        == CommandOutcome(status: 0, standardOutput: "check  result  time\nrules  passed\n", standardError: ""))
  }

  @Test("What is committed and what is staged is judged, whatever let it through the hooks")
  func findings() throws {
    let hive = try Hive()
    try hive.repository.commit("Feat:mine", in: hive.stream)
    try hive.repository.write("theirs/x", "2\n", in: hive.stream)
    try hive.repository.git(["add", "--all"], in: hive.stream)
    let id = try hive.repository.tip("own")
    let outcome = try hive.preflight()
    #expect(
      outcome
        == CommandOutcome(
          status: 1, standardOutput: "check  result              time\nrules  1 error, 1 warning\n",
          standardError: """
            theirs/x: warning: belongs to other (Other) [ownership]
            hint: to leave it out: git restore --staged -- :/theirs/x
            hint: to see no hints: git config preflight.hints false
            \(id.abbreviated) Feat:mine: error: there is no space behind the colon; did you mean 'feat: mine'? [message.grammar]
            hint: printf '%s\\n' 'feat: mine' | git commit --amend --only --allow-empty --file=-

            """))
    let json = try hive.preflight("--format", "json")
    #expect(json.status == 1)
    #expect(json.standardError == "")
    let document = try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8)) as? [String: Any]
    let found = try #require(document?["findings"] as? [[String: Any]])
    #expect(document?.keys.sorted() == ["checks", "findings", "version"])
    #expect(found.map { $0["rule"] as? String } == ["ownership", "message.grammar"])
    #expect(
      Set(found[0].keys) == ["rule", "severity", "path", "line", "column", "commit", "message", "hint"])
    let annotations = try hive.preflight("--format", "github")
    #expect(annotations.standardOutput.hasPrefix("::warning file=theirs/x,title=ownership::"))
    #expect(annotations.standardError == "")
  }

  @Test("A worktree with another branch than the plan's is told so, even with nothing staged")
  func drift() throws {
    let hive = try Hive()
    try hive.repository.git(["switch", "--quiet", "-c", "other"], in: hive.stream)
    let outcome = try hive.preflight()
    #expect(outcome.status == 1)
    #expect(outcome.standardError.contains("[branch.drift]\n"))
  }

  @Test("Checks run once they are trusted; the output of those that fail is shown, and the table comes last")
  func checks() throws {
    let hive = try Hive(
      checks: """
        [[checks]]
        name = "good"
        run = ["sh", "-c", "echo unseen"]
        [[checks]]
        name = "bad"
        run = ["sh", "-c", "echo seen; exit 3"]
        [[checks]]
        name = "docs"
        run = ["false"]
        paths = ["docs/**"]
        [[checks]]
        name = "on push"
        run = ["false"]
        when = ["pre-push"]
        """)
    try hive.repository.commit("feat: mine", ["mine": "1\n"], in: hive.stream)
    let refused = try hive.preflight()
    #expect(refused.status == 1)
    #expect(
      refused.standardError.hasSuffix(
        "error: 2 checks not run: the commands are not approved on this machine\nhint: preflight trust\n"))
    #expect(try hive.preflight("--no-commands").status == 0)
    #expect(try hive.preflight("trust", "--yes").status == 0)

    let outcome = try hive.preflight()
    #expect(outcome.status == 1)
    #expect(
      timeless(outcome.standardOutput) == """
        check  result                                      time
        rules  passed
        good   passed                                     _ s
        bad    failed (exit status 3)                     _ s
        docs   skipped: no file of its paths has changed

        """)
    #expect(outcome.standardError.hasSuffix("--- output of 'bad'\nseen\n"))
    #expect(!outcome.standardError.contains("unseen"))

    let again = try hive.preflight("--format", "json")
    let document = try JSONSerialization.jsonObject(with: Data(again.standardOutput.utf8)) as? [String: Any]
    let checks = try #require(document?["checks"] as? [[String: Any]])
    #expect(checks.map { $0["status"] as? String } == ["remembered", "failed", "skipped"])
    #expect(try hive.preflight("--rerun").standardOutput.contains("good   passed     "))
    try hive.repository.write("untracked", "", in: hive.stream)
    #expect(try hive.preflight().standardOutput.contains("good   passed     "), "the tree is no longer that one")
  }

  @Test("PREFLIGHT_TRUST=1 stands for the approval where nobody can be asked")
  func trustInCI() throws {
    let hive = try Hive(checks: "[[checks]]\nname = \"where\"\nrun = [\"test\", \"-e\", \"{worktree}/mine\"]")
    try hive.repository.commit("feat: mine", ["mine": "1\n"], in: hive.stream)
    #expect(try hive.preflight().status == 1)
    #expect(try hive.preflight(environment: ["PREFLIGHT_TRUST": "1"]).status == 0)
  }

  @Test("No sync moves a worktree while its checks run")
  func busy() throws {
    let hive = try Hive(
      checks:
        "[[checks]]\nname = \"slow\"\nrun = [\"sh\", \"-c\", \"git -C ../repository rev-parse main > seen; preflight sync --dry-run\"]"
    )
    try hive.repository.commit("feat: on trunk", ["trunk": "1\n"])
    let path = try BuiltProducts.directory().description + ":" + (hive.repository.environment["PATH"] ?? "")
    let outcome = try hive.preflight("--format", "json", environment: ["PREFLIGHT_TRUST": "1", "PATH": path])
    let document = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [String: Any]
    let checks = try #require(document?["checks"] as? [[String: Any]])
    #expect((checks[0]["output"] as? String)?.contains("busy") == true, "\(checks)")
  }

  @Test("Without a plan there is nothing to judge by, and init is named")
  func noPlan() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start")
    #expect(
      try repository.preflight()
        == CommandOutcome(
          status: 2, standardOutput: "",
          standardError: """
            preflight: error: there is no preflight.toml, on trunk or here
            hint: preflight init

            """))
  }

  @Test("A plan with faults is shown with all of them")
  func faultyPlan() throws {
    let repository = try TestRepository()
    try repository.commit("chore: plan", ["preflight.toml": "projct = 1\n[snyc]\n"])
    let outcome = try repository.preflight()
    #expect(outcome.status == 2)
    #expect(
      outcome.standardError == """
        preflight.toml:1:1: error: unknown key 'projct' in the plan; did you mean 'project'?
        preflight.toml:2:2: error: unknown key 'snyc' in the plan; did you mean 'sync'?
        preflight: error: the plan on trunk has faults: nothing can be judged
        hint: preflight plan check

        """)
  }

  @Test("Without trunk nothing is compared, which is said; in CI it is an error that names --base, which stands for it")
  func noTrunk() throws {
    let hive = try Hive()
    try hive.repository.commit("nope", in: hive.stream)
    let clone = hive.repository.surroundings / "clone"
    try hive.repository.git(["clone", "--quiet", "--single-branch", "--branch", "own", ".", Argument(clone)])
    try hive.repository.git(["remote", "remove", "origin"], in: clone)
    let outside = try hive.repository.preflight(in: clone)
    #expect(outside.status == 0)
    #expect(
      outside.standardError
        == "preflight: no branch looks like trunk here: nothing is compared with it (preflight --base REF)\n")
    let inCI = try hive.repository.preflight(in: clone, environment: ["CI": "true"])
    #expect(inCI.status == 2)
    #expect(inCI.standardError.contains("--base"))
    #expect(inCI.standardError.contains("fetch-depth"))
    let based = try hive.repository.preflight("--base", "HEAD~1", in: clone, environment: ["CI": "true"])
    #expect(based.status == 1)
    #expect(based.standardError.contains("[message.grammar]"))
  }

  @Test("A shallow clone that ends before trunk is an error, never a pass")
  func shallow() throws {
    let hive = try Hive()
    try hive.repository.commit("feat: one", in: hive.stream)
    try hive.repository.commit("feat: two", in: hive.stream)
    try hive.repository.commit("feat: on trunk")
    let clone = hive.repository.surroundings / "clone"
    try hive.repository.git([
      "clone", "--quiet", "--depth=1", "--no-single-branch", "--branch", "own",
      Argument("file://\(hive.repository.path)"), Argument(clone),
    ])
    let outcome = try hive.repository.preflight(in: clone)
    #expect(
      outcome
        == CommandOutcome(
          status: 2, standardOutput: "",
          standardError: """
            preflight: error: history is cut off (a shallow clone) before it meets 'main'
            hint: git fetch --unshallow (actions/checkout: fetch-depth: 0)

            """))
  }

  @Test("What was passed over is shown until the next push")
  func bypasses() throws {
    let hive = try Hive()
    try hive.repository.commit("nope", in: hive.stream)
    let first = try hive.preflight(environment: ["PREFLIGHT_SKIP": "message"])
    #expect(
      first
        == CommandOutcome(
          status: 0, standardOutput: "check  result  time\nrules  passed\n",
          standardError: "preflight: passed over now: message.grammar\n"))
    let second = try hive.preflight()
    #expect(second.status == 1)
    #expect(
      second.standardError.hasPrefix("preflight: passed over since the last push: message.grammar (PREFLIGHT_SKIP)\n"))
    #expect(try hive.preflight("skip", "ownership", "--why", "agreed with them").status == 0)
    #expect(
      try hive.preflight().standardError.contains(
        "preflight: the next commit here passes ownership (agreed with them)\n"))
  }

  @Test("A signal ends the checks first, and then preflight dies of it")
  func interruption() throws {
    let hive = try Hive(checks: "[[checks]]\nname = \"slow\"\nrun = [\"sh\", \"-c\", \"echo $$ > pid; sleep 60\"]")
    var environment = hive.repository.environment
    environment["PREFLIGHT_TRUST"] = "1"
    let child = try ChildProcess(
      ProcessRequest(
        BuiltProducts.executable("preflight"), [], environment: environment, directory: hive.stream))
    let file = hive.stream / "pid"
    let deadline = Clock.monotonic() + 30
    while try (file.contentsIfPresent() ?? []).isEmpty, Clock.monotonic() < deadline { _ = child.poll(seconds: 0.05) }
    child.kill()
    let result = child.finish()
    #expect(result.ending == .killed(signal: 15))
    #expect(String(decoding: result.output, as: UTF8.self).contains("slow   interrupted"))
    let check = try #require(Int32(hive.repository.read("pid", in: hive.stream).dropLast()))
    #expect(!CurrentProcess.isAlive(check))
  }

  @Test(
    "Help and version are no failures, and wrong usage is 64", arguments: [("--help", 0), ("--version", 0), ("x", 64)])
  func usage(argument: String, status: Int32) throws {
    #expect(try TestRepository().preflight(Argument(argument)).status == status)
  }
}
