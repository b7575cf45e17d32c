import Checks
import Git
import Platform
import Sync
import TestSupport
import Testing

@testable import Worktrees

extension Grove {
  func removal(merged: Set<String> = []) throws -> WorktreeRemoval {
    WorktreeRemoval(
      try layout(), environment: repository.environment, plan: plan, names: names, trust: try trust(),
      mergedStreams: merged)
  }

  func worktree(_ id: String) throws -> Worktree {
    try #require(
      try layout().worktrees().first { $0.path == place(id) || $0.branch == "refs/heads/topic/\(id)" && !$0.isMain })
  }

  @discardableResult
  func down(_ id: String, force: Set<String> = [], merged: Set<String> = []) throws -> WorktreeRemoval.Entry {
    try removal(merged: merged).remove(worktree(id), forcing: force)
  }

  /// Commits on a stream, and has trunk take it.
  func finish(_ id: String, by merge: [Argument] = ["merge", "--quiet", "--no-ff", "-m", "merge"]) throws {
    try repository.commit("feat: \(id)", ["\(id).txt": "\(id)\n"], in: place(id))
    try repository.git(merge + ["topic/\(id)"])
    if merge.contains("--squash") { try repository.commit("feat: all of \(id)") }
  }

  func codes(_ entry: WorktreeRemoval.Entry) -> [String] {
    if case .refused(let reasons) = entry.outcome { reasons.map(\.code) } else { ["\(entry.outcome)"] }
  }

  func isThere(_ id: String) throws -> Bool {
    guard place(id).isDirectory else { return false }
    return try repository.git(["worktree", "list"]).contains("\(place(id)) ")
  }
}

@Suite("Removing worktrees")
struct RemovalTests {
  @Test(
    "A merged stream goes with its branch, however trunk has taken it",
    arguments: [
      ["merge", "--quiet", "--no-ff", "-m", "merge"], ["merge", "--quiet", "--ff-only"],
      ["merge", "--quiet", "--squash"],
      ["cherry-pick"],
    ])
  func merged(by words: [String]) throws {
    let grove = try Grove()
    try grove.up("a", "b")
    // Trunk goes on: in the stream's own file, too.
    try grove.finish("b", by: words.map { Argument($0) })
    let tip = try grove.repository.tip("topic/b")
    if words != ["merge", "--quiet", "--ff-only"] {
      try grove.repository.commit("feat: later", ["b.txt": "b and more\n"])
    }
    let entry = try grove.down("b")
    #expect(entry.outcome == .removed(branch: tip), "\(entry)")
    #expect(try !grove.isThere("b"))
    #expect(try grove.repository.attempt("git", ["rev-parse", "--verify", "topic/b"]).status != 0)
    #expect(try grove.place("b").parent.entries() == ["tree a"], "nothing is left aside")
    let records = try RemovalRecords(grove.layout()).all()
    #expect(records.isEmpty)
  }

  @Test("A stream that nobody has begun goes without a word, and its branch stays")
  func fresh() throws {
    let grove = try Grove()
    try grove.up("a")
    #expect(try grove.down("a").outcome == .removed(branch: nil))
    #expect(try grove.repository.tip("topic/a") == grove.repository.tip("main"))
    #expect(try grove.up("a")["a"].outcome == .made(.existing(grove.repository.tip("main"))))
  }

  @Test("The commits of the stream that one stands on are not its own, merged or not, and its branch stays")
  func stacked() throws {
    let grove = try Grove()
    try grove.up("a")
    try grove.repository.commit("feat: a", ["a.txt": "a\n"], in: grove.place("a"))
    try grove.up("c", "b")
    #expect(try grove.down("c").outcome == .removed(branch: nil))
    try grove.up("c")
    try grove.repository.git(["merge", "--quiet", "--squash", "topic/a"])
    try grove.repository.commit("feat: all of a")
    #expect(try grove.down("c").outcome == .removed(branch: nil), "nobody has begun it")
    try grove.up("c")
    try grove.repository.commit("feat: c", ["c.txt": "c\n"], in: grove.place("c"))
    guard case .refused(let reasons) = try grove.down("c").outcome else { throw UnexpectedExit(description: "removed") }
    #expect(reasons == [.unpushed(count: 1), .unmerged(count: 1)])
  }

