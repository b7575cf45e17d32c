import Git
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

@Suite("Worktrees that are left alone")
struct LeavingTests {
  @Test("A branch that a rebase in another worktree is going to move is left alone until that has ended")
  func pendingUpdateReferences() throws {
    let hive = try Hive("ws1", "ws2")
    try hive.commit("ws1", ["shared.txt": "mine\n"])
    try hive.repository.git(["branch", "lower", "ws1"])
    try hive.commit("ws1", ["ws1.txt": "1\n"])
    let base = try hive.repository.commit("feat: trunk", ["shared.txt": "theirs\n"])
    let rebase = try hive.repository.attempt("git", ["rebase", "--update-refs", "main"], in: hive.place("ws1"))
    guard rebase.status == 1 else { return print("skipped: this git knows no 'rebase --update-refs'") }
    try hive.repository.git(
      ["worktree", "add", "--quiet", "--force", Argument(hive.place("lower")), "lower"])
    let before = try hive.repository.tip("lower")
    let report = try hive.sync()
    #expect(report.reason("lower") == .operation(.rebase), "\(report)")
    #expect(report.reason("ws1") == .operation(.rebase))
    #expect(try hive.repository.tip("lower") == before)
    #expect(report.move("ws2")?.to == base)
  }

  /// Trunk moves, and `ws2` follows whatever `ws1` is up to.
  private func syncAround(
    _ hive: Hive, trunk: [String: String] = ["trunk.txt": "t\n"], _ prepare: (FilePath) throws -> Void
  ) throws -> SyncReport {
    try hive.commit("ws1")
    try prepare(hive.place("ws1"))
    try hive.repository.commit("feat: trunk", trunk)
    let before = try hive.fingerprint("ws1")
    let report = try hive.sync()
    #expect(report.move("ws2") != nil, "\(report)")
    #expect(try hive.fingerprint("ws1") == before)
    return report
  }

  @Test("A branch that is bisected elsewhere and checked out by force moves, and the bisection stays as it was")
  func bisected() throws {
    let hive = try Hive("ws1")
    for text in ["a", "b", "c"] { try hive.commit("ws1", ["\(text).txt": text], message: "feat: \(text)") }
    try hive.repository.git(["bisect", "start", "ws1", "main"], in: hive.place("ws1"))
    let second = hive.repository.surroundings / "second"
    try hive.repository.git(["worktree", "add", "--quiet", "--force", Argument(second), "ws1"])
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let before = try hive.fingerprint("ws1")
    let report = try hive.sync()
    #expect(report.entries.contains { $0.path == hive.place("ws1") && $0.outcome == .left(.operation(.bisect)) })
    #expect(report.move("ws1") != nil)
    #expect(try hive.fingerprint("ws1") == before)
    #expect(try hive.repository.git(["bisect", "log"], in: hive.place("ws1")).contains("# good: "))
    #expect(try hive.repository.git(["status", "--porcelain"], in: second) == "")
    #expect(try hive.repository.read("trunk.txt", in: second) == "t\n")
  }

