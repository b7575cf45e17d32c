import Foundation
import Git
import Platform
import TestSupport
import Testing

/// A repository with a plan on trunk, and two of its streams in worktrees.
final class PlannedHive {
  static let plan = """
    [project]
    trunk = "main"
    issue-prefix = ["T"]

    [worktree]
    dir = ".."

    [streams.a]
    name = "Alpha"
    branch = "stream/a"
    dir = "a"
    files = ["alpha/**"]
    issues = [{ id = "T-1", title = "one" }, { id = "T-2", title = "two", after = ["T-1"], external = true }]

    [streams.b]
    name = "Beta"
    branch = "stream/b"
    dir = "b"
    files = ["beta/**"]
    issues = [{ id = "T-3", title = "three", after = ["T-2"] }]
    """

  let repository: TestRepository
  let a: FilePath
  let b: FilePath

  init(plan: String = PlannedHive.plan) throws {
    repository = try TestRepository()
    try repository.commit("chore: plan", ["preflight.toml": plan, "alpha/x": "x\n", "beta/y": "y\n"])
    a = try repository.addWorktree("a", branch: "stream/a")
    b = try repository.addWorktree("b", branch: "stream/b")
  }

  /// What `preflight` with these words says in `place`, where it must succeed.
  func say(_ words: Argument..., in place: FilePath) throws -> String {
    let outcome = try repository.attempt(BuiltProducts.executable("preflight"), words, in: place)
    guard outcome.status == 0 else { throw UnexpectedExit(description: "\(words): \(outcome)") }
    return outcome.standardOutput + outcome.standardError
  }

  func json(_ words: Argument..., in place: FilePath) throws -> [String: Any] {
    let outcome = try repository.attempt(BuiltProducts.executable("preflight"), words, in: place)
    return try #require(JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [String: Any])
  }
}

@Suite("What streams say: signal, done, claim, memory, log")
struct HiveCommandTests {
  @Test("Fifty processes that signal, claim and remember at once lose nothing", .timeLimit(.minutes(3)))
  func crowd() throws {
    let hive = try PlannedHive()
    let program = try BuiltProducts.executable("preflight")
    let children = try (0..<50).map { number -> ChildProcess in
      let words: [Argument] =
        switch number % 3 {
        case 0: ["signal", "working", "-m", "from \(number)", "--stream", number % 2 == 0 ? "a" : "b"]
        case 1: ["claim", "file-\(number)", "-m", "by \(number)"]
        default: ["memory", "set", "key-\(number)", "value \(number)"]
        }
      let place = number % 2 == 0 ? hive.a : hive.b
      return try ChildProcess(
        ProcessRequest(program, words, environment: hive.repository.environment, directory: place))
    }
    for child in children {
      let result = child.finish()
      #expect(result.succeeded, "\(String(decoding: result.error, as: UTF8.self))")
    }
    let events = try #require(try hive.json("log", "--last", "0", "--json", in: hive.a)["events"] as? [[String: Any]])
    let said = events.map { "\($0["kind"]!) \($0["text"]!)" }.sorted()
    let expected = (0..<50).map { number in
      switch number % 3 {
      case 0: "signal from \(number)"
      case 1: "claimed by \(number)"
      default: "remembered value \(number)\n"
      }
    }.sorted()
    #expect(said == expected)
    let claims = try #require(try hive.json("claim", "--json", in: hive.a)["claims"] as? [[String: Any]])
    #expect(claims.count == 17)
    for number in stride(from: 2, to: 50, by: 3) {
      #expect(try hive.say("memory", "get", "key-\(number)", in: hive.b) == "value \(number)\n")
    }
    #expect(try hive.repository.git(["fsck", "--strict"]).isEmpty)
  }

