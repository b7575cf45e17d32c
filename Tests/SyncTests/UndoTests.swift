import Git
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

@Suite("Taking a sync back")
struct UndoTests {
  private func undo(_ hive: Hive, _ id: String? = nil) throws -> UndoReport {
    try SyncUndo(hive.layout(), environment: hive.repository.environment, plan: hive.plan, names: hive.names, wait: 5)
      .run(id)
  }

  private func kept(_ hive: Hive) throws -> [KeptSync] {
    try SyncUndo(hive.layout(), environment: hive.repository.environment, plan: hive.plan, names: hive.names, wait: 0)
      .kept()
  }

  @Test("What is kept of a sync goes after thirty days, and is looked through once a day")
  func expiry() throws {
    let hive = try Hive("ws1")
    hive.plan.sync.quiet = 0
    let (now, day) = (Clock.now(), Int64(86400))
    for age in [31, 29] as [Int64] {
      try hive.repository.git(["update-ref", "refs/preflight/undo/\(now - age * day)-1/heads/ws1", "HEAD"])
    }
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    #expect(try hive.sync().moved.count == 1)
    #expect(try kept(hive).count == 2)
    let note = try hive.layout().stateDirectory / "undo-expired"
    try note.setModified(Clock.nowInNanoseconds() - 2 * day * 1_000_000_000)
    try hive.repository.git(["update-ref", "refs/preflight/undo/\(now - 40 * day)-1/heads/ws1", "HEAD"])
    try hive.sync()
    #expect(try kept(hive).count == 2)
  }

  @Test("What is kept of worktrees that were taken away goes after thirty days, too")
  func expiryOfRemoved() throws {
    let hive = try Hive("ws1")
    let now = Clock.now()
    let names = [Int64(29), 31].flatMap { days in
      ["undo/\(now - days * 86400)-5/heads/ws1", "removed/\(now - days * 86400)-0123456789/ws1"]
    }
    for name in names { try hive.repository.git(["update-ref", Argument("refs/preflight/\(name)"), "main"]) }
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    _ = try hive.sync()
    let kept = try hive.repository.git(["for-each-ref", "--format=%(refname)", "refs/preflight"])
    for (index, name) in names.enumerated() {
      #expect(kept.contains("refs/preflight/\(name)") == (index < 2), "\(kept)")
    }
  }