  @Test("Changed, staged and deleted tracked files that the move would write: named, and untouched")
  func dirty() throws {
    let hive = try Hive("ws1", "ws2")
    hive.plan.sync.quiet = 0
    let theirs = ["shared.txt": "theirs\n", "staged.txt": "theirs\n", "src/a.txt": "theirs\n"]
    let report = try syncAround(hive, trunk: theirs) { place in
      try hive.repository.write("shared.txt", "mine\n", in: place)
      try hive.repository.write("staged.txt", "s\n", in: place)
      try hive.repository.git(["add", "staged.txt"], in: place)
      try (place / "src/a.txt").remove()
    }
    let expected: Set<ConcernedPath> = [
      ConcernedPath(Array("shared.txt".utf8), .edited), ConcernedPath(Array("src/a.txt".utf8), .deleted),
      ConcernedPath(Array("staged.txt".utf8), .staged),
    ]
    guard case .concerned(let named)? = report.reason("ws1") else { return #expect(Bool(false), "\(report)") }
    #expect(Set(named) == expected)
    #expect(report.due.map(\.branch) == ["refs/heads/ws1"])
    #expect(try Due(hive.layout(hive.place("ws1"))).reason() == "concerned")
  }

  @Test("What the move does not write stays as it was, and the stream moves")
  func dirtyElsewhere() throws {
    let hive = try Hive("ws1")
    hive.plan.sync.quiet = 0
    try hive.commit("ws1")
    let place = hive.place("ws1")
    try hive.repository.write("shared.txt", "mine\n", in: place)
    try hive.repository.write("staged.txt", "s\n", in: place)
    try hive.repository.git(["add", "staged.txt"], in: place)
    try (place / "src/a.txt").remove()
    let status = try hive.repository.git(["status", "--porcelain"], in: place)
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    #expect(try hive.sync().move("ws1")?.replayed == 1)
    #expect(try hive.repository.git(["status", "--porcelain"], in: place) == status)
    #expect(try hive.repository.read("trunk.txt", in: place) == "t\n")
  }

  @Test("Where git itself has to rebase, anything uncommitted stops the stream")
  func dirtyForGit() throws {
    let hive = try Hive("ws1", "ws2")
    hive.plan.sync.quiet = 0
    try hive.repository.git(["config", "commit.cleanup", "strip"])
    let report = try syncAround(hive) { try hive.repository.write("shared.txt", "mine\n", in: $0) }
    #expect(report.reason("ws1") == .dirty(paths: [Array("shared.txt".utf8)], count: 1))
  }

  @Test("A file hidden from git's own look counts as changed", arguments: ["--assume-unchanged", "--skip-worktree"])
  func hidden(flag: String) throws {
    let hive = try Hive("ws1", "ws2")
    hive.plan.sync.quiet = 0
    let report = try syncAround(hive, trunk: ["shared.txt": "theirs\n"]) { place in
      try hive.repository.git(["update-index", Argument(flag), "shared.txt"], in: place)
      try hive.repository.write("shared.txt", "mine\n", in: place)
    }
    let reason = flag == "--skip-worktree" ? ConcernedPath.Reason.skippedInWorktree : .assumedUnchanged
    #expect(report.reason("ws1") == .concerned([ConcernedPath(Array("shared.txt".utf8), reason)]))
    #expect(try hive.repository.read("shared.txt", in: hive.place("ws1")) == "mine\n")
  }

  @Test("A sparse checkout is not dirty")
  func sparse() throws {
    let hive = try Hive("ws1")
    try hive.repository.git(["sparse-checkout", "set", "--no-cone", "/shared.txt"], in: hive.place("ws1"))
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    #expect(try hive.sync().move("ws1") != nil)
    #expect(!(hive.place("ws1") / "src/a.txt").exists)
  }

  @Test("A detached HEAD")
  func detached() throws {
    let hive = try Hive("ws1", "ws2")
    let report = try syncAround(hive) { try hive.repository.git(["switch", "--quiet", "--detach"], in: $0) }
    let entry = report.entries.first { $0.path == hive.place("ws1") }
    #expect(entry?.outcome == .left(.detached))
    #expect(entry?.isDue == false)
  }

  @Test("A branch without commits")
  func unborn() throws {
    let hive = try Hive("ws1", "ws2")
    try hive.repository.git(["symbolic-ref", "HEAD", "refs/heads/new"], in: hive.place("ws1"))
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    #expect(try hive.sync().reason("new") == .unborn)
  }

  @Test("A worktree that git has locked, with the reason")
  func locked() throws {
    let hive = try Hive("ws1", "ws2")
    let report = try syncAround(hive) {
      try hive.repository.git(["worktree", "lock", "--reason", "on a stick", Argument($0)])
    }
    #expect(report.reason("ws1") == .locked("on a stick"))
  }

  @Test("A worktree whose directory is gone")
  func missing() throws {
    let hive = try Hive("ws1", "ws2")
    try hive.place("ws1").removeRecursively()
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try hive.sync()
    #expect(report.reason("ws1") == .missing)
    #expect(report.move("ws2") != nil)
  }

  @Test(
    "An unfinished operation, which is named and not touched", arguments: ["merge", "cherry-pick", "revert", "rebase"])
  func operation(name: String) throws {
    let hive = try Hive("ws1", "ws2")
    let report = try syncAround(hive) { place in
      try hive.commit("ws1", ["shared.txt": "mine\n"])
      try hive.repository.git(["branch", "other", "main"])
      try hive.repository.git(["switch", "--quiet", "--detach", "main"], in: place)
      try hive.repository.commit("feat: theirs", ["shared.txt": "theirs\n"], in: place)
      try hive.repository.git(["branch", "--force", "other"], in: place)
      try hive.repository.git(["switch", "--quiet", "ws1"], in: place)
      let commands: [String: [Argument]] = [
        "merge": ["merge", "other"], "cherry-pick": ["cherry-pick", "other"],
        "revert": ["revert", "--no-commit", "HEAD"],
        "rebase": ["rebase", "other"],
      ]
      _ = try hive.repository.attempt("git", commands[name] ?? [], in: place)
    }
    #expect(report.reason("ws1") == .operation(Worktree.Operation(rawValue: name)!))  // the names are git's
  }

  @Test("A worktree on hold, until it is lifted")
  func held() throws {
    let hive = try Hive("ws1", "ws2")
    let hold = Hold(try hive.layout(hive.place("ws1")))
    let report = try syncAround(hive) { _ in try hold.place(reason: "in\nreview") }
    #expect(report.reason("ws1") == .held("in review"))
    #expect(try Hold(hive.layout(hive.place("ws2"))).reason() == nil)
    try hold.lift()
    #expect(try hive.sync().move("ws1") != nil)
  }

  @Test("A worktree where a check runs, until it has ended")
  func running() throws {
    let hive = try Hive("ws1", "ws2")
    let layout = try hive.layout(hive.place("ws1"))
    do {
      let first = try Activity("check tests", in: layout)
      let second = try Activity("launch", in: layout)
      let areHeld = first != nil && second != nil
      #expect(areHeld)
      let report = try syncAround(hive) { _ in }
      #expect(report.reason("ws1") == .busy(.running("check tests")))
      _ = consume first
      Clock.sleep(seconds: 0.1)  // see Hive.options
      #expect(try hive.sync().reason("ws1") == .busy(.running("launch")))
      _ = consume second
      Clock.sleep(seconds: 0.1)
    }
    #expect(try hive.sync().move("ws1") != nil)
  }

  @Test("A worktree where a program was launched, by all but its own sync")
  func launched() throws {
    let hive = try Hive("ws1", "ws2")
    let place = hive.place("ws1")
    do {
      let launch = try Activity(Activity.launch, in: hive.layout(place))
      let isHeld = launch != nil
      #expect(isHeld)
      try hive.repository.commit("feat: trunk", ["trunk.txt": "1\n"])
      #expect(try hive.sync().reason("ws1") == .busy(.running("launch")))
      let check = try Activity("check tests", in: hive.layout(place))
      #expect(try hive.sync(in: place).reason("ws1") == .busy(.running("check tests")))
      _ = consume check
      Clock.sleep(seconds: 0.1)  // see Hive.options
      #expect(try hive.sync(in: place).move("ws1") != nil)
      _ = consume launch
    }
  }

  @Test("A worktree whose index a git has locked")
  func indexLock() throws {
    let hive = try Hive("ws1", "ws2")
    let lock = try hive.layout(hive.place("ws1")).gitDirectory / "index.lock"
    let report = try syncAround(hive) { _ in try lock.create([]) }
    #expect(report.reason("ws1") == .busy(.index))
    #expect(lock.exists)
  }

  @Test(
    "A file written just now makes a worktree busy, for as long as the plan says", arguments: ["new.txt", "shared.txt"])
  func written(file: String) throws {
    let hive = try Hive("ws1", "ws2")
    let report = try syncAround(hive) { place in
      let same = file == "shared.txt" ? try hive.repository.read(file, in: place) : "n\n"
      try hive.repository.write(file, same, in: place)
    }
    guard case .busy(.written(let path, let seconds))? = report.reason("ws1") else {
      return #expect(Bool(false), "\(report)")
    }
    #expect(path == Array(file.utf8))
    #expect(seconds < 20)
    hive.plan.sync.quiet = 0
    #expect(try hive.sync().move("ws1") != nil)
  }

  @Test("A worktree that has just been made within another is nobody's writing in that one")
  func nested() throws {
    let hive = try Hive("ws1")
    try hive.repository.git([
      "worktree", "add", "--quiet", "-b", "ws2", Argument(hive.place("ws1") / ".worktrees/ws2"), "main",
    ])
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try hive.sync()
    #expect(report.move("ws1") != nil, "\(report)")
    #expect(report.move("ws2") != nil, "\(report)")
  }

  @Test("A commit message in an editor makes a worktree busy")
  func message() throws {
    let hive = try Hive("ws1", "ws2")
    let report = try syncAround(hive) { _ in
      Clock.sleep(seconds: 0.02)
      try (hive.layout(hive.place("ws1")).gitDirectory / "COMMIT_EDITMSG").write([])
    }
    #expect(report.reason("ws1") == .busy(.message))
  }

  @Test("A commit whose editor is open makes a worktree busy however long it takes")
  func openEditor() throws {
    let hive = try Hive("ws1", "ws2")
    hive.plan.sync.quiet = 0
    var environment = hive.repository.environment
    environment["GIT_EDITOR"] = "sleep 60 #"
    let place = hive.place("ws1")
    try hive.commit("ws1")
    let commit = try ChildProcess(
      ProcessRequest("git", ["commit", "--allow-empty"], environment: environment, directory: place, input: []))
    defer { commit.kill(signal: 9) }
    let message = try hive.layout(place).gitDirectory / "COMMIT_EDITMSG"
    for _ in 0..<500 where try message.status()?.size ?? 0 == 0 { Clock.sleep(seconds: 0.01) }
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try hive.sync()
    // Where no process can be seen, only a file's age tells.
    guard RunningProcess(id: CurrentProcess.id) != nil else { return }
    #expect(report.reason("ws1") == .busy(.git("commit")))
    #expect(report.move("ws2") != nil)
    #expect(try Due(hive.layout(place)).reason() == "busy")
    commit.stop(grace: 0)
    _ = commit.finish()
    #expect(try hive.sync().move("ws1") != nil)
  }

  @Test("A due worktree whose branch was rebased by hand is due no longer")
  func dueByHand() throws {
    let hive = try Hive("ws1")
    try hive.commit("ws1")
    let layout = try hive.layout(hive.place("ws1"))
    try Hold(layout).place()
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    try hive.sync()
    let repository = try hive.repository.open()
    #expect(try Due(layout).reason(at: hive.repository.tip("ws1"), in: repository) == "held")
    try hive.repository.git(["rebase", "--quiet", "main"], in: hive.place("ws1"))
    #expect(try Due(layout).reason(at: hive.repository.tip("ws1"), in: repository) == nil)
  }

  @Test("A locked worktree that is up to date is not due")
  func lockedUpToDate() throws {
    let hive = try Hive("ws1")
    try hive.repository.git(["worktree", "lock", Argument(hive.place("ws1"))])
    let report = try hive.sync()
    #expect(report.reason("ws1") == .upToDate)
    #expect(report.due.isEmpty)
  }

  @Test("An ignored file where trunk has a new one is not overwritten")
  func ignoredInTheWay() throws {
    let hive = try Hive("ws1", "ws2")
    hive.plan.sync.quiet = 0
    try hive.commit("ws1")
    try hive.repository.write("build.log", "precious\n", in: hive.place("ws1"))
    try hive.repository.write("build.log", "tracked\n")
    try hive.repository.git(["add", "--force", "build.log"])
    try hive.repository.commit("feat: track the log")
    let report = try hive.sync()
    #expect(report.reason("ws1") == .concerned([ConcernedPath(Array("build.log".utf8), .inTheWay)]))
    #expect(try hive.repository.read("build.log", in: hive.place("ws1")) == "precious\n")
    #expect(report.move("ws2") != nil)
  }

  @Test("Ignored files in a directory that becomes a file, and a file where a directory comes, are not overwritten")
  func directoryInTheWay() throws {
    let hive = try Hive("ws1", "ws2")
    hive.plan.sync.quiet = 0
    try hive.repository.write("src/keep.log", "precious\n", in: hive.place("ws1"))
    try hive.repository.write("deps.log", "precious\n", in: hive.place("ws2"))
    try hive.repository.git(["rm", "--quiet", "-r", "src"])
    try hive.repository.write("src", "file\n")
    try hive.repository.write("deps.log/x.txt", "x\n")
    try hive.repository.git(["add", "--force", "src", "deps.log/x.txt"])
    try hive.repository.commit("feat: reshape")
    let report = try hive.sync()
    #expect(report.reason("ws1") == .concerned([ConcernedPath(Array("src/keep.log".utf8), .inTheWay)]))
    #expect(report.reason("ws2") == .concerned([ConcernedPath(Array("deps.log".utf8), .inTheWay)]))
    #expect(try hive.repository.read("src/keep.log", in: hive.place("ws1")) == "precious\n")
    #expect(try hive.repository.read("deps.log", in: hive.place("ws2")) == "precious\n")
  }

  @Test("A published branch moves with the lease that its push needs, or is held, as the plan says")
  func published() throws {
    let hive = try Hive("ws1")
    let tip = try hive.commit("ws1")
    try hive.repository.git(["update-ref", "refs/remotes/origin/ws1", "ws1"])
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let published = Publication(
      remote: "origin", branch: "refs/heads/ws1",
      tracking: Reference(name: "refs/remotes/origin/ws1", target: tip))
    hive.plan.sync.published = .hold
    #expect(try hive.sync().reason("ws1") == .published(published))
    hive.plan.sync.published = .rebase
    #expect(try hive.sync().push("ws1") == PushLease(branch: "refs/heads/ws1", publication: published))
  }

  @Test("While trunk and its remote have diverged nothing moves")
  func diverged() throws {
    let hive = try Hive("ws1")
    let start = try hive.repository.tip("main")
    try hive.repository.commit("feat: theirs")
    try hive.repository.git(["update-ref", "refs/remotes/origin/main", "main"])
    try hive.repository.git(["reset", "--quiet", "--hard", "\(start)"])
    try hive.repository.commit("feat: ours", ["ours.txt": "o\n"])
    let report = try hive.sync()
    #expect(report.state == .diverged)
    #expect(report.entries.isEmpty)
    #expect(try hive.repository.tip("ws1") == start)
    #expect(try !TrunkWatch(hive.layout()).isSyncNeeded())
  }

  @Test("A branch in two worktrees")
  func twice() throws {
    let hive = try Hive("ws1", "ws2")
    let second = hive.repository.surroundings / "second"
    try hive.repository.git(["worktree", "add", "--quiet", "--force", Argument(second), "ws1"])
    let report = try syncAround(hive) { _ in }
    let others = report.entries.filter { $0.branch == "refs/heads/ws1" }
    #expect(
      Set(others.map(\.outcome))
        == [.left(.checkedOutTwice(other: second)), .left(.checkedOutTwice(other: hive.place("ws1")))])
  }

