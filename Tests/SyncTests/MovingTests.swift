import Foundation
import Git
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

/// A way in which trunk moves.
enum TrunkMove: String, CaseIterable {
  case commit
  case fastForward
  case merge
  case conflictedMerge
  case squashMerge
  case cherryPick
  case pullRebase
  case resetToFetched
}

@Suite("Moving worktrees")
struct MovingTests {
  @Test("Whichever way trunk moves, the other worktrees follow", arguments: TrunkMove.allCases)
  func trunkMoves(how: TrunkMove) throws {
    let hive = try Hive("ws1", "ws2", "ws3")
    let repository = hive.repository
    for stream in ["ws2", "ws3"] { try hive.commit(stream) }
    try hive.run().recordPresentState()
    #expect(try TrunkWatch(hive.layout()).isSyncNeeded() == false)

    try move(trunkOf: hive, how)
    #expect(try TrunkWatch(hive.layout()).isSyncNeeded())
    let report = try hive.sync()

    let trunk = how == .resetToFetched || how == .pullRebase ? "origin/main" : "main"
    for stream in ["ws1", "ws2", "ws3"] {
      #expect(try hive.isOnTrunk(stream, trunk), "\(stream): \(report)")
      #expect(try repository.git(["status", "--porcelain"], in: hive.place(stream)) == "")
      let isThere = how == .fastForward && stream == "ws1"  // trunk came to it
      #expect((report.move(stream) != nil) != isThere)
    }
    #expect(try repository.read("ws2.txt", in: hive.place("ws2")) == "ws2\n")
    #expect(try TrunkWatch(hive.layout()).isSyncNeeded() == false)
    #expect(try hive.sync().moved.isEmpty)
  }

  private func move(trunkOf hive: Hive, _ how: TrunkMove) throws {
    let repository = hive.repository
    switch how {
    case .commit:
      try repository.commit("feat: on trunk", ["trunk.txt": "t\n"])
    case .fastForward:
      try hive.commit("ws1")
      try repository.git(["merge", "--ff-only", "ws1"])
    case .merge:
      try hive.commit("ws1")
      try repository.git(["merge", "--no-ff", "-m", "merge ws1", "ws1"])
    case .conflictedMerge:
      try hive.commit("ws1", ["shared.txt": "1\nstream\n3\n"])
      try repository.commit("feat: other", ["shared.txt": "1\ntrunk\n3\n"])
      #expect(try repository.attempt("git", ["merge", "ws1"]).status == 1)
      try repository.commit("merge ws1", ["shared.txt": "1\nboth\n3\n"])
    case .squashMerge:
      try hive.commit("ws1")
      try repository.git(["merge", "--squash", "ws1"])
      try repository.commit("feat: squash (#14)")
    case .cherryPick:
      try hive.commit("ws1")
      try repository.commit("feat: other", ["trunk.txt": "t\n"])
      try repository.git(["cherry-pick", "ws1"])
    case .pullRebase, .resetToFetched:
      let origin = try TestRepository(cloning: repository, name: "origin")
      try origin.commit("feat: elsewhere", ["elsewhere.txt": "e\n"])
      try repository.git(["remote", "add", "origin", Argument(origin.path)])
      if how == .pullRebase {
        try repository.commit("feat: here", ["here.txt": "h\n"])
        try repository.git(["pull", "--quiet", "--rebase", "origin", "main"])
      } else {
        try repository.git(["fetch", "--quiet", "origin"])
        try repository.git(["reset", "--quiet", "--hard", "origin/main"])
      }
    }
  }

