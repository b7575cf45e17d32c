import Foundation
import Git
import Platform
import TestSupport
import Testing

/// Two streams at work, as they were before a command that is killed again and again.
private final class KillSite {
  let hive: TrainHive
  private let shim: CrashShim
  private let kept: FilePath
  private static let parts = ["repository", "a", "b", "origin.git", "home", "told"]

  init(_ plan: String = "", _ prepare: (TrainHive) throws -> Void = { _ in }) throws {
    hive = try TrainHive(plan)
    // The copies that are put back have other inodes.
    try hive.repository.git(["config", "core.trustCTime", "false"])
    try hive.repository.git(["config", "core.checkStat", "minimal"])
    try prepare(hive)
    shim = try CrashShim(in: hive.repository.surroundings)
    kept = hive.repository.surroundings / "kept"
    try kept.createDirectories()
    try copyAll(from: hive.repository.surroundings, to: kept)
  }

  private func copyAll(from: FilePath, to: FilePath) throws {
    for part in Self.parts {
      try (to / part).removeRecursively()
      guard (from / part).exists else { continue }
      let result = try ChildProcess.run(ProcessRequest("cp", ["-a", Argument(from / part), Argument(to / part)]))
      guard result.succeeded else { throw UnexpectedExit(description: String(decoding: result.error, as: UTF8.self)) }
    }
  }

  /// Puts all back and runs a command that is killed at a change of the disk, before it happens; 0: it is only counted.
  ///
  /// - Returns: what came of it, and how many changes there were.
  func run(
    _ words: [Argument], in place: FilePath, _ victim: CrashShim.Victim, at call: Int
  ) throws -> (outcome: CommandOutcome, count: Int) {
    try copyAll(from: kept, to: hive.repository.surroundings)
    let counter = hive.repository.surroundings / "counter"
    try counter.remove()
    var environment = hive.repository.environment
    for (name, value) in shim.variables(victim, at: call, counter: counter) { environment[name] = value }
    var request = ProcessRequest(
      try BuiltProducts.executable("preflight"), words, environment: environment, directory: place)
    request.ownGroup = true  // the whole group dies, and we are not of it
    let outcome = CommandOutcome(try ChildProcess.run(request))
    return (outcome, try CrashShim.count(in: counter))
  }

  /// What must not be left behind.
  func brokenObjects() throws -> String {
    let check = try hive.repository.attempt("git", ["fsck", "--no-dangling", "--connectivity-only"])
    return check.status == 0 ? "" : check.standardError
  }
}

@Suite("Commands that are killed and run again", .enabled(if: CrashShim.isAvailable, "needs Linux and a C compiler"))
struct KilledCommandTests {
  /// A sample, so that the suite stays quick; all with `PREFLIGHT_CRASHES=all`.
  private func calls(_ count: Int, sample: Int, using generator: inout some RandomNumberGenerator) -> [Int] {
    if Environment.current["PREFLIGHT_CRASHES"] == "all" { return Array(1...count) }
    return Array((1...count).shuffled(using: &generator).prefix(sample)).sorted()
  }

  /// What a stream says, and how it is seen that it was said.
  struct Saying: Sendable, CustomTestStringConvertible {
    var words: [String]
    var event: String

    var testDescription: String { words.joined(separator: " ") }
    var arguments: [Argument] { words.map { Argument($0) } }
  }

  private static let sayings = [
    Saying(words: ["signal", "blocked", "--on", "T-1", "-m", "why"], event: "blocked on T-1: why"),
    Saying(words: ["claim", "alpha", "beta", "--for", "1h"], event: "claimed alpha for 1 h"),
    Saying(words: ["claim", "--drop"], event: "dropped kept"),
    Saying(words: ["memory", "set", "k", "v"], event: "k = v"),
    Saying(words: ["done", "T-9", "-m", "there"], event: "T-9 done: there"),
  ]

  @Test(
    "What a stream says is said whole or not at all, and said when it is said again", arguments: sayings,
    CrashShim.Victim.allCases)
  func saying(_ saying: Saying, victim: CrashShim.Victim) throws {
    let plan = """
      [streams.c]
      branch = "stream/c"
      issues = [{ id = "T-9", external = true }]
      """
    let site = try KillSite(plan) { hive in
      _ = try hive.preflight("claim", "kept")
      _ = try hive.preflight("memory", "set", "old", "value")
    }
    let count = try site.run(saying.arguments, in: site.hive.a, victim, at: 0).count
    #expect(count > 1, "the shim counts")
    var generator = SeededGenerator.announced()
    for call in calls(count, sample: 3, using: &generator) {
      let first = try site.run(saying.arguments, in: site.hive.a, victim, at: call).outcome
      let read = try site.hive.preflight("memory", "get", "old")
      #expect(read.standardOutput == "value\n", "\(call) of \(count): what was said before is there: \(first) \(read)")
      let again = try site.hive.repository.attempt(
        BuiltProducts.executable("preflight"), saying.arguments, in: site.hive.a)
      #expect(again.status == 0, "\(call) of \(count): \(first) \(again)")
      let log = try site.hive.preflight("log").standardOutput
      #expect(log.contains(saying.event) && log.contains("old = value"), "\(call) of \(count): \(log)")
      #expect(try site.brokenObjects() == "", "\(call) of \(count)")
    }
  }

