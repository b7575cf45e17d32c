import Foundation
import Git
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

@Suite("Several syncs, and syncs that die")
struct RecoveryTests {
  /// Trunk has moved under `ws1`, and a sync has written its journal.
  private func interrupted(
    conflicting: Bool, process: Int32? = 999_999
  ) throws -> (hive: Hive, record: Journal.Record) {
    let hive = try Hive("ws1", "ws2")
    let base = try hive.repository.tip("main")
    try hive.commit("ws1", conflicting ? ["shared.txt": "mine\n"] : nil)
    let old = try hive.repository.tip("ws1")
    try hive.run().recordPresentState()
    #expect(try StreamBases(hive.layout()).recorded(for: "refs/heads/ws1") == base)
    try hive.repository.commit("feat: trunk", ["shared.txt": "trunk\n"])
    let record = Journal.Record(
      branch: "refs/heads/ws1", gitDirectory: try hive.layout(hive.place("ws1")).gitDirectory, path: hive.place("ws1"),
      old: old, onto: try hive.repository.tip("main"), owner: 999_999, process: process,
      began: Clock.nowInNanoseconds())
    try Journal(hive.layout()).write(record)
    return (hive, record)
  }

  private func rebase(_ hive: Hive, _ record: Journal.Record) throws -> CommandOutcome {
    try hive.repository.attempt("git", ["rebase", "--onto", "\(record.onto)", "main~1"], in: record.path)
  }