  @Test("Branches, indexes, files and recorded bases are where they were, with what is uncommitted")
  func restores() throws {
    let hive = try Hive("ws1", "ws2")
    hive.plan.sync.quiet = 0
    try hive.commit("ws2")
    try hive.run().recordPresentState()
    let base = try hive.repository.tip("main")
    let tips = try ["ws1", "ws2"].map { try hive.repository.tip($0) }
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n", "shared.txt": "trunk\n"])
    try hive.repository.write("src/a.txt", "staged\n", in: hive.place("ws1"))
    try hive.repository.git(["add", "src/a.txt"], in: hive.place("ws1"))
    try hive.repository.write("src/a.txt", "edited\n", in: hive.place("ws1"))
    try hive.repository.write("scratch.txt", "s\n", in: hive.place("ws1"))
    let before = try ["ws1", "ws2"].map(hive.fingerprint)
    #expect(try hive.sync().moved.count == 2)
    #expect(try hive.repository.read("trunk.txt", in: hive.place("ws1")) == "t\n")
    #expect(try kept(hive).map { $0.branches.map(\.name) } == [["refs/heads/ws1", "refs/heads/ws2"]])

    let report = try undo(hive)

    #expect(
      report.entries.map(\.outcome) == tips.map { .restored(to: $0, replayed: 0) }, "\(report)")
    #expect(try ["ws1", "ws2"].map(hive.fingerprint) == before)
    #expect(try StreamBases(hive.layout()).recorded(for: "refs/heads/ws2") == base)
    #expect(try kept(hive) == [])
    #expect(try hive.repository.git(["fsck", "--no-dangling"]) == "")
    #expect(try hive.sync().moved.count == 2)
  }

  @Test("Commits made since go onto the old tip")
  func commitsSince() throws {
    let hive = try Hive("ws1")
    let tip = try hive.commit("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    try hive.sync()
    try hive.commit("ws1", ["later.txt": "later\n"], message: "feat: later")
    let report = try undo(hive)
    guard case .restored(let end, 1)? = report.entries.first?.outcome else { return #expect(Bool(false), "\(report)") }
    #expect(try hive.repository.tip("ws1") == end)
    #expect(try hive.repository.tip("ws1~1") == tip)
    #expect(!(hive.place("ws1") / "trunk.txt").exists)
    #expect(try hive.repository.read("later.txt", in: hive.place("ws1")) == "later\n")
    #expect(try kept(hive) == [])
  }

  @Test("Commits made since go onto the old tip beside what is not committed, staged and not")
  func commitsSinceDirty() throws {
    let hive = try Hive("ws1")
    hive.plan.sync.quiet = 0
    let tip = try hive.commit("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    try hive.sync()
    let place = hive.place("ws1")
    try hive.commit("ws1", ["later.txt": "later\n"], message: "feat: later")
    try hive.repository.write("src/a.txt", "staged\n", in: place)
    try hive.repository.git(["add", "src/a.txt"], in: place)
    try hive.repository.write("shared.txt", "edited\n", in: place)
    let report = try undo(hive)
    guard case .restored(_, 1)? = report.entries.first?.outcome else { return #expect(Bool(false), "\(report)") }
    #expect(try hive.repository.tip("ws1~1") == tip)
    #expect(try hive.repository.git(["status", "--porcelain"], in: place) == " M shared.txt\nM  src/a.txt")
  }

  @Test("A worktree in which the way back is barred is left as it is, and the others go")
  func barred() throws {
    let hive = try Hive("ws1", "ws2", "ws3", "ws4", "ws5")
    hive.plan.sync.quiet = 0
    try hive.repository.commit("feat: trunk", ["shared.txt": "trunk\n"])
    try hive.sync()
    try hive.repository.write("shared.txt", "mine\n", in: hive.place("ws1"))
    try hive.commit("ws2", ["shared.txt": "trunk\nmine\n"])
    try hive.repository.git(["update-ref", "MERGE_HEAD", "HEAD"], in: hive.place("ws3"))
    try hive.repository.git(["reset", "--quiet", "--hard", "HEAD~1"], in: hive.place("ws4"))
    let before = try ["ws1", "ws2", "ws3", "ws4"].map(hive.fingerprint)
    let report = try undo(hive)
    let shared = Array("shared.txt".utf8)
    #expect(
      report.entries.dropLast().map(\.outcome) == [
        .refused(.left(.concerned([ConcernedPath(shared, .edited)]))), .refused(.conflict([shared])),
        .refused(.left(.operation(.merge))), .refused(.movedSince),
      ])
    guard case .restored? = report.entries.last?.outcome else { return #expect(Bool(false), "\(report)") }
    #expect(try ["ws1", "ws2", "ws3", "ws4"].map(hive.fingerprint) == before)
    #expect(try kept(hive).first?.branches.count == 4)
    try hive.repository.git(["restore", "shared.txt"], in: hive.place("ws1"))
    #expect(try undo(hive).refused.count == 3)
  }

  @Test("A branch in no worktree goes back, unless it has commits that nobody could replay")
  func withoutWorktree() throws {
    let hive = try Hive("ws1", "ws2")
    let tip = try hive.repository.tip("ws1")
    try hive.repository.commit("feat: trunk", ["shared.txt": "trunk\n"])
    try hive.sync()
    try hive.commit("ws2")
    for stream in ["ws1", "ws2"] { try hive.repository.git(["worktree", "remove", Argument(hive.place(stream))]) }
    let report = try undo(hive)
    #expect(report.entries.map(\.outcome) == [.restored(to: tip, replayed: 0), .refused(.notCheckedOut)])
    #expect(try hive.repository.tip("ws1") == tip)
  }

  @Test("The latest sync is the one that is meant, another by its name or the beginning of it")
  func choice() throws {
    let hive = try Hive("ws1")
    let first = try hive.repository.tip("main")
    try hive.repository.commit("feat: trunk 1", ["trunk.txt": "1\n"])
    try hive.sync()
    let second = try hive.repository.tip("main")
    try hive.repository.commit("feat: trunk 2", ["trunk.txt": "2\n"])
    try hive.sync()
    let syncs = try kept(hive)
    #expect(syncs.map { $0.branches.map(\.old) } == [[second], [first]])
    #expect(try undo(hive, "nonsense").state == .unknown)
    #expect(try undo(hive, syncs[1].id).entries.first?.outcome == .refused(.movedSince))
    #expect(try undo(hive).sync?.id == syncs[0].id)
    #expect(try undo(hive, syncs[1].id).entries.first?.outcome == .restored(to: first, replayed: 0))
    #expect(try undo(hive).state == .unknown)
  }
}
