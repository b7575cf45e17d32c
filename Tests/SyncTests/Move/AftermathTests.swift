import Git
import Platform
import TestSupport
import Testing

@testable import Sync

@Suite("What follows a move in place")
struct AftermathTests {
  /// A desk whose one commit has been replayed onto trunk, by hand.
  private func replayed() throws -> (desk: MoveDesk, request: WorktreeMove.Request) {
    let desk = try MoveDesk()
    try desk.repository.commit("feat: mine", ["mine.txt": "mine\n"], in: desk.place)
    let old = try desk.repository.tip("topic")
    try desk.moveTrunk()
    try desk.repository.git(["cherry-pick", "topic"])
    let new = try desk.repository.tip("main")
    try desk.repository.git(["reset", "--quiet", "--hard", "HEAD~1"])
    var request = try desk.request(to: new)
    request.old = old
    request.rewritten = [Rewrite(old: old, new: new)]
    return (desk, request)
  }

  @Test(
    "The repository's post-rewrite is told which commits have become which, in the worktree", arguments: [false, true])
  func postRewrite(hasHooksPath: Bool) throws {
    let (desk, request) = try replayed()
    let directory = hasHooksPath ? desk.place / "my hooks" : desk.repository.path / ".git/hooks"
    if hasHooksPath { try desk.repository.git(["config", "core.hooksPath", "my hooks"]) }
    try directory.createDirectories()
    let said = desk.repository.surroundings / "said"
    let script =
      "#!/bin/sh\n{ echo \"$1 ${PREFLIGHT_DEPTH:+of ours}\"; pwd; git rev-parse --abbrev-ref HEAD; cat; } >'\(said)'\n"
    try (directory / "post-rewrite").write(Array(script.utf8), permissions: 0o755)
    #expect(try desk.mover().carryOut(request) == .moved)
    let pair = "\(request.old) \(request.new)"
    #expect(try String(decoding: said.contents(), as: UTF8.self) == "rebase of ours\n\(desk.place)\ntopic\n\(pair)\n")
  }

  @Test("Notes follow their commits where notes.rewriteRef says so, and only there", arguments: [false, true])
  func notes(isWanted: Bool) throws {
    let (desk, request) = try replayed()
    try desk.git("notes", "add", "-m", "reviewed", "\(request.old)")
    if isWanted { try desk.repository.git(["config", "notes.rewriteRef", "refs/notes/*"]) }
    #expect(try desk.mover().carryOut(request) == .moved)
    let shown = try desk.repository.attempt("git", ["notes", "show", "\(request.new)"])
    #expect(shown.standardOutput == (isWanted ? "reviewed\n" : ""))
  }

  @Test("Notes stay where notes.rewrite.rebase is false, though notes.rewriteRef names them")
  func notesForAmendsOnly() throws {
    let (desk, request) = try replayed()
    try desk.git("notes", "add", "-m", "reviewed", "\(request.old)")
    try desk.repository.git(["config", "notes.rewriteRef", "refs/notes/*"])
    try desk.repository.git(["config", "notes.rewrite.rebase", "false"])
    #expect(try desk.mover().carryOut(request) == .moved)
    #expect(try desk.repository.attempt("git", ["notes", "show", "\(request.new)"]).status != 0)
    #expect(try desk.git("notes", "show", "\(request.old)") == "reviewed")
  }

  @Test("A recovery copies notes that were not copied, and does not copy them twice", arguments: [false, true])
  func notesOnce(areCopied: Bool) throws {
    let (desk, request) = try replayed()
    try desk.git("notes", "add", "-m", "reviewed", "\(request.old)")
    try desk.repository.git(["config", "notes.rewriteRef", "refs/notes/*"])
    #expect(try desk.mover().carryOut(request) == .moved)
    if !areCopied { try desk.git("notes", "remove", "\(request.new)") }
    // Cut off between the branch and the end.
    let layout = try desk.hive.layout()
    let record = MoveRecord(
      worktree: desk.place, gitDirectory: request.worktree.gitDirectory, branch: request.branch, old: request.old,
      new: request.new, base: nil, stamp: "1700000000-1", undoes: nil, began: 0, changes: [],
      rewritten: request.rewritten)
    try MoveJournal(layout).write(record)
    let recovery = MoveRecovery(
      layout: layout, environment: desk.repository.environment, journal: MoveJournal(layout))
    #expect(try recovery.recover(patience: 1, inUse: nil).map(\.ending) == [.completed])
    #expect(try desk.git("notes", "show", "\(request.new)") == "reviewed")
  }
}