  @Test("A sync that died at a conflict is undone by the next, with what was in the files kept")
  func diedAtConflict() throws {
    let (hive, record) = try interrupted(conflicting: true)
    #expect(try rebase(hive, record).status == 1)
    try hive.repository.write("src/a.txt", "edited\n", in: record.path)
    let report = try hive.sync()
    guard case .undone(let saved?)? = report.recoveries.first?.ending else { return #expect(Bool(false), "\(report)") }
    #expect(try hive.repository.git(["show", Argument("\(saved):src/a.txt")]) == "edited")
    #expect(try hive.repository.tip("HEAD", in: record.path) == record.old)
    #expect(try hive.repository.git(["symbolic-ref", "HEAD"], in: record.path) == "refs/heads/ws1")
    #expect(try hive.repository.git(["status", "--porcelain"], in: record.path) == "")
    #expect(report.conflict("ws1") != nil)
    #expect(try Journal(hive.layout()).isEmpty)
  }

  @Test("Locks that a killed git left are removed before its rebase is undone")
  func staleLocks() throws {
    let (hive, record) = try interrupted(conflicting: true)
    #expect(try rebase(hive, record).status == 1)
    try (record.gitDirectory / "index.lock").create([])
    let report = try hive.sync()
    guard case .undone? = report.recoveries.first?.ending else { return #expect(Bool(false), "\(report)") }
    #expect(!(record.gitDirectory / "index.lock").exists)
  }

  @Test("A sync that died before or after its rebase only loses its note")
  func diedOutside() throws {
    for moved in [false, true] {
      // The one note without a process is of a sync that died between starting git and writing down which.
      let (hive, record) = try interrupted(conflicting: false, process: moved ? nil : 999_999)
      if moved { #expect(try rebase(hive, record).status == 0) }
      let report = try hive.sync()
      #expect(report.recoveries.map(\.ending) == [moved ? .completed : .untouched])
      #expect(try hive.isOnTrunk("ws1"))
      #expect(try Journal(hive.layout()).isEmpty)
    }
  }

  @Test("A rebase that a person has started since is not ours to undo")
  func somebodyElses() throws {
    let (hive, record) = try interrupted(conflicting: true)
    try hive.repository.git(["branch", "elsewhere", "main"])
    try hive.repository.git(["commit", "--quiet", "--amend", "--allow-empty", "-m", "feat: amended"], in: record.path)
    #expect(try rebase(hive, record).status == 1)
    let report = try hive.sync()
    #expect(report.recoveries.map(\.ending) == [.untouched])
    #expect((record.gitDirectory / "rebase-merge").exists)
    #expect(report.reason("ws1") == .operation(.rebase))
  }

  @Test("A git that is still running is waited for, and its worktree is left alone meanwhile")
  func stillRunning() throws {
    let (hive, _) = try interrupted(conflicting: false, process: CurrentProcess.id)
    let report = try hive.run(SyncRun.Options()).run()
    guard case .pending(let process, _)? = report.recoveries.first?.ending else { return #expect(Bool(false)) }
    #expect(process == CurrentProcess.id)
    #expect(report.reason("ws1") == .interrupted(process: process))
    #expect(report.move("ws2") != nil)
    #expect(try TrunkWatch(hive.layout()).isSyncNeeded())
  }

  @Test("A rebase that is killed with kill -9 is undone or concluded, wherever it was", arguments: 0..<15)
  func killed(step: Int) throws {
    let (hive, record) = try interrupted(conflicting: false)
    for number in 0..<8 {
      try hive.commit("ws1", ["file\(number).txt": "\(number)\n"])
    }
    var mine = record
    mine.old = try hive.repository.tip("ws1")
    let request = ProcessRequest(
      "git", ["rebase", "--onto", "\(mine.onto)", "main~1"], environment: hive.repository.environment,
      directory: mine.path)
    let child = try ChildProcess(request)
    mine.process = child.id
    mine.began = Clock.nowInNanoseconds() - 1_000_000_000
    try Journal(hive.layout()).write(mine)
    Clock.sleep(seconds: 0.003 * Double(step))
    child.kill(signal: SIGKILL)
    _ = child.finish()
    let report = try hive.sync()
    #expect(try hive.isOnTrunk("ws1"), "\(report)")
    #expect(try hive.repository.git(["log", "--format=%s", "main..ws1"]).utf8.split(separator: 10).count == 9)
    #expect(try hive.repository.git(["status", "--porcelain"], in: mine.path) == "")
    #expect(try Journal(hive.layout()).isEmpty)
  }

  @Test("Of two syncs at once one does the work, and a move of trunk in between is not lost")
  func twoAtOnce() throws {
    let hive = try Hive("ws1", "ws2", "ws3", "ws4")
    for stream in ["ws1", "ws2", "ws3", "ws4"] { try hive.commit(stream) }
    try hive.run().recordPresentState()
    try hive.repository.commit("feat: trunk", ["trunk.txt": "1\n"])
    // While the first stream is rebased, trunk moves, and the hook that sees it finds the lock taken.
    let flag = hive.repository.surroundings / "done"
    let hook = hive.repository.path / ".git/hooks/pre-rebase"
    try hook.parent.createDirectories()
    let script = """
      #!/bin/sh
      [ -e '\(flag)' ] && exit 0
      : >'\(flag)'
      unset GIT_DIR GIT_INDEX_FILE
      cd '\(hive.repository.path)' && GIT_OPTIONAL_LOCKS=1 git commit --quiet --allow-empty -m 'feat: meanwhile'

      """
    try hook.write(Array(script.utf8), permissions: 0o755)
    let report = try hive.sync()
    #expect(try hive.repository.git(["log", "-1", "--format=%s", "main"]) == "feat: meanwhile")
    for stream in ["ws1", "ws2", "ws3", "ws4"] { #expect(try hive.isOnTrunk(stream), "\(report)") }
    #expect(report.moved.count == 4)
  }

  @Test("Whoever finds a sync under way leaves at once, or waits and says for whom")
  func lockTaken() throws {
    let hive = try Hive("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "1\n"])
    let layout = try hive.layout()
    try layout.stateDirectory.createDirectories()
    let lock = try FileLock(trying: layout.stateDirectory / "sync.lock", holder: "sync in /elsewhere")
    let isTaken = lock != nil
    #expect(isTaken)
    let report = try hive.run(SyncRun.Options()).run()
    #expect(report.state == .runningElsewhere(process: CurrentProcess.id, description: "sync in /elsewhere"))
    #expect(try TrunkWatch(layout).isSyncNeeded())
    var options = SyncRun.Options()
    options.wait = 0.2
    nonisolated(unsafe) var told: [String] = []
    let run = SyncRun(
      layout, environment: hive.repository.environment, plan: hive.plan, names: hive.names, options: options
    ) { told.append($1) }
    #expect(try run.run().moved.isEmpty)
    #expect(told == ["sync in /elsewhere"])
    _ = consume lock
    #expect(try hive.sync().moved.count == 1)
  }

  @Test("Four syncs side by side leave every stream on trunk, once")
  func sideBySide() async throws {
    let hive = try Hive("ws1", "ws2", "ws3")
    for stream in ["ws1", "ws2", "ws3"] { try hive.commit(stream) }
    try hive.repository.commit("feat: trunk", ["trunk.txt": "1\n"])
    let (layout, environment, plan, names) = (try hive.layout(), hive.repository.environment, hive.plan, hive.names)
    let moved = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var options = SyncRun.Options()
          options.wait = 20
          return try SyncRun(layout, environment: environment, plan: plan, names: names, options: options).run().moved
            .count
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(moved == 3)
    for stream in ["ws1", "ws2", "ws3"] { #expect(try hive.isOnTrunk(stream)) }
    #expect(try hive.repository.git(["fsck", "--no-dangling"]) == "")
  }
}
