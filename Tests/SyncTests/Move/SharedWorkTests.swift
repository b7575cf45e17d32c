import Git
import Plan
import Platform
import Policies
import StateFiles
import TestSupport
import Testing

@testable import Sync

@Suite("Uncommitted shared files in a move")
struct SharedWorkTests {
  private static let stubs = ["a", "b", "c", "d"].map { "// \($0)\n// export * from './\($0).js'\n\n" }.joined()
  private static let barrel = PolicyMerge(path: Array("index.ts".utf8), policy: .barrel)

  /// The barrel with these modules alive.
  private func alive(_ modules: String...) -> String {
    modules.reduce(Self.stubs) { text, module in
      text.replacing("// export * from './\(module)", with: "export * from './\(module)")
    }
  }

  private func hive() throws -> Hive {
    let hive = try Hive()
    var files = Plan.SharedFiles()
    files.merge = .barrel
    files.paths = [Pattern("index.ts")]
    hive.plan.shared = [files]
    hive.plan.sync.quiet = 0
    let block = DriverBlock(plan: nil, lines: [.init("index.ts", "merge=preflight")])
    try hive.repository.write(".git/info/attributes", String(decoding: block.written(into: []), as: UTF8.self))
    try hive.repository.commit("feat: barrel", ["index.ts": Self.stubs])
    try hive.add("ws1")
    return hive
  }

  enum Kind: String, CaseIterable {
    case unstaged, staged, both
  }

  /// A barrel with one module alive, staged or not, or one staged and another one not.
  private func work(_ kind: Kind, _ hive: Hive) throws {
    let place = hive.place("ws1")
    try hive.repository.write("index.ts", alive("a"), in: place)
    if kind != .unstaged { try hive.repository.git(["add", "index.ts"], in: place) }
    if kind == .both { try hive.repository.write("index.ts", alive("a", "d"), in: place) }
  }