  @Test("Of many processes that claim one path one holds it, and all others are told by whom")
  func oneHolder() throws {
    let hive = try PlannedHive()
    let program = try BuiltProducts.executable("preflight")
    let places = try (0..<12).map { try hive.repository.addWorktree("w\($0)", branch: "w\($0)") }
    let children = try places.map { place in
      try ChildProcess(
        ProcessRequest(program, ["claim", "alpha"], environment: hive.repository.environment, directory: place))
    }
    let results = children.map { $0.finish() }
    let winner = try #require(results.firstIndex { $0.succeeded })
    #expect(results.count { $0.exitStatus == 1 } == 11)
    for (index, result) in results.enumerated() where index != winner {
      let text = String(decoding: result.error, as: UTF8.self)
      #expect(text.hasPrefix("error: 'alpha' is claimed by w\(winner) for another "), "\(text)")
    }
  }

  @Test("A signal killed at any moment has been made or has not, and the next one comes through")
  func killed() throws {
    let hive = try PlannedHive()
    let program = try BuiltProducts.executable("preflight")
    for delay in stride(from: 0.0, through: 0.06, by: 0.004) {
      let child = try ChildProcess(
        ProcessRequest(
          program, ["signal", "ready", "-m", "\(delay)"], environment: hive.repository.environment, directory: hive.a))
      Clock.sleep(seconds: delay)
      child.kill(signal: 9)
      _ = child.finish()
    }
    #expect(try hive.say("signal", "working", in: hive.a) == "a (Alpha) is working\n")
    #expect(try hive.repository.git(["fsck", "--strict"]).contains("missing") == false)
  }

