import Git
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

/// A git that ran in a hook with another directory's `GIT_DIR` sets `core.bare`, and from a linked worktree git then sees
/// no main one: what is checked out there is still checked out there.
@Suite("A main worktree that core.bare hides")
struct BarenessTests {
  /// Trunk is checked out in `trunk`, and the stream in the main worktree.
  private func hive() throws -> Hive {
    let hive = try Hive()
    hive.plan.sync.quiet = 0
    try hive.repository.git(["switch", "--quiet", "--create", "topic"])
    try hive.repository.commit("feat: topic", ["topic.txt": "t\n"])
    try hive.repository.git(["worktree", "add", "--quiet", Argument(hive.place("trunk")), "main"])
    return hive
  }

  private func hide(_ isHidden: Bool, _ hive: Hive) throws {
    let config = Argument(hive.repository.path / ".git/config")
    try hive.repository.git(["config", "--file", config, "core.bare", isHidden ? "true" : "false"])
  }

  private func state(_ hive: Hive) throws -> [String] {
    try [
      hive.repository.git(["rev-parse", "topic"]), hive.repository.git(["status", "--porcelain"]),
      hive.repository.git(["ls-files", "--stage"]),
    ]
  }

  @Test("Its branch is not moved, not even where it is checked out twice")
  func notMoved() throws {
    let hive = try hive()
    let before = try state(hive)
    try hide(true, hive)
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"], in: hive.place("trunk"))
    let report = try hive.sync(in: hive.place("trunk"))
    #expect(report.reason("topic") == .misplaced(.bare(config: hive.repository.path / ".git/config")))
    try hive.repository.git(["worktree", "add", "--quiet", "--force", Argument(hive.place("twin")), "topic"])
    let twice = try hive.sync(in: hive.place("trunk"))
    #expect(twice.moved.isEmpty)
    try hide(false, hive)
    #expect(try state(hive) == before)
    // Put right, it follows.
    try hive.repository.git(["worktree", "remove", "--force", Argument(hive.place("twin"))])
    #expect(try hive.sync(in: hive.place("trunk")).move("topic") != nil)
    #expect(try hive.isOnTrunk("topic"))
  }

  @Test("A sync is not taken back behind its files")
  func notUndone() throws {
    let hive = try hive()
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"], in: hive.place("trunk"))
    #expect(try hive.sync(in: hive.place("trunk")).move("topic") != nil)
    let before = try state(hive)
    try hide(true, hive)
    let undo = SyncUndo(
      try hive.layout(hive.place("trunk")), environment: hive.repository.environment, plan: hive.plan,
      names: hive.names, wait: 5)
    let report = try undo.run(nil)
    #expect(
      report.entries.map(\.outcome) == [
        .refused(.left(.misplaced(.bare(config: hive.repository.path / ".git/config"))))
      ])
    try hide(false, hive)
    #expect(try state(hive) == before)
    _ = try undo.run(nil)
    #expect(try !hive.isOnTrunk("topic"))
    #expect(try hive.repository.git(["status", "--porcelain"]).isEmpty)
  }

  @Test("A repository that was made bare has none, and its worktrees move, whatever its directory is called")
  func bare() throws {
    let origin = try Hive()
    let directory = origin.repository.surroundings / "bare/.git"
    try origin.repository.git(["clone", "--quiet", "--bare", ".", Argument(directory)])
    let place = origin.repository.surroundings / "bare"
    try origin.repository.git([
      "-C", Argument(directory), "worktree", "add", "--quiet", Argument(place / "trunk"), "main",
    ])
    try origin.repository.git([
      "-C", Argument(directory), "worktree", "add", "--quiet", "-b", "ws1", Argument(place / "ws1"),
    ])
    try origin.repository.commit("feat: ws1", ["ws1.txt": "1\n"], in: place / "ws1")
    try origin.repository.commit("feat: trunk", ["trunk.txt": "t\n"], in: place / "trunk")
    origin.plan.sync.quiet = 0
    // As one stands beside the worktrees.
    #expect(try origin.layout(place).workTree == nil)
    #expect(try origin.layout(place).worktrees().map(\.isMain) == [false, false])
    #expect(try origin.sync(in: place).move("ws1") != nil)
    #expect(try (place / "ws1/trunk.txt").contents() == Array("t\n".utf8))
  }
}