  @Test("A worktree that was left follows at its own next occasion, and only then is no longer due")
  func catchUp() throws {
    let hive = try Hive("ws1", "ws2")
    let place = hive.place("ws1")
    #expect(try hive.run(in: place).catchUp() == nil)
    _ = try syncAround(hive, trunk: ["shared.txt": "theirs\n1\n2\n3\n"]) {
      try hive.repository.write("shared.txt", "1\n2\n3\nmine\n", in: $0)
    }
    #expect(try hive.run(in: place).catchUp()?.due.count == 1)
    try hive.repository.commit("feat: mine", ["shared.txt": "1\n2\n3\nmine\n"], in: place)
    // Written this instant, but the hands are those of whoever asks.
    try hive.repository.write("scratch.txt", "s\n", in: place)
    let report = try #require(try hive.run(in: place).catchUp())
    #expect(report.moved.map(\.branch) == ["refs/heads/ws1"])
    #expect(report.entries.count == 1)
    #expect(try hive.run(in: place).catchUp() == nil)
  }

  @Test("A hook in the middle of something does not move its own worktree")
  func inUse() throws {
    let hive = try Hive("ws1", "ws2")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    var options = Hive.options
    options.leavesCurrent = true
    let report = try hive.run(options, in: hive.place("ws1")).run()
    #expect(report.reason("ws1") == .inUse)
    #expect(report.move("ws2") != nil)
    #expect(try hive.run(in: hive.place("ws1")).catchUp()?.move("ws1") != nil)
  }
}
