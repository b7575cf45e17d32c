import Git
import Platform
import TestSupport
import Testing

@testable import Sync

@Suite("Conflicts")
struct ConflictTests {
  /// `ws1` and trunk have changed the same line; the second of three commits of `ws1` is the one that conflicts.
  private func conflictingHive() throws -> Hive {
    let hive = try Hive("ws1", "ws2")
    try hive.commit("ws1", ["one.txt": "1\n"], message: "feat: one")
    try hive.commit("ws1", ["shared.txt": "1\nmine\n3\n", "new.txt": "n\n"], message: "feat: tëst \"two\"")
    try hive.commit("ws1", ["three.txt": "3\n"], message: "feat: three")
    try hive.repository.commit("feat: trunk", ["shared.txt": "1\ntrunk\n3\n"])
    return hive
  }

  @Test("A conflict is reported with its commit and files, and the worktree is exactly as it was")
  func restored() throws {
    let hive = try conflictingHive()
    try hive.repository.write("junk.log", "ignored\n", in: hive.place("ws1"))
    let before = try hive.fingerprint("ws1")
    let report = try hive.sync()
    let conflict = try #require(report.conflict("ws1"))
    #expect(conflict.files == [Array("shared.txt".utf8)])
    #expect(conflict.commit == (try hive.repository.tip("ws1~1")))
    #expect(conflict.subject == Array("feat: tëst \"two\"".utf8))
    #expect(conflict.saved == nil)
    #expect(try hive.fingerprint("ws1") == before)
    let gitDirectory = try hive.layout(hive.place("ws1")).gitDirectory
    for leftover in ["rebase-merge", "rebase-apply", "index.lock", "CHERRY_PICK_HEAD", "MERGE_MSG", "AUTO_MERGE"] {
      #expect(!(gitDirectory / leftover).exists, "\(leftover)")
    }
    #expect(try hive.repository.read("junk.log", in: hive.place("ws1")) == "ignored\n")
    #expect(try Journal(hive.layout()).isEmpty)
    #expect(try hive.repository.git(["for-each-ref", "refs/preflight/undo/**/ws1"]) == "")
    #expect(report.move("ws2") != nil)
  }

  @Test("The rebase that the report describes is the one that stops there")
  func byHand() throws {
    let hive = try conflictingHive()
    let conflict = try #require(try hive.sync().conflict("ws1"))
    let outcome = try hive.repository.attempt(
      "git", ["rebase", "--no-fork-point", "--onto", "\(conflict.onto)", "\(conflict.base)"], in: hive.place("ws1"))
    #expect(outcome.status == 1)
    #expect(try hive.repository.git(["diff", "--name-only", "--diff-filter=U"], in: hive.place("ws1")) == "shared.txt")
  }

  @Test("A stream in conflict is named at every sync until it is not, and is not tried again without a reason")
  func standing() throws {
    let hive = try conflictingHive()
    let first = try hive.sync()
    guard case .conflict(let conflict, isNew: true)? = first.outcome("ws1") else { return #expect(Bool(false)) }
    #expect(try StandingConflicts(hive.layout()).all() == [conflict])
    let reflog = try hive.repository.git(["reflog", "show", "HEAD"], in: hive.place("ws1"))
    #expect(try hive.sync().outcome("ws1") == .conflict(conflict, isNew: false))
    #expect(try hive.repository.git(["reflog", "show", "HEAD"], in: hive.place("ws1")) == reflog)

    try hive.repository.commit("feat: elsewhere", ["elsewhere.txt": "e\n"])
    guard case .conflict(let later, isNew: false)? = try hive.sync().outcome("ws1") else {
      return #expect(Bool(false))
    }
    #expect(later.onto == (try hive.repository.tip("main")))

    try hive.repository.commit("revert", ["shared.txt": "1\n2\n3\n"])
    #expect(try hive.sync().move("ws1") != nil)
    #expect(try StandingConflicts(hive.layout()).all().isEmpty)
  }

  @Test("What cannot be rebased for another reason is undone too, and git's words are passed on")
  func refused() throws {
    let hive = try Hive("ws1", "ws2")
    try hive.commit("ws1")
    let hook = hive.repository.path / ".git/hooks/pre-rebase"
    try hook.parent.createDirectories()
    try hook.write(Array("#!/bin/sh\necho 'not today' >&2\nexit 1\n".utf8), permissions: 0o755)
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let before = try hive.fingerprint("ws1")
    let report = try hive.sync()
    guard case .refused(let words)? = report.reason("ws1") else { return #expect(Bool(false), "\(report)") }
    #expect(words.contains("pre-rebase hook refused"))
    #expect(try hive.fingerprint("ws1") == before)
  }

  @Test("A commit that cannot be signed stops its stream, which is left as it was")
  func signing() throws {
    let hive = try Hive("ws1")
    try hive.commit("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    try hive.repository.git(["config", "commit.gpgSign", "true"])
    try hive.repository.git(["config", "gpg.program", "false"])
    let before = try hive.fingerprint("ws1")
    let report = try hive.sync()
    guard case .refused? = report.reason("ws1") else { return #expect(Bool(false), "\(report)") }
    #expect(try hive.fingerprint("ws1") == before)
  }

  @Test("An edit made while git was at work is kept by a ref")
  func savedEdits() throws {
    let hive = try conflictingHive()
    // A hook of the repository's own stands for an editor that saves at a bad moment.
    let hook = hive.repository.path / ".git/hooks/post-commit"
    try hook.parent.createDirectories()
    try hook.write(Array("#!/bin/sh\necho edited >src/a.txt\n".utf8), permissions: 0o755)
    // git itself is at work in the worktree where a hook may change messages.
    try (hook.parent / "prepare-commit-msg").write(Array("#!/bin/sh\n".utf8), permissions: 0o755)
    let conflict = try #require(try hive.sync().conflict("ws1"))
    let saved = try #require(conflict.saved)
    #expect(try hive.repository.git(["show", Argument("\(saved):src/a.txt")]) == "edited")
    #expect(try hive.repository.git(["status", "--porcelain"], in: hive.place("ws1")) == "")
  }
}