  @Test("A signal says what it was told, for the stream of the worktree or the one that is named")
  func signals() throws {
    let hive = try PlannedHive()
    #expect(
      try hive.say("signal", "blocked", "--on", "T-2", "-m", "no access\u{1b}[31m", in: hive.b)
        == "b (Beta) is blocked on T-2: no access\\x1b[31m\n")
    #expect(
      try hive.say("signal", "abandoned", "--stream", "a", in: hive.repository.path) == "a (Alpha) is abandoned\n")
    let events = try #require(try hive.json("log", "--json", in: hive.a)["events"] as? [[String: Any]])
    #expect(events.map { $0["stream"] as? String } == ["a", "b"])
    #expect(
      events.map { $0["commit"] as? String } == [
        try hive.repository.tip("stream/a").description, try hive.repository.tip("stream/b").description,
      ])
    #expect(events[1]["text"] as? String == "no access\u{1b}[31m")
    #expect(events[1]["by"] as? String == "C O Mitter <committer@example.com>")
    #expect((events[1]["worktree"] as? String)?.hasSuffix(":\(hive.b)") == true)
    let log = try hive.say("log", in: hive.a)
    #expect(log.contains("  b       blocked on T-2: no access\\x1b[31m  C O Mitter\n"), "\(log)")
  }

  @Test(
    "What cannot be said is refused in a sentence",
    arguments: [
      (
        "signal ready",
        "preflight: error: this worktree has trunk checked out, which is no stream\nhint: preflight signal ready --stream ID\n",
        2
      ),
      (
        "signal ready --stream nobody",
        "preflight: error: there is no stream and no worktree branch 'nobody'\nhint: git worktree list\n", 2
      ),
      ("signal blocked --on T-9", "preflight: error: there is no issue 'T-9' in the plan\n", 2),
      ("done T-9", "preflight: error: there is no issue 'T-9' in the plan\n", 2),
      ("done T-2 T-1", "error: 'T-1' is not external: it is done when a commit of a (Alpha) on trunk names it\n", 1),
      ("claim ../elsewhere", "preflight: error: '../elsewhere' is not in this worktree\n", 2),
      ("memory get nothing", "error: nothing is kept under 'nothing'\n", 1),
    ])
  func refusals(words: String, message: String, status: Int32) throws {
    let hive = try PlannedHive()
    let arguments = words.split(separator: " ").map { Argument(String($0)) }
    let outcome = try hive.repository.attempt(BuiltProducts.executable("preflight"), arguments)
    #expect(outcome.status == status)
    #expect(outcome.standardError.hasPrefix(message), "\(outcome)")
    #expect(try hive.say("log", in: hive.a) == "nothing was said yet\n")
  }

  @Test("Without a branch there is nobody to speak for")
  func detached() throws {
    let hive = try PlannedHive()
    try hive.repository.git(["switch", "--quiet", "--detach"], in: hive.a)
    let outcome = try hive.repository.preflight("signal", "ready", in: hive.a)
    #expect(outcome.status == 2)
    #expect(outcome.standardError.hasPrefix("preflight: error: no branch is checked out here"))
  }

  @Test("External work is done when somebody says so, until it is taken back, and 'depends' goes by it")
  func done() throws {
    let hive = try PlannedHive()
    try hive.repository.commit("feat: three (T-3)", ["beta/y": "z\n"], in: hive.b)
    func warns() throws -> Bool {
      try hive.repository.preflight("--no-commands", in: hive.b).standardError.contains("T-3 waits for T-2")
    }
    #expect(try warns())
    #expect(try hive.say("done", "T-2", "-m", "see the board", in: hive.b) == "done: T-2\n")
    #expect(try !warns())
    #expect(try hive.say("done", "T-2", "--undo", in: hive.b) == "not done: T-2\n")
    #expect(try warns())
  }

  @Test("What was said to be done counts only as long as the plan calls it external")
  func doneButNotExternal() throws {
    let hive = try PlannedHive()
    _ = try hive.say("done", "T-2", in: hive.b)
    let plan = PlannedHive.plan.replacingOccurrences(of: ", external = true", with: "")
    try hive.repository.commit("chore: plan", ["preflight.toml": plan])
    try hive.repository.commit("feat: three (T-3)", ["beta/y": "z\n"], in: hive.b)
    #expect(try hive.repository.preflight("--no-commands", in: hive.b).standardError.contains("T-3 waits for T-2"))
  }

  @Test("Claims are made, listed, renewed and dropped, from wherever in the worktree one stands")
  func claims() throws {
    let hive = try PlannedHive()
    #expect(try hive.say("claim", in: hive.a) == "nothing is claimed\n")
    #expect(
      try hive.say("claim", "x", ".", "--for", "30m", "-m", "two", in: hive.a / "alpha")
        == "a (Alpha) holds 'alpha/x' for 30 min\na (Alpha) holds 'alpha' for 30 min\n")
    let refused = try hive.repository.preflight("claim", "alpha/deep/new", in: hive.b)
    #expect(refused.status == 1)
    #expect(
      refused.standardError == "error: 'alpha/deep/new' is claimed by a (Alpha) ('alpha') for another 30 min: two\n")
    #expect(try hive.say("claim", "--drop", "alpha", in: hive.b) == "nothing to drop: b (Beta) holds none of it\n")
    #expect(try hive.say("claim", "--drop", in: hive.a) == "dropped 'alpha'\ndropped 'alpha/x'\n")
    #expect(try hive.say("claim", "alpha/deep/new", in: hive.b) == "b (Beta) holds 'alpha/deep/new' for 2 h\n")
    #expect(try hive.say("claim", ".", in: hive.b) == "b (Beta) holds '.' for 2 h\n", "everything")
  }

  @Test("A stream that gets another id in the plan keeps its claims (it was locked out by itself)")
  func renamedWithClaim() throws {
    let hive = try PlannedHive()
    _ = try hive.say("claim", "alpha/x", in: hive.a)
    let plan = try hive.repository.read("preflight.toml").replacing("[streams.a]", with: "[streams.z]")
    try hive.repository.commit("chore: rename", ["preflight.toml": plan])
    #expect(try hive.repository.preflight("ask", "alpha/x", in: hive.a).status == 0)
    #expect(try hive.repository.preflight("ask", "alpha/x", in: hive.b).status == 1)
    #expect(try hive.say("claim", "alpha/x", in: hive.a).hasPrefix("z (Alpha) holds 'alpha/x'"))
    #expect(try hive.repository.preflight("claim", "alpha/x", in: hive.b).status == 1)
    #expect(try hive.say("claim", "--drop", in: hive.a) == "dropped 'alpha/x'\n")
  }

  @Test("A claim on a path whose spelling differs in case counts where the disk takes both for one")
  func claimsWithoutCase() throws {
    let hive = try PlannedHive()
    _ = try hive.say("claim", "Alpha/X", in: hive.a)
    #expect(try hive.repository.preflight("claim", "alpha/x", in: hive.b).status == 0)
    _ = try hive.say("claim", "--drop", in: hive.b)
    try hive.repository.git(["config", "core.ignoreCase", "true"])
    #expect(try hive.repository.preflight("claim", "alpha/x", in: hive.b).status == 1)
  }

  @Test("Lengths of a claim", arguments: ["0h", "8d", "2", "h", "1.5h", "-1h", "99999999999999999999h"])
  func claimLengths(text: String) throws {
    let hive = try PlannedHive()
    #expect(try hive.repository.preflight("claim", "x", "--for", Argument(text), in: hive.a).status == 64)
    #expect(try hive.repository.preflight("claim", "x", "--for", "7d", in: hive.a).status == 0)
  }

  @Test("Memory gives back what was put in, byte by byte, from an argument or from standard input")
  func memory() throws {
    let hive = try PlannedHive()
    #expect(try hive.say("memory", "set", "k/ä", "v\u{1b}", in: hive.a) == "")
    #expect(try hive.say("memory", "get", "k/ä", in: hive.b) == "v\u{1b}\n")
    let bytes: [UInt8] = [0xff, 0, 0x0d, 0x0a, 0x0a]
    let set = try hive.repository.attempt(
      BuiltProducts.executable("preflight"), ["memory", "set", "raw"], in: hive.a, input: bytes)
    #expect(set.status == 0)
    let result = try ChildProcess.run(
      ProcessRequest(
        BuiltProducts.executable("preflight"), ["memory", "get", "raw"], environment: hive.repository.environment,
        directory: hive.b))
    #expect(result.output == bytes)
    #expect(try hive.say("memory", "list", in: hive.a).contains("k/ä  v\\x1b"))
    _ = try hive.say("memory", "unset", "raw", in: hive.b)
    #expect(try hive.repository.preflight("memory", "get", "raw", in: hive.a).status == 1)
    #expect(try hive.say("memory", "unset", "raw", in: hive.b) == "")
  }

  @Test("A ref that is not the hive's is kept aside and named; one that a newer version wrote is left alone")
  func aside() throws {
    let hive = try PlannedHive()
    try hive.repository.git(["update-ref", "refs/preflight/hive", "main"])
    let tip = try hive.repository.tip("main")
    let reading = try hive.repository.preflight("log", in: hive.a)
    #expect(reading.status == 2)
    #expect(reading.standardError.contains("is not a state of the hive, and was left as it is"))
    let outcome = try hive.repository.preflight("signal", "ready", in: hive.a)
    #expect(outcome.status == 0)
    #expect(outcome.standardError.contains("is kept as refs/preflight/aside/\(tip), and a new state was begun"))
    #expect(try hive.repository.tip("refs/preflight/aside/\(tip)") == tip)
  }

  @Test("A ref with nonsense in it is never written over; the hint moves it away")
  func nonsense() throws {
    let hive = try PlannedHive()
    let file = hive.repository.path / ".git/refs/preflight/hive"
    try file.parent.createDirectories()
    try file.write(Array("nonsense\n".utf8))
    let outcome = try hive.repository.preflight("signal", "ready", in: hive.a)
    #expect(outcome.status == 2)
    #expect(String(decoding: try file.contents(), as: UTF8.self) == "nonsense\n")
    let hint = try #require(outcome.hints.first)
    #expect(try hive.repository.attempt("sh", ["-c", Argument(hint)]).status == 0, "\(hint)")
    #expect(try hive.repository.preflight("signal", "ready", in: hive.a).status == 0)
  }
}
