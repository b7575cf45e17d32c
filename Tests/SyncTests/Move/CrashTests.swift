import Foundation
import Git
import Platform
import Policies
import TestSupport
import Testing

@testable import Sync

/// A repository whose dirty worktree is about to be moved by the built `preflight`, to be put back as it was again and again.
private final class CrashSite {
  let repository: TestRepository
  let shim: CrashShim
  /// `repository`, the worktrees and `home`, all that a sync changes.
  private let scene: FilePath
  private static let parts = ["repository", "desk", "other", "home"]
  private let copy: FilePath
  private let executable: FilePath
  var desk: FilePath { repository.surroundings / "desk" }
  /// Beside the desk, with a commit of its own: the two are moved at the same time.
  var other: FilePath { repository.surroundings / "other" }

  /// - Parameter undoing: whether the worktree has been moved and is to be moved back.
  init(undoing: Bool) throws {
    repository = try TestRepository()
    shim = try CrashShim(in: repository.surroundings)
    scene = repository.surroundings
    copy = repository.surroundings / "kept"
    executable = try BuiltProducts.executable("preflight")
    try repository.git(["config", "preflight.trunk", "refs/heads/main"])
    try repository.git(["config", "core.trustCTime", "false"])
    try repository.git(["config", "core.checkStat", "minimal"])
    var files: [String: String] = [".gitignore": "*.log\n", "mine.txt": "1\n2\n3\n4\n5\n", "kept.txt": "k\n"]
    for name in ["a", "b", "c"] { files["moved-\(name).txt"] = "old \(name)\n" }
    files["gone.txt"] = "gone\n"
    files["tree/one.txt"] = "1\n"
    files["preflight.toml"] = "[[shared]]\npaths = [\"index.ts\"]\nmerge = \"barrel\"\n"
    files["index.ts"] = Self.barrel()
    try repository.commit("feat: start", files)
    try repository.addWorktree("desk", branch: "topic")
    try repository.addWorktree("other", branch: "second")
    try repository.commit("feat: second", ["second.txt": "s\n"], in: other)
    try repository.write("kept.txt", "edited\n", in: other)
    try (other / "kept.txt").setModified(Clock.nowInNanoseconds() - 3_600_000_000_000)
    let block = DriverBlock(plan: nil, lines: [.init("index.ts", "merge=preflight")])
    try repository.write(".git/info/attributes", String(decoding: block.written(into: []), as: UTF8.self))
    try moveTrunk()
    try work()
    if undoing { try run(Self.sync) }
    try copy.createDirectories()
    for part in Self.parts { try duplicate(scene / part, copy / part) }
  }

