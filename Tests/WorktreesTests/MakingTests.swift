import Git
import Platform
import StateFiles
import Sync
import TestSupport
import Testing

@testable import Worktrees

@Suite("Making worktrees")
struct MakingTests {
  @Test("Each stream gets its branch and directory, whatever is in their names, and nothing is tracked")
  func made() throws {
    let grove = try Grove()
    let report = try grove.up()
    let trunk = try grove.repository.tip("main")
    #expect(
      report.entries.map(\.outcome) == [.made(.trunk(trunk)), .made(.trunk(trunk)), .made(.trunk(trunk))],
      "a stream that stands on one without commits begins on trunk")
    for id in ["a", "b", "c"] {
      #expect(try grove.repository.git(["symbolic-ref", "HEAD"], in: grove.place(id)) == "refs/heads/topic/\(id)")
      #expect(try grove.repository.git(["status", "--porcelain"], in: grove.place(id)) == "")
      #expect(try StreamBases(grove.layout()).recorded(for: "refs/heads/topic/\(id)") == trunk)
    }
    #expect(Set(report.entries.map(\.slot)) == [1, 2, 3])
    #expect(try grove.repository.attempt("git", ["config", "--get-regexp", "^branch\\."]).status == 1)
    #expect(report.isWhole)
  }

  @Test("Made again, nothing is touched")
  func again() throws {
    let grove = try Grove()
    grove.plan.worktree.links = [".env"]
    grove.plan.worktree.setup = [["sh", "-c", "date +%N > setup.log"]]
    try grove.repository.write(".env", "secret\n")
    try grove.up()
    let before = try grove.snapshot()
    let report = try grove.up()
    #expect(report.entries.allSatisfy { $0.outcome == .present && $0.setup == .done(ran: 0) })
    #expect(try grove.snapshot() == before)
  }

  @Test("Only what was asked for is made, and a stream begins on the tip of the one that it is stacked on")
  func stacked() throws {
    let grove = try Grove()
    #expect(try grove.up("c")["c"].outcome == .blocked(.noParent("a")))
    try grove.up("a")
    let tip = try grove.repository.commit("feat: a", ["a": "a\n"], in: grove.place("a"))
    let report = try grove.up("c")
    #expect(report["c"].outcome == .made(.stream("a", tip)))
    #expect(try grove.repository.tip("topic/c") == tip)
    #expect(try StreamBases(grove.layout()).recorded(for: "refs/heads/topic/c") == tip)
    #expect(!grove.place("b").exists)
  }

  @Test("A parent that trunk has, squashed, is nobody's ground any more")
  func mergedParent() throws {
    let grove = try Grove()
    try grove.up("a")
    try grove.repository.commit("feat: a", ["a": "a\n"], in: grove.place("a"))
    try grove.repository.commit("feat: more", ["aa": "a\n"], in: grove.place("a"))
    try grove.repository.git(["merge", "--quiet", "--squash", "topic/a"])
    let trunk = try grove.repository.commit("feat: all of a")
    #expect(try grove.up("c")["c"].outcome == .made(.trunk(trunk)))
  }

  @Test("A branch that is there is used as it is, the remote's is followed, and neither is moved")
  func branches() throws {
    let grove = try Grove()
    let tip = try grove.repository.tip("main")
    try grove.repository.git(["branch", "topic/a"])
    try grove.repository.commit("feat: trunk", ["file": "2\n"])
    try grove.repository.git(["branch", "far"])
    try grove.repository.git(["push", "--quiet", "origin", "far:topic/b"])
    try grove.repository.git(["fetch", "--quiet", "origin"])
    let far = try grove.repository.tip("far")
    let report = try grove.up("a", "b")
    #expect(report["a"].outcome == .made(.existing(tip)))
    #expect(report["b"].outcome == .made(.remote("refs/remotes/origin/topic/b", far)))
    #expect(try grove.repository.tip("topic/a") == tip && grove.repository.tip("topic/b") == far)
    #expect(try StreamBases(grove.layout()).recorded(for: "refs/heads/topic/a") == tip)
  }

  @Test("The remote is asked first, and where it is away its last known trunk will do, and it is said")
  func offline() throws {
    let grove = try Grove()
    let other = try TestRepository(cloning: grove.repository, name: "other")
    let newer = try other.commit("feat: elsewhere", ["file": "9\n"])
    try other.git(["push", "--quiet", Argument(grove.origin), "HEAD:main"])
    #expect(try grove.up("a", fetching: true)["a"].outcome == .made(.trunk(newer)))
    try grove.origin.rename(to: grove.repository.surroundings / "away.git")
    let report = try grove.up("b", fetching: true)
    #expect(report.fetchFailure?.contains("does not appear to be a git repository") == true, "\(report)")
    #expect(report["b"].outcome == .made(.trunk(newer)))
  }

  @Test("What is in the way stays, and the others are made")
  func inTheWay() throws {
    let grove = try Grove()
    try grove.repository.write("mine", "mine\n", in: grove.place("a"))
    try grove.place("b").parent.createDirectories()
    try grove.place("b").write(Array("a file\n".utf8))
    var report = try grove.up()
    #expect(report["a"].outcome == .blocked(.inTheWay(grove.place("a"))))
    #expect(report["b"].outcome == .blocked(.inTheWay(grove.place("b"))))
    #expect(report["c"].outcome == .made(.trunk(try grove.repository.tip("main"))))
    #expect(try grove.repository.read("mine", in: grove.place("a")) == "mine\n")
    #expect(try grove.repository.attempt("git", ["rev-parse", "--verify", "topic/a"]).status != 0)
    try grove.place("a").removeRecursively()
    try grove.place("a").createDirectories()
    report = try grove.up("a")
    #expect(report["a"].isWhole, "an empty directory is not in the way: \(report["a"])")
  }

  @Test("A stream that is at work somewhere else is left there; another branch in its place is named")
  func elsewhere() throws {
    let grove = try Grove()
    try grove.repository.addWorktree("own place", branch: "topic/a")
    try grove.repository.git(["worktree", "add", "--quiet", "-b", "other", Argument(grove.place("b"))])
    try grove.repository.git(["switch", "--quiet", "-c", "topic/c"])
    let report = try grove.up()
    #expect(report["a"].outcome == .present)
    #expect(report["a"].worktree?.path == grove.repository.surroundings / "own place")
    #expect(report["b"].outcome == .blocked(.otherBranch(grove.place("b"), "refs/heads/other")))
    #expect(report["c"].outcome == .present && report["c"].worktree?.isMain == true)
    #expect(!grove.place("a").exists && !grove.place("c").exists)
  }

  @Test("A directory that is gone, a locked one, and a branch that was deleted under its worktree are named, and stay")
  func lost() throws {
    let grove = try Grove()
    try grove.up()
    let tip = try grove.repository.commit("feat: b", ["b": "b\n"], in: grove.place("b"))
    try grove.place("a").rename(to: grove.repository.surroundings / "moved away")
    try grove.repository.git(["worktree", "lock", "--reason", "on a stick", Argument(grove.place("c"))])
    try grove.place("c").rename(to: grove.repository.surroundings / "also away")
    try grove.repository.git(["update-ref", "-d", "refs/heads/topic/b"])
    let report = try grove.up()
    #expect(report["a"].outcome == .blocked(.directoryGone(grove.place("a"))))
    #expect(report["b"].outcome == .blocked(.branchDeleted(grove.place("b"), last: tip)))
    #expect(report["c"].outcome == .blocked(.locked(grove.place("c"), "on a stick")))
    #expect(try grove.repository.git(["worktree", "list"]).split(separator: "\n").count == 4)
  }

  @Test("A dry run makes nothing, and says what would be made")
  func dryRun() throws {
    let grove = try Grove()
    let before = try grove.repository.git(["for-each-ref"])
    let report = try grove.up(isDryRun: true)
    #expect(report["b"].outcome == .wouldMake(.trunk(try grove.repository.tip("main"))))
    #expect(try grove.repository.git(["for-each-ref"]) == before)
    #expect(!(grove.repository.path / ".git/preflight/making").exists)
  }

  @Test("checkout = false leaves the files to setup")
  func withoutFiles() throws {
    let grove = try Grove()
    grove.plan.worktree.checkout = false
    grove.plan.worktree.setup = [["git", "checkout", "HEAD", "--", "file"]]
    let report = try grove.up("a")
    #expect(report["a"].isWhole, "\(report["a"])")
    #expect(try grove.place("a").entries() == [".git", "file"])
    #expect(try grove.up("a")["a"].outcome == .present)
  }

  @Test("A post-checkout hook that fails does not undo what git has made")
  func failingHook() throws {
    let grove = try Grove()
    let hook = grove.repository.path / ".git/hooks/post-checkout"
    try hook.parent.createDirectories()
    try hook.write(Array("#!/bin/sh\nexit 7\n".utf8), permissions: 0o755)
    #expect(try grove.up().isWhole)
  }

  @Test("A registration that a git was killed over, whose files are empty yet, is no error for anybody")
  func emptyRegistration() throws {
    let grove = try Grove()
    let registration = grove.repository.path / ".git/worktrees/tree-a"
    try registration.createDirectories()
    try grove.place("a").createDirectories()
    try (registration / "locked").write(Array("initializing\n".utf8))
    try (registration / "gitdir").write(Array("\(grove.place("a"))/.git\n".utf8))
    try (grove.place("a") / ".git").write(Array("gitdir: \(registration)\n".utf8))
    try (registration / "HEAD").write(Array((String(repeating: "0", count: 40) + "\n").utf8))
    try (registration / "commondir").write([])
    #expect(try grove.layout().worktrees().map(\.head) == [.branch("refs/heads/main"), nil])
    try MakingRecords(grove.layout()).begin(
      MakingRecord(branch: "refs/heads/topic/a", path: grove.place("a"), registered: []))
    let report = try grove.up()
    #expect(report.isWhole, "\(report)")
    #expect(report["a"].outcome == .finished(.worktree))
  }
}