  @Test("A stream's commit keeps its author, its dates and the bytes of its message")
  func keepsTheCommit() throws {
    let hive = try Hive("ws1")
    let repository = hive.repository
    try repository.write("x.txt", "x\n", in: hive.place("ws1"))
    try repository.git(["add", "x.txt"], in: hive.place("ws1"))
    let message = Array("feat: caf\u{e9}\r\n\n  body\n\n# kept\n\n\n".utf8)
    let committed = try repository.attempt(
      "git", ["commit", "--quiet", "--cleanup=verbatim", "-F", "-"], in: hive.place("ws1"), input: message,
      environment: ["GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_DATE": "1600000000 +0530"])
    #expect(committed.status == 0)
    let before = try repository.open().commit(repository.tip("ws1"))
    try repository.commit("feat: trunk", ["trunk.txt": "t\n"])

    // As from inside `git commit`, which exports the author of the commit at hand.
    var environment = repository.environment
    environment["GIT_AUTHOR_NAME"] = "Somebody Else"
    environment["GIT_AUTHOR_DATE"] = "1 +0000"
    environment["GIT_DIR"] = "\(repository.path)/.git"
    environment["GIT_INDEX_FILE"] = "\(repository.path)/.git/index"
    #expect(try hive.run(in: nil, environment: environment).run().move("ws1")?.replayed == 1)

    let after = try repository.open().commit(repository.tip("ws1"))
    #expect(after.author == before.author)
    #expect(String(decoding: after.author, as: UTF8.self).hasPrefix("Ann "))
    #expect(after.message == before.message)
    #expect(after.parents == [try repository.tip("main")])
  }

  @Test("An amended trunk commit is not replayed into the streams")
  func amendedTrunk() throws {
    let hive = try Hive("ws1")
    try hive.repository.commit("feat: first try", ["trunk.txt": "wrong\n"])
    try hive.sync()
    try hive.commit("ws1")
    try hive.repository.write("trunk.txt", "right\n")
    try hive.repository.git(["commit", "--quiet", "--all", "--amend", "-m", "feat: second try"])

    let report = try hive.sync()

    #expect(report.move("ws1")?.replayed == 1)
    #expect(try hive.repository.git(["log", "--format=%s", "main..ws1"]) == "feat: ws1")
    #expect(try hive.repository.read("trunk.txt", in: hive.place("ws1")) == "right\n")
  }