  @Test("A sync that is killed anywhere owes nobody a command of [[after-sync]], and none is run twice")
  func afterSync() throws {
    let site = try KillSite(TrainHive.afterLockFile) { hive in
      try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
      try hive.commitUnseen("chore: lock", ["package-lock.json": "{}\n"])
    }
    let sync: [Argument] = ["sync", "--no-fetch"]
    let place = site.hive.repository.path
    let count = try site.run(sync, in: place, .alone, at: 0).count
    var generator = SeededGenerator.announced()
    for call in calls(count, sample: 16, using: &generator) {
      let first = try site.run(sync, in: place, .alone, at: call).outcome
      // Recovery takes back what was cut off early.
      for _ in 0..<3 { _ = try site.hive.preflight("sync", "--no-fetch", in: place) }
      let run = try site.hive.preflight("sync", "--no-fetch", "--run", in: place)
      _ = try site.hive.preflight("sync", "--no-fetch", "--run", in: place)
      #expect(
        try site.hive.told().sorted() == ["install", "rebuild a", "rebuild b"], "\(call) of \(count): \(first) \(run)")
      #expect(try site.hive.repository.git(["log", "--format=%s", "-1", "stream/b"]) == "chore: lock")
    }
    print("killed at \(min(16, count)) of \(count) calls")
  }

  @Test("A finish that is killed anywhere is taken up by the next, with one pull request and one event")
  func finish() throws {
    let plan = """
      [[checks]]
      name = "tests"
      run = ["true"]
      [finish]
      run = ["@/tell", "opened", "{branch}"]
      [notify]
      ready = ["@/tell", "ready", "{stream}"]
      interval = "1ms"
      """
    let site = try KillSite(plan) { hive in
      try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
      try hive.commitUnseen("feat: trunk", ["other": "1\n"])
      try hive.repository.git(["push", "--quiet", "--no-verify", "origin", "main"])
    }
    let count = try site.run(["finish"], in: site.hive.a, .alone, at: 0).count
    var generator = SeededGenerator.announced()
    for call in calls(count, sample: 10, using: &generator) {
      let first = try site.run(["finish"], in: site.hive.a, .alone, at: call).outcome
      var again = try site.hive.preflight("finish")
      for _ in 0..<3 where again.status != 0 {
        // The push of the one that was killed may still be going on.
        Clock.sleep(seconds: 0.2)
        again = try site.hive.preflight("finish")
      }
      #expect(again.status == 0, "\(call) of \(count): \(first) \(again)")
      let queue = try site.hive.drainedQueue()
      let told = try site.hive.told()
      let isCutOff = again.standardOutput.contains("was cut off") || queue.contains("cut off")
      #expect(Set(told).count == told.count, "nothing twice: \(told)")
      #expect(isCutOff || told.sorted() == ["opened stream/a", "ready a"], "\(call) of \(count): \(told) \(again)")
      let remote = try site.hive.repository.git(["ls-remote", "origin", "refs/heads/stream/a"])
      #expect(try remote.hasPrefix("\(site.hive.repository.tip("stream/a"))"), "\(call) of \(count)")
    }
  }

  @Test("A finish that was killed while its sync wrote files takes them back before it asks what is not committed")
  func finishInTheMove() throws {
    let files = 60
    let site = try KillSite { hive in
      try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
      let many: [String: String?] = Dictionary(uniqueKeysWithValues: (0..<files).map { ("other/\($0)", "\($0)\n") })
      try hive.commitUnseen("feat: trunk", many)
      try hive.repository.git(["push", "--quiet", "--no-verify", "origin", "main"])
    }
    let count = try site.run(["finish"], in: site.hive.a, .group, at: 0).count
    var found = 0
    // While the files are written they are most of what is counted.
    for call in stride(from: 10, to: count, by: files / 3) where found < 2 {
      let first = try site.run(["finish"], in: site.hive.a, .group, at: call).outcome
      guard try site.hive.repository.git(["status", "--porcelain"], in: site.hive.a) != "" else { continue }
      found += 1
      var again = try site.hive.preflight("finish")
      for _ in 0..<3 where again.status != 0 { again = try site.hive.preflight("finish") }
      #expect(again.status == 0, "\(call) of \(count): \(first) \(again)")
      #expect(try site.hive.repository.git(["status", "--porcelain"], in: site.hive.a) == "")
      #expect(try site.hive.repository.git(["log", "--format=%s", "main..stream/a"]) == "feat: one (T-1)")
    }
    #expect(found > 0, "one of the calls is in the middle of the move")
  }

  @Test(
    "A train that is killed anywhere goes on where it was, merges everything once and leaves no worktree behind",
    arguments: [CrashShim.Victim.alone, .group])
  func merge(victim: CrashShim.Victim) throws {
    let site = try KillSite("[[checks]]\nname = \"tests\"\nrun = [\"true\"]") { hive in
      try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
      try hive.repository.commit("feat: three (T-3)", ["beta/y": "2\n"], in: hive.b)
    }
    let place = site.hive.repository.path
    let count = try site.run(["merge", "--all"], in: place, victim, at: 0).count
    var generator = SeededGenerator.announced()
    for call in calls(count, sample: 8, using: &generator) {
      let first = try site.run(["merge", "--all"], in: place, victim, at: call).outcome
      var again = try site.hive.preflight("merge", "--all", in: place)
      for _ in 0..<3 where again.status != 0 { again = try site.hive.preflight("merge", "--all", in: place) }
      #expect(again.status == 0, "\(victim) \(call) of \(count): \(first) \(again)")
      let subjects = try site.hive.repository.git(["log", "--first-parent", "--format=%s", "main"])
      #expect(
        subjects == "Merge branch 'stream/b'\nMerge branch 'stream/a'\nchore: plan", "\(call) of \(count): \(again)")
      #expect(try site.hive.repository.git(["status", "--porcelain"]) == "", "\(call) of \(count)")
      #expect(try site.hive.repository.git(["worktree", "list"]).split(separator: "\n").count == 3)
      #expect(try site.brokenObjects() == "")
    }
  }

  @Test(
    "A revert that is killed anywhere is made by the next: the branch is there whole, and the issues are open",
    arguments: CrashShim.Victim.allCases)
  func revert(victim: CrashShim.Victim) throws {
    let site = try KillSite { hive in
      try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
      try hive.repository.git(["merge", "--quiet", "--no-ff", "--no-edit", "stream/a"])
    }
    let place = site.hive.repository.path
    let count = try site.run(["revert", "a"], in: place, victim, at: 0).count
    var generator = SeededGenerator.announced()
    for call in calls(count, sample: 6, using: &generator) {
      let first = try site.run(["revert", "a"], in: place, victim, at: call).outcome
      let again = try site.hive.preflight("revert", "a", in: place)
      // Where the branch was made already it says so.
      let wasMade = again.status == 2 && again.standardError.contains("there is a branch 'revert/a' already")
      #expect(again.status == 0 || wasMade, "\(victim) \(call) of \(count): \(first) \(again)")
      #expect(try site.hive.repository.git(["show", "revert/a:alpha/x"]) == "1", "\(call) of \(count)")
      #expect(try site.hive.repository.git(["rev-list", "--count", "main..revert/a"]) == "1")
      let worktrees = try site.hive.repository.git(["worktree", "list"])
      #expect(worktrees.split(separator: "\n").count == 3, "\(call) of \(count): \(worktrees) \(first) \(again)")
    }
  }

  @Test("A launch that is killed before its program runs is launched by the next, on trunk as it is")
  func launch() throws {
    let site = try KillSite("[launch]\nrun = [\"@/tell\", \"launched\", \"{brief-file}\"]") { hive in
      try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
      try hive.commitUnseen("feat: trunk", ["other": "1\n"])
      try hive.repository.git(["push", "--quiet", "--no-verify", "origin", "main"])
    }
    let count = try site.run(["launch", "a"], in: site.hive.a, .alone, at: 0).count
    var generator = SeededGenerator.announced()
    for call in calls(count, sample: 6, using: &generator) {
      _ = try site.run(["launch", "a"], in: site.hive.a, .alone, at: call)
      var again = try site.hive.preflight("launch", "a")
      for _ in 0..<2 where try !site.hive.repository.git(["log", "--format=%s", "stream/a"]).contains("feat: trunk") {
        again = try site.hive.preflight("launch", "a")
      }
      #expect(again.status == 0, "\(call) of \(count): \(again)")
      #expect(try site.hive.told().last?.hasPrefix("launched ") == true)
      #expect(try site.hive.repository.git(["log", "--format=%s", "-2", "stream/a"]) == "feat: one (T-1)\nfeat: trunk")
    }
  }
}