  /// With these modules alive.
  private static func barrel(_ modules: String...) -> String {
    ["a", "b", "c", "d"].map { "\(modules.contains($0) ? "" : "// ")export * from './\($0).js'\n" }.joined()
  }

  private func moveTrunk() throws {
    try repository.git(["rm", "--quiet", "-r", "tree", "gone.txt"])
    for name in ["a", "b", "c"] { try repository.write("moved-\(name).txt", "new \(name)\n") }
    try repository.write("tree", "a file\n")
    try repository.write("index.ts", Self.barrel("b"))
    try repository.write("added/deep/new.txt", "added\n")
    try (repository.path / "link").createLink(to: "kept.txt")
    try repository.git(["add", "--all"])
    try repository.git(["update-index", "--chmod=+x", "moved-c.txt"])
    try repository.commit("feat: trunk")
    try repository.git(["reset", "--quiet", "--hard"])
  }

  /// Work of every kind at paths that do not move.
  private func work() throws {
    try repository.write("mine.txt", "one\n2\n3\n4\nfive\n", in: desk)
    let patch = "--- a/mine.txt\n+++ b/mine.txt\n@@ -1,2 +1,2 @@\n-1\n+one\n 2\n"
    try repository.git(["apply", "--cached"], in: desk, input: Array(patch.utf8))
    try repository.git(["mv", "kept.txt", "renamed.txt"], in: desk)
    try repository.write("later.txt", "later\n", in: desk)
    try repository.git(["add", "--intent-to-add", "later.txt"], in: desk)
    try repository.write("index.ts", Self.barrel("a"), in: desk)
    try repository.git(["add", "index.ts"], in: desk)
    try repository.write("index.ts", Self.barrel("a", "d"), in: desk)
    try repository.write("untracked.txt", "u\n", in: desk)
    try repository.write("build.log", "log\n", in: desk)
    // What was written just now would make the worktree busy.
    let past = Clock.nowInNanoseconds() - 3_600_000_000_000
    for file in ["mine.txt", "renamed.txt", "later.txt", "untracked.txt", "build.log", "index.ts"] {
      try (desk / file).setModified(past)
    }
  }

  private func duplicate(_ from: FilePath, _ to: FilePath) throws {
    _ = try repository.attempt("/bin/rm", ["-rf", Argument(to)], in: scene)
    #expect(try repository.attempt("/bin/cp", ["-a", Argument(from), Argument(to)], in: scene).status == 0)
  }

  func reset() throws {
    for part in Self.parts { try duplicate(copy / part, scene / part) }
  }

  static let sync: [Argument] = ["sync", "--no-fetch"]

  /// A command of the built program, killed at a call; returns how many calls there were.
  @discardableResult
  func run(_ arguments: [Argument], _ victim: CrashShim.Victim = .alone, at call: Int = 0) throws -> Int {
    let counter = scene / "counter"
    try counter.remove()
    var environment = repository.environment
    for (name, value) in shim.variables(victim, at: call, counter: counter) { environment[name] = value }
    var request = ProcessRequest(
      executable, arguments, environment: environment, directory: repository.path)
    request.ownGroup = true
    request.timeout = 60
    let result = try ChildProcess.run(request)
    if call == 0 { #expect(result.succeeded, "\(CommandOutcome(result))") }
    return try CrashShim.count(in: counter)
  }

  /// What the branches have: a replayed commit has another time every time.
  func trees() throws -> String { try repository.git(["rev-parse", "topic^{tree}", "second^{tree}"]) }

  /// Everything that somebody has at the desk and beside it: what is committed, staged, in the files.
  func state() throws -> String { try [trees(), state(of: desk), state(of: other)].joined(separator: "\n") }

  private func state(of desk: FilePath) throws -> String {
    var parts = try [
      repository.git(["rev-parse", "main", "topic"]), repository.git(["symbolic-ref", "HEAD"], in: desk),
      repository.git(["status", "--porcelain=v2", "--ignored", "--untracked-files=all"], in: desk),
      repository.git(["diff", "--cached"], in: desk), repository.git(["diff"], in: desk),
    ]
    for file in try FileManager.default.subpathsOfDirectory(atPath: desk.description).sorted() where file != ".git" {
      guard let status = try (desk / file).status(), !status.isDirectory else { continue }
      let contents = status.isSymbolicLink ? [] : try (desk / file).contents()
      parts.append("\(file) \(String(status.mode, radix: 8)) \(String(decoding: contents, as: UTF8.self))")
    }
    return parts.joined(separator: "\n")
  }

  /// What must not be left behind.
  func leftovers() throws -> [String] {
    let gitDirectory = repository.path / ".git"
    var found: [String] = []
    for file in try FileManager.default.subpathsOfDirectory(atPath: gitDirectory.description) {
      let name = FilePath(file).lastComponent.description
      let isOurs = file.contains("preflight/moves/") || file.contains("preflight/journal/") || name.hasPrefix("index-")
      if name.hasSuffix(".lock") && name != "sync.lock" || isOurs || name == ".git" { found.append(file) }
    }
    let fsck = try repository.attempt("git", ["fsck", "--no-dangling"])
    if fsck.status != 0 { found.append(fsck.standardError) }
    return found
  }
}

@Suite("A sync that is killed", .enabled(if: CrashShim.isAvailable, "needs Linux and a C compiler"))
struct CrashTests {
  /// A sample, so that the suite stays quick; all with `PREFLIGHT_CRASHES=all`.
  private func calls(of count: Int, sample: Int, using generator: inout some RandomNumberGenerator) -> [Int] {
    if Environment.current["PREFLIGHT_CRASHES"] == "all" { return Array(1...count) }
    return Array((1...count).shuffled(using: &generator).prefix(sample)).sorted()
  }

  @Test(
    "Before any call that changes something, of preflight, of its git or of all at once: the next one brings it to its end",
    arguments: CrashShim.Victim.allCases, ["sync", "undo"])
  func killed(victim: CrashShim.Victim, command: String) throws {
    let site = try CrashSite(undoing: command == "undo")
    let arguments = command == "undo" ? ["undo"] : CrashSite.sync
    let old = try site.repository.tip("topic")
    let oldTrees = try site.trees().split(separator: "\n")
    let count = try site.run(arguments, victim)
    let (expected, end) = (try site.state(), try site.repository.tip("topic"))
    func isUndone() throws -> Bool {
      try zip(oldTrees, site.trees().split(separator: "\n")).contains { $0 == $1 } || !site.leftovers().isEmpty
    }
    #expect(try site.leftovers() == [])
    #expect(old != end)
    var generator = SeededGenerator.announced()
    let calls = calls(of: count, sample: 6, using: &generator)
    for call in calls {
      try site.reset()
      try site.run(arguments, victim, at: call)
      // Recovery takes back what was cut off early, and a git that was killed alone is taken back at once.
      for _ in 0..<4 where try isUndone() { try site.run(arguments, at: .max) }
      let (state, leftovers) = (try site.state(), try site.leftovers())
      #expect(state == expected, "killed at call \(call) of \(count)")
      #expect(leftovers == [], "killed at call \(call) of \(count)")
      let commits = try site.repository.git(["rev-list", "--reflog", "--all"])
      #expect(commits.contains("\(old)") && commits.contains("\(end)"), "killed at call \(call) of \(count)")
    }
    print("\(command): killed (\(victim.rawValue)) at \(calls.count) of \(count) calls")
  }
}