  @Test("A stream's own tip stays reachable by an undo ref, and refs/stash is never written")
  func undoRef() throws {
    let hive = try Hive("ws1")
    let before = try hive.commit("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    try hive.sync()
    let kept = try hive.repository.git(["for-each-ref", "--format=%(objectname)", "refs/preflight/undo/*/heads/*"])
    #expect(kept == "\(before)")
    #expect(try hive.repository.git(["for-each-ref", "refs/stash"]) == "")
  }

  @Test("Merges within a stream keep their shape, merges of trunk fall away")
  func merges() throws {
    let hive = try Hive("ws1")
    let repository = hive.repository
    let place = hive.place("ws1")
    try hive.commit("ws1", ["one.txt": "1\n"], message: "feat: one")
    try repository.git(["switch", "--quiet", "-c", "part"], in: place)
    try repository.commit("feat: part", ["part.txt": "p\n"], in: place)
    try repository.git(["switch", "--quiet", "ws1"], in: place)
    try repository.git(["merge", "--quiet", "--no-ff", "-m", "merge part", "part"], in: place)
    try repository.commit("feat: trunk 1", ["trunk.txt": "1\n"])
    try repository.git(["merge", "--quiet", "-m", "merge main", "main"], in: place)
    try repository.commit("feat: trunk 2", ["trunk.txt": "2\n"])

    let report = try hive.sync()

    #expect(report.move("ws1") != nil, "\(report)")
    #expect(try hive.isOnTrunk("ws1"))
    #expect(try repository.git(["log", "--merges", "--format=%s", "main..ws1"]) == "merge part")
    #expect(try repository.read("part.txt", in: place) == "p\n")
    #expect(try repository.read("one.txt", in: place) == "1\n")
  }

  @Test("A stream of several commits that trunk has squashed goes to trunk, its commits dropped")
  func squashedStream() throws {
    let hive = try Hive("ws1")
    try hive.commit("ws1", ["new.txt": "1\n"], message: "feat: one")
    try hive.commit("ws1", ["new.txt": "1\n2\n"], message: "feat: two")
    try hive.repository.git(["merge", "--squash", "ws1"])
    try hive.repository.commit("feat: both (#14)")
    let report = try hive.sync()
    let squash = try hive.repository.tip("main")
    #expect(report.move("ws1")?.dropped.map(\.reason) == [.squashed(into: squash), .squashed(into: squash)])
    #expect(try hive.repository.tip("ws1") == hive.repository.tip("main"))
  }

  @Test(
    "Branches of any name move, each with its own records",
    arguments: [
      "feat/a", "feat-a", "Feat/A", "ünï/çødé", "a%2fb", "x@y+z", "-dash", String(repeating: "long-", count: 40),
    ])
  func branchNames(name: String) throws {
    let hive = try Hive()
    let place = hive.repository.surroundings / "there"
    // `worktree add -b` takes no leading dash, plumbing does.
    try hive.repository.git(["update-ref", Argument("refs/heads/\(name)"), "main"])
    try hive.repository.git(["worktree", "add", "--quiet", "--detach", Argument(place), "main"])
    try hive.repository.git(["symbolic-ref", "HEAD", Argument("refs/heads/\(name)")], in: place)
    try hive.repository.commit("feat: mine", ["mine.txt": "m\n"], in: place)
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try hive.sync()
    #expect(report.move(name) != nil, "\(report)")
    #expect(try StreamBases(hive.layout()).recorded(for: "refs/heads/\(name)") == hive.repository.tip("main"))
  }

  @Test("A worktree whose path holds blanks and a line feed moves like any other")
  func oddPath() throws {
    let hive = try Hive()
    let place = try hive.add("ws1", in: "a b\nc d")
    try hive.repository.commit("feat: mine", ["mine.txt": "m\n"], in: place)
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try hive.sync()
    #expect(report.move("ws1") != nil, "\(report)")
    #expect(report.moved.map(\.path) == [place])
  }

  @Test("A repository in SHA-256 form, and one that forbids git to find bare repositories by itself, move as well")
  func otherForms() throws {
    let hive = try Hive("ws1", options: ["--object-format=sha256"])
    try hive.repository.git(["config", "safe.bareRepository", "explicit"])
    hive.repository.environment["GIT_CONFIG_COUNT"] = "1"
    hive.repository.environment["GIT_CONFIG_KEY_0"] = "safe.bareRepository"
    hive.repository.environment["GIT_CONFIG_VALUE_0"] = "explicit"
    try hive.commit("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try hive.sync()
    #expect(report.move("ws1")?.replayed == 1, "\(report)")
    #expect(try hive.isOnTrunk("ws1"))
  }

  @Test("Worktrees of a bare repository move as well")
  func bare() throws {
    let hive = try Hive()
    let bare = try TestRepository(cloning: hive.repository, name: "bare.git", options: ["--bare"])
    let (trunk, place) = (hive.repository.surroundings / "trunk", hive.repository.surroundings / "ws1")
    try bare.git(["worktree", "add", "--quiet", Argument(trunk), "main"])
    try bare.git(["worktree", "add", "--quiet", "-b", "ws1", Argument(place), "main"])
    try bare.commit("feat: ws1", ["ws1.txt": "1\n"], in: place)
    try bare.commit("feat: trunk", ["trunk.txt": "t\n"], in: trunk)
    let report = try hive.sync(in: trunk)
    #expect(report.move("ws1")?.replayed == 1, "\(report)")
  }

  @Test("A branch that was switched or has moved since it was looked at is not moved")
  func changedMeanwhile() throws {
    let hive = try Hive("ws1")
    let tip = try hive.commit("ws1")
    let onto = try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let layout = try hive.layout(hive.place("ws1"))
    let worktree = try #require(try layout.worktree())
    let environment = hive.repository.environment
    let engine = GitRebaseEngine(
      layout, environment: environment, undo: UndoRefs(layout, environment: environment))
    let base = try hive.repository.tip("main~1")
    let move = SyncPlan.Move(worktree: worktree, branch: "refs/heads/ws1", from: tip, onto: onto, base: base)
    try hive.repository.git(["switch", "--quiet", "-c", "experiment"], in: hive.place("ws1"))
    #expect(try engine.move(move, isAlone: true) == .changedMeanwhile)
    try hive.repository.git(["switch", "--quiet", "ws1"], in: hive.place("ws1"))
    let later = try hive.commit("ws1", ["later.txt": "l\n"])
    #expect(try engine.move(move, isAlone: true) == .changedMeanwhile)
    #expect(try hive.repository.tip("ws1") == later)
    #expect(Journal(layout).isEmpty)
  }

  @Test("What a person has configured for rebases by hand does not reach ours")
  func configuration() throws {
    let hive = try Hive("ws1", "ws2")
    for setting in [
      "rebase.updateRefs", "rebase.autoStash", "rebase.autoSquash", "rebase.rebaseMerges", "rerere.enabled",
      "submodule.recurse",
    ] { try hive.repository.git(["config", Argument(setting), "true"]) }
    try hive.repository.git(["config", "rebase.backend", "apply"])
    try hive.repository.git(["config", "core.editor", "false"])
    try hive.repository.git(["config", "sequence.editor", "false"])
    try hive.commit("ws1", message: "fixup! feat: start")
    try hive.repository.git(["branch", "bystander", "ws1"])
    let bystander = try hive.repository.tip("bystander")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try hive.sync()
    #expect(report.moved.count == 2)
    #expect(try hive.repository.tip("bystander") == bystander)
    #expect(try hive.repository.git(["log", "--format=%s", "main..ws1"]) == "fixup! feat: start")
  }

  @Test("A file system monitor, which may lie or hang, is not asked")
  func monitor() throws {
    let hive = try Hive("ws1", "ws2")
    hive.plan.sync.quiet = 30
    try hive.commit("ws1")
    try hive.repository.git(["switch", "--quiet", "-c", "side", "main"], in: hive.place("ws2"))
    try hive.commit("ws2", ["side.txt": "s\n"])
    try hive.repository.git(["switch", "--quiet", "ws2"], in: hive.place("ws2"))
    try hive.commit("ws2")
    try hive.repository.git(["merge", "--quiet", "--no-edit", "side"], in: hive.place("ws2"))
    // Its times are new and its contents are not.
    try hive.repository.write("shared.txt", "1\n2\n3\n", in: hive.place("ws1"))
    try (hive.place("ws1") / "shared.txt").setModified(Clock.nowInNanoseconds() - 3600 * 1_000_000_000)
    let log = hive.repository.surroundings / "asked"
    let script = hive.repository.surroundings / "monitor"
    try script.write(Array("#!/bin/sh\necho \"$PPID\" >>'\(log)'\nexit 1\n".utf8), permissions: 0o755)
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n", "shared.txt": "1\n2\n3\n4\n"])
    try hive.repository.git(["config", "core.fsmonitor", Argument(script)])
    #expect(try hive.sync().moved.count == 2)
    #expect(!log.exists)
  }

  @Test(
    "A resolution that another worktree has recorded (rerere) is no decision of a stream's", arguments: [false, true])
  func recordedResolution(hasMerge: Bool) throws {
    let hive = try Hive("ws1", "ws2")
    for setting in ["rerere.enabled", "rerere.autoUpdate"] {
      try hive.repository.git(["config", Argument(setting), "true"])
    }
    if hasMerge {  // has git rebase
      try hive.repository.git(["branch", "side", "main"])
      try hive.commit("ws1", ["own.txt": "o\n"])
      try hive.repository.git(["switch", "--quiet", "side"], in: hive.place("ws2"))
      try hive.commit("ws2", ["side.txt": "s\n"])
      try hive.repository.git(["switch", "--quiet", "ws2"], in: hive.place("ws2"))
      try hive.repository.git(["merge", "--quiet", "--no-edit", "side"], in: hive.place("ws1"))
    }
    for stream in ["ws1", "ws2"] { try hive.commit(stream, ["shared.txt": "1\nmine\n3\n"]) }
    try hive.repository.commit("feat: trunk", ["shared.txt": "1\ntrunk\n3\n"])
    let other = hive.place("ws2")
    _ = try hive.repository.attempt("git", ["rebase", "main"], in: other)
    try hive.repository.write("shared.txt", "1\nboth\n3\n", in: other)
    try hive.repository.git(["add", "shared.txt"], in: other)
    try hive.repository.git(["-c", "core.editor=true", "rebase", "--continue"], in: other)
    let before = try hive.fingerprint("ws1")
    #expect(try hive.sync().conflict("ws1")?.files == [Array("shared.txt".utf8)])
    #expect(try hive.fingerprint("ws1") == before)
  }

  @Test("Hooks that our own rebase fires see that it is ours")
  func depth() throws {
    let hive = try Hive("ws1")
    try hive.commit("ws1")
    let log = hive.repository.surroundings / "depth"
    let hook = hive.repository.path / ".git/hooks/post-rewrite"
    try hook.parent.createDirectories()
    try hook.write(Array("#!/bin/sh\necho \"$PREFLIGHT_DEPTH\" >'\(log)'\n".utf8), permissions: 0o755)
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    try hive.sync()
    let depth = try String(decoding: log.contents(), as: UTF8.self)
    #expect(Int(depth.dropLast()) ?? 0 > 0)
  }

  @Test("A rebase by hand is noted, so that trunk's commits are told from the stream's when trunk is amended next")
  func rebasedByHand() throws {
    let hive = try Hive("ws1")
    try hive.commit("ws1")
    try hive.run().recordPresentState()
    try hive.repository.commit("feat: first try", ["trunk.txt": "wrong\n"])
    try hive.repository.git(["rebase", "--quiet", "main"], in: hive.place("ws1"))
    try hive.run(in: hive.place("ws1")).recordBase()
    try hive.repository.write("trunk.txt", "right\n")
    try hive.repository.git(["commit", "--quiet", "--all", "--amend", "-m", "feat: second try"])
    #expect(try hive.sync().move("ws1")?.replayed == 1)
  }

  @Test("A stream waits for the one that it is stacked on, and goes to trunk when that one is merged")
  func stackedOnOther() throws {
    let hive = try Hive("ws1")
    try hive.commit("ws1", ["shared.txt": "mine\n"])
    try hive.repository.addWorktree("ws2", branch: "ws2", from: "ws1")
    try hive.commit("ws2")
    hive.plan.streams = [stream("one", "ws1"), stream("two", "ws2", base: "one")]
    try hive.repository.commit("feat: trunk", ["shared.txt": "trunk\n"])
    let tip = try hive.repository.tip("ws2")
    let report = try hive.sync()
    #expect(report.conflict("ws1") != nil)
    #expect(report.reason("ws2") == .waits(for: "ws1"))
    #expect(try hive.repository.tip("ws2") == tip)

    _ = try hive.repository.attempt("git", ["merge", "--quiet", "ws1"])
    try hive.repository.commit("merge ws1", ["shared.txt": "both\n"])
    let later = try hive.sync()
    #expect(later.move("ws2")?.onto == (try hive.repository.tip("main")), "\(later)")
    #expect(try hive.repository.git(["log", "--format=%s", "main..ws2"]) == "feat: ws2")
  }

  @Test("A submodule that is checked out stops its worktree when trunk moves the pointer, until it has the commit")
  func submodule() throws {
    let hive = try Hive()
    let library = try TestRepository(cloning: hive.repository, name: "library")
    try hive.repository.git([
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", Argument(library.path), "lib",
    ])
    try hive.repository.commit("feat: library")
    for stream in ["ws1", "ws2"] { try hive.add(stream) }
    try hive.repository.git(
      ["-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init"], in: hive.place("ws1"))
    try library.commit("feat: newer")
    try hive.repository.git(["pull", "--quiet"], in: hive.repository.path / "lib")
    try hive.repository.git(["add", "lib"])
    try hive.repository.commit("feat: bump the library")
    let report = try hive.sync()
    #expect(report.reason("ws1") == .concerned([ConcernedPath(Array("lib".utf8), .submodule)]))
    #expect(report.move("ws2") != nil)
    let place = hive.place("ws1") / "lib"
    try hive.repository.git(["fetch", "--quiet"], in: place)
    #expect(try hive.sync().move("ws1") != nil)
    #expect(try hive.repository.tip("HEAD", in: place) == library.tip("main"))
    #expect(try hive.repository.git(["status", "--porcelain"], in: hive.place("ws1")) == "")
  }

  @Test("A stacked stream follows the one below, and only its own commits are replayed")
  func stacked() throws {
    let hive = try Hive("ws1")
    try hive.commit("ws1")
    try hive.repository.addWorktree("ws2", branch: "ws2", from: "ws1")
    try hive.commit("ws2")
    hive.plan.streams = [stream("two", "ws2", base: "one"), stream("one", "ws1")]
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try hive.sync()
    #expect(report.move("ws2")?.replayed == 1, "\(report)")
    #expect(try hive.repository.git(["log", "--format=%s", "main..ws2"]) == "feat: ws2\nfeat: ws1")
    #expect(try hive.isOnTrunk("ws2", "ws1"))
    #expect(report.entries.map(\.stream) == ["two", "one", nil])
  }
}
