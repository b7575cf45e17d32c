import Git
import Platform
import TestSupport
import Testing

@testable import Worktrees

/// A repository whose plan the built `preflight` makes, or removes, and is killed at; everything is put back after each death.
final class CrashSite {
  static let plan = """
    [project]
    trunk = "main"

    [worktree]
    dir = "../trees"
    link = [".env"]
    setup = [["sh", "-c", "echo $PREFLIGHT_SLOT > slot.log"]]
    remove = [["sh", "-c", "rm -f slot.log"]]

    [streams.a]
    branch = "topic/a"
    dir = "a tree"

    [streams.b]
    branch = "topic/b"
    dir = "b"
    base = "a"
    """

  let repository: TestRepository
  private let shim: CrashShim
  private let kept: FilePath
  private static let parts = ["repository", "trees", "home"]

  init() throws {
    repository = try TestRepository()
    shim = try CrashShim(in: repository.surroundings)
    kept = repository.surroundings / "kept"
    repository.environment["PREFLIGHT_TRUST"] = "1"
    // The copies that are put back have other inodes.
    try repository.git(["config", "core.trustCTime", "false"])
    try repository.git(["config", "core.checkStat", "minimal"])
    try repository.commit(
      "feat: start",
      ["preflight.toml": Self.plan, ".gitignore": "*.log\n.env\n", "file": "1\n", "deep/er": "2\n", "more": "3\n"])
    try repository.write(".env", "secret\n")
  }

  /// What is there now is where each death begins.
  func keep() throws {
    try kept.createDirectories()
    for part in Self.parts where (repository.surroundings / part).exists {
      try copy(repository.surroundings / part, kept / part)
    }
  }

  private func putBack() throws {
    for part in Self.parts {
      try (repository.surroundings / part).removeRecursively()
      if (kept / part).exists { try copy(kept / part, repository.surroundings / part) }
    }
  }

  private func copy(_ from: FilePath, _ to: FilePath) throws {
    let result = try ChildProcess.run(ProcessRequest("cp", ["-a", Argument(from), Argument(to)]))
    guard result.succeeded else { throw UnexpectedExit(description: String(decoding: result.error, as: UTF8.self)) }
  }

  /// How many changes of the disk the command makes.
  func count(_ words: [Argument], _ victim: CrashShim.Victim) throws -> Int {
    try putBack()
    let counter = try freshCounter()
    let outcome = try run(words, shim.variables(victim, at: 0, counter: counter))
    guard outcome.status == 0 else { throw UnexpectedExit(description: "\(outcome)") }
    return try CrashShim.count(in: counter)
  }

  /// Kills the command at a change of the disk, before it happens.
  func kill(_ words: [Argument], _ victim: CrashShim.Victim, at call: Int) throws -> CommandOutcome {
    try putBack()
    let outcome = try run(words, shim.variables(victim, at: call, counter: freshCounter()))
    // A command of the plan leads a session, and so a group, of its own: killed there, preflight lives to say so.
    if victim == .alone { #expect(outcome.status == 128 + 9) } else if victim == .group { #expect(outcome.status != 0) }
    return outcome
  }

  /// It counts on where it stood.
  private func freshCounter() throws -> FilePath {
    let counter = repository.surroundings / "counter"
    try counter.remove()
    return counter
  }

  func run(_ words: [Argument], _ variables: [String: String] = [:]) throws -> CommandOutcome {
    var environment = repository.environment
    for (name, value) in variables { environment[name] = value }
    var request = ProcessRequest(
      try BuiltProducts.executable("preflight"), words, environment: environment, directory: repository.path)
    request.ownGroup = true  // the whole group dies, and we are not of it
    return CommandOutcome(try ChildProcess.run(request))
  }
}

@Suite("Worktrees that were begun and not ended", .enabled(if: CrashShim.isAvailable))
struct CrashTests {
  /// A sample, so that the suite stays quick; all with `PREFLIGHT_CRASHES=all`.
  private func calls(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Int] {
    if Environment.current["PREFLIGHT_CRASHES"] == "all" { return Array(1...count) }
    return Array((1...count).shuffled(using: &generator).prefix(8)).sorted()
  }

  @Test(
    "Killed at any change of the disk, 'up' run again makes all that is missing, and nothing is lost",
    arguments: CrashShim.Victim.allCases)
  func up(victim: CrashShim.Victim) throws {
    let site = try CrashSite()
    try site.keep()
    let count = try site.count(["up"], victim)
    #expect(count > 20, "the shim counts")
    var generator = SeededGenerator.announced()
    for call in calls(count, using: &generator) {
      let first = try site.kill(["up"], victim, at: call)
      let again = try site.run(["up"])
      #expect(again.status == 0, "\(victim) \(call) of \(count): \(first) \(again)")
      for (id, name) in [("a", "a tree"), ("b", "b")] {
        let place = site.repository.surroundings / "trees/\(name)"
        #expect(
          try site.repository.git(["status", "--porcelain", "--branch"], in: place) == "## topic/\(id)",
          "\(victim) \(call): \(first) \(again)")
        #expect(try site.repository.read(".env", in: place) == "secret\n")
        #expect((place / "slot.log").exists)
      }
      #expect(try site.repository.git(["worktree", "list", "--porcelain"]).contains("locked") == false)
      #expect(
        try (site.repository.path / ".git/worktrees").entries().count == 2, "\(victim) \(call): \(first) \(again)")
      #expect(try site.run(["up"]).standardOutput.contains("there\n"), "\(victim) \(call)")
    }
  }

  @Test(
    "Killed at any change of the disk, 'down' run again takes away all that is to go, and nothing else",
    arguments: CrashShim.Victim.allCases)
  func down(victim: CrashShim.Victim) throws {
    let site = try CrashSite()
    let repository = site.repository
    let (a, b) = (repository.surroundings / "trees/a tree", repository.surroundings / "trees/b")
    #expect(try site.run(["up"]).status == 0)
    try repository.commit("feat: a", ["a": "a\n"], in: a)
    try repository.git(["merge", "--quiet", "--squash", "topic/a"])
    let trunk = try repository.commit("feat: all of a")
    try repository.write("mine", "mine\n", in: b)
    try site.keep()
    let count = try site.count(["down", "a"], victim)
    #expect(count > 10, "the shim counts")
    var generator = SeededGenerator.announced()
    for call in calls(count, using: &generator) {
      let first = try site.kill(["down", "a"], victim, at: call)
      let again = try site.run(a.exists ? ["down", "a"] : ["down"])
      #expect(again.status == 0, "\(victim) \(call) of \(count): \(first) \(again)")
      #expect(try (a.parent).entries() == ["b"], "\(victim) \(call): \(first) \(again)")
      #expect(try repository.attempt("git", ["rev-parse", "--verify", "--quiet", "topic/a"]).status == 1)
      #expect(try (repository.path / ".git/worktrees").entries() == ["b"])
      #expect(try repository.read("mine", in: b) == "mine\n" && repository.tip("main") == trunk)
    }
  }
}
