import Git
import Platform
import TestSupport
import Testing

@testable import Sync

/// Where a move was cut off.
enum CutOff: String, CaseIterable, CustomTestStringConvertible {
  case beforeLock, locked, halfWritten, torn, written, indexReplaced, branchMoved, unlocked

  var testDescription: String { rawValue }
}

@Suite("Moves in place that were cut off")
struct MoveRecoveryTests {
  /// A dirty desk on which a move has come as far as `point`, done by hand as the move does it.
  private func desk(at point: CutOff) throws -> (desk: MoveDesk, work: String, record: MoveRecord) {
    let desk = try MoveDesk()
    try Work.partlyStaged.prepare(desk)
    try desk.write("dir/untracked.txt", "u\n")
    try desk.moveTrunk()
    let work = try desk.work()
    let request = try desk.request()
    let repository = try desk.repository.open(in: desk.place)
    let changes = try repository.changes(
      from: repository.commit(request.old).tree, to: repository.commit(request.new).tree)
    let record = MoveRecord(
      worktree: desk.place, gitDirectory: request.worktree.gitDirectory, branch: request.branch, old: request.old,
      new: request.new, base: request.old, stamp: "1700000000-1", undoes: nil, began: 0, changes: changes, rewritten: []
    )
    try MoveJournal(desk.hive.layout()).write(record)
    try advance(desk, record, request, to: point)
    return (desk, work, record)
  }