  /// What keeps a worktree, and how it comes about.
  enum Hindrance: String, CaseIterable {
    case dirty, staged, hidden, untracked, unmerged, operation, detached, locked, submodules, occupied, missing

    var code: String { self == .staged || self == .hidden ? "dirty" : rawValue }

    func arrange(_ grove: Grove) throws {
      let (repository, place) = (grove.repository, grove.place("a"))
      switch self {
      case .dirty: try repository.write("file", "mine\n", in: place)
      case .staged:
        try repository.write("file", "mine\n", in: place)
        try repository.git(["add", "file"], in: place)
        try repository.write("file", "1\n", in: place)
      case .hidden:
        try repository.git(["update-index", "--assume-unchanged", "file"], in: place)
        try repository.write("file", "mine\n", in: place)
      case .untracked: try repository.write("new", "mine\n", in: place)
      case .unmerged:
        try repository.commit("feat: mine", ["new": "mine\n"], in: place)
        try repository.git(["push", "--quiet", "origin", "topic/a"])
      case .operation:
        try (grove.layout(place).gitDirectory / "MERGE_HEAD").write(Array("\(repository.tip("main"))\n".utf8))
      case .detached:
        try repository.git(["switch", "--quiet", "--detach"], in: place)
        try repository.commit("feat: nowhere else", ["new": "mine\n"], in: place)
      case .locked: try repository.git(["worktree", "lock", "--reason", "mine", Argument(place)])
      case .submodules:
        try repository.git(["config", "protocol.file.allow", "always"])
        let sub = try TestRepository()
        try sub.commit("feat: sub", ["s": "s\n"])
        try repository.git(
          ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", Argument(sub.path), "sub"], in: place)
        try repository.commit("feat: a submodule", in: place)
        try repository.git(["merge", "--quiet", "--ff-only", "topic/a"])
      case .occupied: break
      case .missing: try place.rename(to: repository.surroundings / "moved away")
      }
    }
  }