  /// The lines that somebody has changed, staged and not, wherever they stand.
  private func changes(_ hive: Hive) throws -> [[String]] {
    let commands: [[Argument]] = [["diff", "--cached"], ["diff"]]
    return try commands.map { command in
      let diff = try hive.repository.git(command + ["--unified=0", "--no-color"], in: hive.place("ws1"))
      return diff.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("@@") && !$0.hasPrefix("index ") }
    }
  }

  @Test(
    "They are merged by their policy, staged as staged and unstaged as unstaged, and undo gives them back",
    arguments: Kind.allCases, [false, true])
  func merged(kind: Kind, commits: Bool) throws {
    let hive = try hive()
    if commits { try hive.commit("ws1") }
    try work(kind, hive)
    let (before, mine) = (try hive.fingerprint("ws1"), try changes(hive))
    try hive.repository.commit("feat: trunk", ["index.ts": alive("b"), "other.txt": "o\n"])
    let report = try hive.sync()
    #expect(report.move("ws1")?.merged == [Self.barrel], "\(report)")
    #expect(try hive.isOnTrunk("ws1"))
    let expected = kind == .both ? alive("a", "b", "d") : alive("a", "b")
    #expect(try hive.repository.read("index.ts", in: hive.place("ws1")) == expected)
    #expect(try changes(hive) == mine)
    #expect(MoveJournal(try hive.layout()).isEmpty)
    let undone = try undo(hive)
    #expect(undone.refused == [], "\(undone)")
    #expect(try hive.fingerprint("ws1") == before)
    #expect(try hive.repository.git(["for-each-ref", "refs/preflight/undo"]) == "")
  }

  private func undo(_ hive: Hive) throws -> UndoReport {
    try SyncUndo(
      hive.layout(), environment: hive.repository.environment, plan: hive.plan, names: hive.names, wait: 5
    ).run(nil)
  }

  @Test("What was edited since a sync has merged it goes back by the policy, too")
  func editedSince() throws {
    let hive = try hive()
    try work(.unstaged, hive)
    try hive.repository.commit("feat: trunk", ["index.ts": alive("b")])
    try hive.sync()
    try hive.repository.write("index.ts", alive("a", "b", "d"), in: hive.place("ws1"))
    #expect(try undo(hive).refused == [])
    #expect(try hive.repository.read("index.ts", in: hive.place("ws1")) == alive("a", "d"))
  }

  @Test("One that was merged twice in a sync goes back to what it was at first")
  func twice() throws {
    let hive = try hive()
    try work(.both, hive)
    let before = try hive.fingerprint("ws1")
    let run = hive.run()
    try hive.repository.commit("feat: trunk", ["index.ts": alive("b")])
    #expect(try run.run().moved.count == 1)
    try hive.repository.commit("feat: trunk again", ["index.ts": alive("b", "c")])
    #expect(try run.run().moved.count == 1)
    #expect(
      try hive.repository.read("index.ts", in: hive.place("ws1")) == Self.stubs.replacing("// export", with: "export"))
    #expect(try undo(hive).refused == [])
    #expect(try hive.fingerprint("ws1") == before)
  }

  @Test("A file that a sync, or its undo, has merged just now is no sign that somebody is at work; an edit of it is")
  func ownWrites() throws {
    let hive = try hive()
    try work(.both, hive)
    let file = hive.place("ws1") / "index.ts"
    try file.setModified(Clock.nowInNanoseconds() - 3600 * 1_000_000_000)
    hive.plan.sync.quiet = 600
    try hive.repository.commit("feat: trunk", ["index.ts": alive("b")])
    #expect(try hive.sync().move("ws1")?.merged == [Self.barrel])
    try hive.repository.commit("feat: trunk again", ["other.txt": "o\n"])
    #expect(try hive.sync().move("ws1") != nil)
    #expect(try undo(hive).refused == [])
    try hive.repository.commit("feat: and again", ["other.txt": "p\n"])
    #expect(try hive.sync().move("ws1") != nil)
    try hive.repository.write("index.ts", alive("a", "b", "c", "d"), in: hive.place("ws1"))
    try hive.repository.commit("feat: the last", ["other.txt": "q\n"])
    let report = try hive.sync()
    guard case .busy(.written(let path, _))? = report.reason("ws1") else { return #expect(Bool(false), "\(report)") }
    #expect(path == Array("index.ts".utf8))
  }

  @Test("A dry run says what the sync does")
  func predicted() throws {
    let hive = try hive()
    try work(.both, hive)
    try hive.repository.commit("feat: trunk", ["index.ts": alive("b")])
    let before = try hive.fingerprint("ws1")
    var options = Hive.options
    options.isDryRun = true
    let report = try hive.run(options).run()
    guard case .wouldMove? = report.outcome("ws1") else { return #expect(Bool(false), "\(report)") }
    #expect(try hive.fingerprint("ws1") == before)
  }

  @Test(
    "Where the sides conflict, a filter applies, or another file is concerned as well, the worktree stops as it was")
  func stopped() throws {
    for (kind, file, contents) in [
      ("conflict", "index.ts", "export * from './a.mjs'\n"), ("filter", ".gitattributes", "*.ts text\n"),
      ("other", "src/a.txt", "mine\n"), ("the same edit of another", "src/a.txt", "trunk\n"),
    ] {
      let hive = try hive()
      try work(.unstaged, hive)
      try hive.repository.write(file, contents, in: hive.place("ws1"))
      let trunk = kind == "conflict" ? "export * from './a.cjs'\n" : alive("b")
      try hive.repository.commit("feat: trunk", ["index.ts": trunk, "src/a.txt": "trunk\n"])
      let before = try hive.fingerprint("ws1")
      guard case .concerned? = try hive.sync().reason("ws1") else { return #expect(Bool(false), "\(kind)") }
      #expect(try hive.fingerprint("ws1") == before, "\(kind)")
      #expect(try hive.repository.git(["for-each-ref", "refs/preflight/undo"]) == "")
    }
  }
}