  private func advance(
    _ desk: MoveDesk, _ record: MoveRecord, _ request: WorktreeMove.Request, to point: CutOff
  ) throws {
    let reached = CutOff.allCases.firstIndex(of: point)!  // one of them
    func has(_ step: CutOff) -> Bool { CutOff.allCases.firstIndex(of: step)! <= reached }
    if has(.locked) { #expect(try record.lock.take()) }
    if point == .halfWritten || point == .torn {
      try desk.write("moved.txt", point == .torn ? "ne" : "new\n")
      try (desk.place / "gone.txt").remove()
      try desk.write("added/new.txt", point == .torn ? "" : "added\n")
      try (IndexCopy.path(in: record.gitDirectory, named: "move").parent / "index-move.lock").create([])
      return
    }
    if has(.written) {
      let copy = try IndexCopy(of: request.worktree, named: "move", environment: desk.repository.environment)
      try copy.git.output(["read-tree", "-m", "-u", "\(record.old)", "\(record.new)"])
      if has(.indexReplaced) { try copy.replaceIndex(of: record.gitDirectory) }
    }
    if has(.branchMoved) {
      try desk.git("update-ref", Argument(record.branch), "\(record.new)", "\(record.old)")
    }
    if has(.unlocked) { try record.lock.release() }
  }

  private func recover(_ desk: MoveDesk) throws -> [Recovery] {
    let layout = try desk.hive.layout()
    return try MoveRecovery(
      layout: layout, environment: desk.repository.environment, journal: MoveJournal(layout)
    ).recover(patience: 2, inUse: nil)
  }

  @Test(
    "It is completed or taken back, wherever it was, and every uncommitted byte is where it was",
    arguments: CutOff.allCases)
  func recovers(point: CutOff) throws {
    let (desk, work, record) = try desk(at: point)
    let recoveries = try recover(desk)
    let expected: Recovery.Ending =
      switch point {
      case .beforeLock, .locked: .untouched
      case .halfWritten, .written: .undone(saved: nil)
      case .torn: .undone(saved: "refs/preflight/undo/1700000000-1/files/heads/topic")
      case .indexReplaced, .branchMoved, .unlocked: .completed
      }
    #expect(recoveries.map(\.ending) == [expected])
    let isMoved = expected == .completed
    #expect(try desk.repository.tip("topic") == (isMoved ? record.new : record.old))
    #expect(try desk.work() == work)
    #expect(try desk.read("moved.txt") == (isMoved ? "new\n" : "old\n"))
    #expect((desk.place / "gone.txt").exists == !isMoved)
    #expect((desk.place / "added").exists == isMoved)
    #expect(try desk.leftovers == [])
    if point == .torn {
      #expect(recoveries.first?.files == [Array("moved.txt".utf8)])
      #expect(try desk.git("show", "refs/preflight/undo/1700000000-1/files/heads/topic:moved.txt") == "ne")
    }
    #expect(try desk.git("fsck", "--no-dangling") == "")
    if isMoved { return }
    #expect(try desk.move() == .moved)
    #expect(try desk.work() == work)
  }

  @Test("An edit made since stays where it is, and is kept and named")
  func editedSince() throws {
    let (desk, _, _) = try desk(at: .halfWritten)
    try desk.write("moved.txt", "new\nand more\n")
    try desk.write("added/new.txt", "mine\n")
    let recovery = try #require(try recover(desk).first)
    guard case .undone(let saved?) = recovery.ending else { return #expect(Bool(false), "\(recovery)") }
    #expect(recovery.files == ["added/new.txt", "moved.txt"].map { Array($0.utf8) })
    #expect(try desk.git("show", Argument("\(saved):moved.txt")) == "new\nand more")
    #expect(try desk.read("moved.txt") == "new\nand more\n")
    #expect(try desk.read("added/new.txt") == "mine\n")
    #expect(try desk.read("gone.txt") == "gone\n")
  }

  @Test("Where a person has removed the lock and gone on, only what is exactly ours is taken back")
  func lockRemoved() throws {
    let (desk, _, record) = try desk(at: .halfWritten)
    try record.lock.release()
    try desk.git("checkout", "--quiet", "--", "gone.txt")
    try desk.git("add", "moved.txt")
    #expect(try recover(desk).map(\.ending) == [.undone(saved: nil)])
    #expect(try desk.git("show", ":moved.txt") == "new")
    #expect(try desk.read("moved.txt") == "new\n")
    #expect(!(desk.place / "added").exists)
    #expect(try desk.read("gone.txt") == "gone\n")
  }

  @Test("A move that is found long after it did not begin says nothing of later edits")
  func stale() throws {
    let (desk, _, _) = try desk(at: .beforeLock)
    try desk.write("moved.txt", "mine\n")
    #expect(try recover(desk).map(\.ending) == [.untouched])
    #expect(try desk.read("moved.txt") == "mine\n")
  }

  @Test("A lock of another git is waited for, not removed")
  func foreignLock() throws {
    let (desk, _, record) = try desk(at: .beforeLock)
    try (record.gitDirectory / "index.lock").create([])
    guard case .pending(_, let message)? = try recover(desk).first?.ending else { return #expect(Bool(false)) }
    #expect(message.contains("index.lock"))
    #expect(try !MoveJournal(desk.hive.layout()).isEmpty)
    try (record.gitDirectory / "index.lock").remove()
    #expect(try recover(desk).map(\.ending) == [.untouched])
  }

  @Test("A git that a dead sync left at work is waited for", .enabled(if: FilePath("/usr/bin/flock").canBeExecuted))
  func stillRunning() throws {
    let (desk, _, record) = try desk(at: .locked)
    let (go, done) = (desk.repository.surroundings / "go", desk.repository.surroundings / "done")
    var environment = desk.repository.environment
    (environment["GO"], environment["DONE"]) = (go.description, done.description)
    // As a sync leaves it that was killed: its git still runs, and has the lock.
    let moving = record.gitDirectory / "preflight/moving"
    try moving.create([])
    let script = "while ! test -e \"$GO\"; do sleep 0.05; done; : >\"$DONE\""
    let child = try ChildProcess(
      ProcessRequest("flock", [Argument(moving), "sh", "-c", Argument(script)], environment: environment))
    for _ in 0..<1000 {
      let isFree = try FileLock(trying: moving) != nil
      if !isFree { break }
      Clock.sleep(seconds: 0.01)
    }
    try moving.append(Array("\(child.id) git in \(desk.place)\n".utf8))
    let layout = try desk.hive.layout()
    let recovery = MoveRecovery(layout: layout, environment: environment, journal: MoveJournal(layout))
    let first = try recovery.recover(patience: 0, inUse: nil)
    #expect(first.map(\.ending) == [.pending(process: child.id, message: "git is still at work")])
    try go.create([])
    #expect(try recovery.recover(patience: 20, inUse: nil).map(\.ending) == [.untouched])
    #expect(done.exists)
    #expect(child.finish().succeeded)
  }

  @Test("Locks of refs that the killed git had taken are removed, once nobody gives them back")
  func staleLocks() throws {
    let (desk, work, record) = try desk(at: .indexReplaced)
    let common = try desk.hive.layout().commonDirectory
    let locks = [
      common / "refs/heads/topic.lock", record.gitDirectory / "HEAD.lock", record.gitDirectory / "ORIG_HEAD.lock",
    ]
    for lock in locks { try lock.create([]) }
    #expect(try recover(desk).map(\.ending) == [.completed])
    #expect(!locks.contains { $0.exists })
    #expect(try desk.work() == work)
  }

  @Test("A worktree that is gone leaves nothing to do")
  func gone() throws {
    let (desk, _, _) = try desk(at: .halfWritten)
    try desk.place.removeRecursively()
    #expect(try recover(desk).map(\.ending) == [.untouched])
    #expect(try MoveJournal(desk.hive.layout()).isEmpty)
  }

  @Test("Files that a filter writes are recognised, whole and torn")
  func filtered() throws {
    let desk = try MoveDesk([".gitattributes": "*.up filter=up\n", "a.up": "one\n", "b.up": "one\n"])
    try desk.repository.git(["config", "filter.up.clean", "tr A-Z a-z"])
    try desk.repository.git(["config", "filter.up.smudge", "tr a-z A-Z"])
    try desk.git("checkout", "--quiet", "HEAD", "--", "a.up", "b.up")
    try ["a.up", "b.up"].forEach { try (desk.place / $0).remove() }
    try desk.git("checkout", "--quiet", "--", "a.up", "b.up")
    #expect(try desk.read("a.up") == "ONE\n")
    try desk.moveTrunk(["a.up": "two\n", "b.up": "two\nlines\n", "c.up": "three\n"])
    let request = try desk.request()
    let repository = try desk.repository.open(in: desk.place)
    let record = MoveRecord(
      worktree: desk.place, gitDirectory: request.worktree.gitDirectory, branch: request.branch, old: request.old,
      new: request.new, base: nil, stamp: "1700000000-1", undoes: nil, began: 0,
      changes: try repository.changes(
        from: repository.commit(request.old).tree, to: repository.commit(request.new).tree), rewritten: [])
    try MoveJournal(desk.hive.layout()).write(record)
    #expect(try record.lock.take())
    try desk.write("a.up", "TWO\n")
    try desk.write("b.up", "TWO\nLI")
    try desk.write("c.up", "THREE\n")
    #expect(try recover(desk).first?.files == [Array("b.up".utf8)])
    #expect(try desk.status() == "")
    #expect(try desk.read("a.up") == "ONE\n")
    #expect(!(desk.place / "c.up").exists)
  }

  @Test("The journal keeps every name and entry, whatever bytes a path has")
  func journal() throws {
    let (desk, _, record) = try desk(at: .beforeLock)
    var odd = record
    let entry = TreeEntry(mode: 0o100755, id: record.old)
    odd.changes.append(TreeChange(path: [0xff, 0x0a, 0x22], old: entry, new: nil))
    odd.rewritten = [Rewrite(old: record.old, new: record.new)]
    odd.undoes = "1-2"
    #expect(MoveRecord(odd.encoded) == odd)
    var merging = odd
    let version = TreeEntry(mode: 0o100644, id: odd.old)
    merging.work = odd.new
    merging.merges = [
      SharedMerge(
        path: [0xff, 0x0a], old: version, new: version, stagedBefore: version, stagedAfter: version,
        fileBefore: odd.old,
        fileAfter: odd.new, modified: -1)
    ]
    #expect(MoveRecord(merging.encoded) == merging)
    #expect(MoveRecord(Array(merging.encoded.dropLast(4))) == nil)
    #expect(MoveRecord(Array(odd.encoded.prefix(40))) == nil)
    #expect(try MoveJournal(desk.hive.layout()).records() == [record])
  }
}