  @Test("Each reason keeps the worktree, is named, and gives way to its own word only", arguments: Hindrance.allCases)
  func gate(hindrance: Hindrance) throws {
    let grove = try Grove()
    try grove.up("a")
    try hindrance.arrange(grove)
    var process: ChildProcess?
    if hindrance == .occupied {
      process = try ChildProcess(ProcessRequest("sleep", ["60"], directory: grove.place("a") / "deep"))
    }
    defer {
      process?.kill(signal: 9)
      _ = process?.finish()
    }
    let before = try grove.repository.git(["for-each-ref"])
    let refused = try grove.down("a")
    #expect(grove.codes(refused) == [hindrance.code])
    let others = Set(RemovalReason.forcible).subtracting([hindrance.code])
    #expect(grove.codes(try grove.down("a", force: others)) == [hindrance.code])
    #expect(try grove.repository.git(["for-each-ref"]) == before)
    if hindrance != .missing { #expect(try grove.isThere("a")) }

    let entry = try grove.down("a", force: [hindrance.code])
    guard case .removed = entry.outcome else {
      Issue.record("\(entry)")
      return
    }
    #expect(try !grove.isThere("a") && !grove.layout().worktrees().contains { $0.path == grove.place("a") })
    switch hindrance {
    case .dirty, .staged:
      let kept = try #require(entry.kept)
      let contents = hindrance == .dirty ? "mine" : "1"
      #expect(try grove.repository.git(["show", "\(kept):file"]) == contents)
    case .untracked:
      #expect(try grove.repository.git(["show", "\(try #require(entry.kept)):new"]) == "mine")
    case .detached:
      #expect(try grove.repository.git(["show", "\(try #require(entry.kept)):new"]) == "mine")
    case .unmerged: #expect(try grove.repository.git(["log", "-1", "--format=%s", "topic/a"]) == "feat: mine")
    default: break
    }
  }

  @Test("A git that holds the index keeps the worktree, and puts it back if it comes in the last moment")
  func indexHeld() throws {
    let grove = try Grove()
    try grove.up("a")
    let worktree = try grove.worktree("a")
    try (worktree.gitDirectory / "index.lock").write([])
    #expect(grove.codes(try grove.down("a")) == ["occupied"])
    let aside = grove.place("a").parent / ".tree a.removed-1"
    try RemovalRecords(grove.layout()).begin(
      RemovalRecord(
        name: worktree.gitDirectory.lastComponent.bytes, path: worktree.path, aside: aside, branch: worktree.branch,
        mergedTip: nil, forced: []))
    try worktree.path.rename(to: aside)
    #expect(try grove.removal().finishBegun().map { grove.codes($0) } == [["occupied"]])
    #expect(try grove.isThere("a"))
    try (worktree.gitDirectory / "index.lock").remove()
    #expect(try grove.down("a").outcome == .removed(branch: nil))
  }

  @Test("Commits that no remote has are a reason of their own")
  func unpushed() throws {
    let grove = try Grove()
    try grove.up("a")
    try grove.repository.commit("feat: one", ["new": "1\n"], in: grove.place("a"))
    try grove.repository.git(["push", "--quiet", "origin", "topic/a"])
    try grove.repository.commit("feat: two", ["new": "2\n"], in: grove.place("a"))
    guard case .refused(let reasons) = try grove.down("a").outcome else {
      throw UnexpectedExit(description: "not refused")
    }
    #expect(reasons == [.unpushed(count: 1), .unmerged(count: 2)])
    #expect(grove.codes(try grove.down("a", force: ["unpushed"])) == ["unmerged"])
  }

  @Test("The main worktree, one that holds another, and one with a repository in it are not removed at all")
  func neverRemoved() throws {
    let grove = try Grove()
    try grove.up("a", "b")
    let main = try #require(try grove.layout().worktrees().first)
    let all = Set(RemovalReason.forcible)
    #expect(grove.codes(try grove.removal().remove(main, forcing: all)) == ["main"])
    let inner = grove.place("a") / "ignored.log"
    try grove.repository.git(["worktree", "add", "--quiet", "--detach", Argument(inner)])
    #expect(grove.codes(try grove.down("a", force: all)) == ["holds"])
    try (grove.place("b") / "clone").createDirectories()
    try grove.repository.git(["init", "--quiet"], in: grove.place("b") / "clone")
    #expect(grove.codes(try grove.down("b", force: all)) == ["holds"])
  }

  @Test("A branch that was deleted under its worktree keeps it, with the commit where it stood")
  func branchDeleted() throws {
    let grove = try Grove()
    try grove.up("a")
    let tip = try grove.repository.commit("feat: a", ["a": "a\n"], in: grove.place("a"))
    try grove.repository.git(["update-ref", "-d", "refs/heads/topic/a"])
    guard case .refused(let reasons) = try grove.down("a", force: Set(RemovalReason.forcible)).outcome else {
      throw UnexpectedExit(description: "another outcome")
    }
    #expect(reasons == [.branchDeleted(last: tip)])
  }

  @Test(
    "The plan's commands run before, may clear up what would be in the way of nobody, and a failure keeps the worktree")
  func removeCommands() throws {
    let grove = try Grove()
    grove.plan.worktree.setup = [["touch", "server.log"]]
    let gate = grove.repository.surroundings / "gate"
    grove.plan.worktree.remove = [
      ["sh", "-c", "echo $PREFLIGHT_STREAM-$PREFLIGHT_SLOT >> '\(gate)-log'"], ["test", "-e", "\(gate)"],
    ]
    try grove.up("a")
    guard case .remove(.failed(let command, _, let output)) = try grove.down("a").outcome else {
      throw UnexpectedExit(description: "another outcome")
    }
    #expect(command == ["test", "-e", "\(gate)"] && output.exists)
    #expect(try grove.isThere("a"))
    try gate.write([])
    #expect(try grove.down("a").outcome == .removed(branch: nil))
    #expect(String(decoding: try FilePath("\(gate)-log").contents(), as: UTF8.self) == "a-1\n", "once")
  }

  @Test("Nothing is removed whose commands are not approved")
  func untrusted() throws {
    let grove = try Grove()
    try grove.up("a")
    grove.repository.environment["PREFLIGHT_TRUST"] = nil
    grove.plan.worktree.remove = [["true"]]
    #expect(try grove.down("a").outcome == .remove(.notApproved(1)))
    #expect(try grove.isThere("a"))
  }

  @Test("A file that the plan's commands leave behind keeps the worktree, and setup runs again then")
  func dirtiedByRemove() throws {
    let grove = try Grove()
    grove.plan.worktree.setup = [["touch", "server.log"]]
    grove.plan.worktree.remove = [["sh", "-c", "rm server.log; echo x > left"]]
    try grove.up("a")
    #expect(grove.codes(try grove.down("a")) == ["untracked"])
    #expect(try grove.up("a")["a"].setup == .done(ran: 1))
    #expect((grove.place("a") / "server.log").exists)
  }

  @Test("Links that 'up' has made are nobody's untracked files")
  func links() throws {
    let grove = try Grove()
    try grove.repository.write("settings", "s\n")
    grove.plan.worktree.links = ["settings"]
    try grove.up("a")
    #expect(try grove.repository.git(["status", "--porcelain"], in: grove.place("a")) == "?? settings")
    #expect(try grove.down("a").outcome == .removed(branch: nil))
    #expect(try grove.repository.read("settings") == "s\n")
  }

  @Test("A worktree with directories that nobody may write in, and other branches' settings, goes all the same")
  func hostile() throws {
    let grove = try Grove()
    try grove.up("a", "b")
    let closed = grove.place("a") / "closed.log"
    try closed.createDirectories()
    try (closed / "x").write([])
    try closed.setPermissions(0o500)
    try grove.finish("a")
    try grove.repository.git(["config", "branch.topic/a.description", "x"])
    try grove.repository.git(["config", "branch.topic/b.description", "y"])
    guard case .removed = try grove.down("a").outcome else { throw UnexpectedExit(description: "not refused") }
    #expect(try grove.repository.git(["config", "--get-regexp", "^branch"]) == "branch.topic/b.description y")
  }

  @Test("What somebody writes into a worktree in the last moment is put back with it")
  func lastMoment() throws {
    let grove = try Grove()
    try grove.up("a")
    let worktree = try grove.worktree("a")
    // As a removal leaves it that was killed when the directory was aside.
    let aside = grove.place("a").parent / ".tree a.removed-1"
    let record = RemovalRecord(
      name: worktree.gitDirectory.lastComponent.bytes, path: worktree.path, aside: aside, branch: worktree.branch,
      mergedTip: nil, forced: [])
    try RemovalRecords(grove.layout()).begin(record)
    try worktree.path.rename(to: aside)
    try (aside / "mine").write(Array("mine\n".utf8))
    let entries = try grove.removal().finishBegun()
    #expect(entries.map { grove.codes($0) } == [["untracked"]])
    #expect(try grove.isThere("a") && grove.repository.read("mine", in: grove.place("a")) == "mine\n")
    try (grove.place("a") / "mine").remove()
    try RemovalRecords(grove.layout()).begin(record)
    try worktree.path.rename(to: aside)
    #expect(try grove.removal().finishBegun().map(\.outcome) == [.removed(branch: nil)])
    #expect(!aside.exists && !grove.place("a").exists)
  }
}
