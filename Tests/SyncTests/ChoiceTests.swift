import Git
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

@Suite("Elsewhere, here and afresh")
struct ChoiceTests {
  private func run(_ hive: Hive, in place: FilePath? = nil, _ set: (inout SyncRun.Options) -> Void) throws -> SyncReport
  {
    var options = Hive.options
    set(&options)
    return try hive.run(options, in: place).run()
  }

  @Test("A commit named in trunk's place takes the chosen stream, and nothing is concluded from it for later")
  func onto() throws {
    let hive = try Hive("ws1", "ws2")
    let start = try hive.repository.tip("main")
    try hive.commit("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    try hive.sync()
    let trunk = try hive.repository.tip("main")
    // Back to an older trunk: only the stream's own commit goes.
    let back = try run(hive) {
      $0.onto = "main~1"
      $0.streams = ["ws1"]
    }
    #expect(back.move("ws1")?.onto == start)
    #expect(back.entries.count == 1)
    #expect(try hive.repository.tip("ws1~1") == start)
    #expect(try hive.repository.tip("ws2") == trunk)
    #expect(try StreamBases(hive.layout()).recorded(for: "refs/heads/ws1") == trunk)
    #expect(try hive.sync().move("ws1")?.replayed == 1)
    #expect(try hive.repository.tip("ws1~1") == trunk)
  }

  @Test("A stream put onto another by name brings that one's commits along to trunk")
  func ontoAnother() throws {
    let hive = try Hive("ws1", "ws2")
    try hive.commit("ws1")
    try hive.commit("ws2")
    _ = try run(hive) {
      $0.onto = "ws1"
      $0.streams = ["ws2"]
    }
    #expect(try hive.repository.tip("ws2~1") == hive.repository.tip("ws1"))
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    #expect(try hive.sync().move("ws2")?.replayed == 2)
    #expect(try hive.repository.read("ws1.txt", in: hive.place("ws2")) == "ws1\n")
  }

  @Test("A name in trunk's place that is no commit moves nothing, and a strange history is named")
  func ontoNothing() throws {
    let hive = try Hive("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    #expect(try run(hive) { $0.onto = "nowhere" }.state == .noTarget("nowhere"))
    #expect(try run(hive) { $0.onto = "main:shared.txt" }.state == .noTarget("main:shared.txt"))
    let tree = try hive.repository.git(["rev-parse", "main^{tree}"])
    let lone = try hive.repository.git(["commit-tree", "-m", "lone", Argument(tree)])
    #expect(try run(hive) { $0.onto = lone }.reason("ws1") == .unrelated)
    #expect(try !hive.isOnTrunk("ws1"))
  }

  @Test("While trunk has diverged, a commit named in its place is still a place to go")
  func ontoWhileDiverged() throws {
    let hive = try Hive("ws1")
    try hive.repository.commit("feat: theirs")
    try hive.repository.git(["update-ref", "refs/remotes/origin/main", "main"])
    try hive.repository.git(["reset", "--quiet", "--hard", "main~1"])
    try hive.repository.commit("feat: ours", ["ours.txt": "o\n"])
    #expect(try run(hive) { $0.onto = "origin/main" }.move("ws1")?.onto == hive.repository.tip("origin/main"))
  }

  @Test("Here means the worktree that we stand in, and trunk's move stays open for the others")
  func here() throws {
    let hive = try Hive("ws1", "ws2")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try run(hive, in: hive.place("ws2")) { $0.onlyCurrent = true }
    #expect(report.entries.map(\.branch) == ["refs/heads/ws2"])
    #expect(try hive.isOnTrunk("ws2") && !hive.isOnTrunk("ws1"))
    #expect(try TrunkWatch(hive.layout()).isSyncNeeded())
  }

  @Test("A fresh start has the stream's own commits on trunk, in a worktree of its own; the old one is not touched")
  func afresh() throws {
    let hive = try Hive("ws1")
    try hive.commit("ws1")
    try hive.repository.write("shared.txt", "half done\n", in: hive.place("ws1"))
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let before = try hive.fingerprint("ws1")
    let report = try hive.run().startAfresh(from: "refs/heads/ws1")
    let place = hive.repository.surroundings / "ws1-fresh"
    #expect(report.startedFrom == "refs/heads/ws1")
    #expect(report.entries.map(\.path) == [place])
    #expect(report.move("ws1-fresh")?.replayed == 1)
    #expect(try hive.repository.tip("ws1-fresh~1") == hive.repository.tip("main"))
    #expect(try hive.repository.read("shared.txt", in: place) == "1\n2\n3\n")
    #expect(try hive.repository.git(["status", "--porcelain"], in: place) == "")
    #expect(try hive.fingerprint("ws1") == before)
    // Once more: nothing that is there is used again.
    let second = try hive.run().startAfresh(from: "refs/heads/ws1")
    #expect(second.entries.first?.branch == "refs/heads/ws1-fresh-2")
    #expect(try hive.fingerprint("ws1") == before)
  }

  @Test("A fresh start that conflicts leaves its worktree clean at the stream's tip, where the named rebase goes on")
  func afreshConflict() throws {
    let hive = try Hive("ws1")
    let tip = try hive.commit("ws1", ["shared.txt": "mine\n"])
    try hive.repository.commit("feat: trunk", ["shared.txt": "theirs\n"])
    let before = try hive.fingerprint("ws1")
    let conflict = try #require(try hive.run().startAfresh(from: "refs/heads/ws1").conflict("ws1-fresh"))
    let place = hive.repository.surroundings / "ws1-fresh"
    #expect(try hive.repository.tip("HEAD", in: place) == tip)
    #expect(try hive.repository.git(["status", "--porcelain"], in: place) == "")
    #expect(try hive.fingerprint("ws1") == before)
    let rebase = try hive.repository.attempt(
      "git", ["rebase", "--no-fork-point", "--onto", "\(conflict.onto)", "\(conflict.base)"], in: place)
    #expect(rebase.status == 1)
    #expect(try hive.repository.read("shared.txt", in: place).contains("<<<<<<<"))
  }

  @Test("A post-checkout hook that fails stops no fresh start, and a place that cannot be made leaves no branch behind")
  func afreshAgainstOdds() throws {
    let hive = try Hive("ws1")
    try hive.commit("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let hook = hive.repository.path / ".git/hooks/post-checkout"
    try hook.parent.createDirectories()
    try hook.write(Array("#!/bin/sh\nexit 1\n".utf8), permissions: 0o755)
    #expect(try hive.run().startAfresh(from: "refs/heads/ws1").move("ws1-fresh") != nil)
    if CurrentProcess.user == 0 { return }  // nothing is forbidden to root
    let closed = hive.repository.surroundings / "closed"
    try closed.createDirectories()
    try closed.setPermissions(0o555)
    hive.plan.worktree.directory = "../closed"
    try hive.repository.git(["branch", "--quiet", "lone", "ws1"])
    #expect(throws: (any Error).self) { try hive.run().startAfresh(from: "refs/heads/lone") }
    #expect(try hive.repository.git(["branch", "--list", "lone*"]) == "  lone")
  }

  @Test("A fresh start whose files a filter refuses to write leaves neither branch nor worktree behind")
  func afreshWithoutFilter() throws {
    let hive = try Hive("ws1")
    try hive.commit("ws1", [".gitattributes": "*.enc filter=lock\n", "a.enc": "secret\n"])
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    for (key, value) in [("clean", "cat"), ("smudge", "false"), ("required", "true")] {
      try hive.repository.git(["config", "filter.lock.\(key)", Argument(value)])
    }
    let before = try hive.fingerprint("ws1")
    #expect(throws: (any Error).self) { try hive.run().startAfresh(from: "refs/heads/ws1") }
    #expect(try hive.repository.git(["branch", "--list", "ws1-fresh*"]) == "")
    #expect(!(hive.repository.surroundings / "ws1-fresh").exists)
    #expect(try hive.fingerprint("ws1") == before)
  }

  @Test("A fresh start needs no worktree of the stream, and none is made to look at it, nor where nothing is behind")
  func afreshWithoutWorktree() throws {
    let hive = try Hive()
    try hive.repository.git(["branch", "feature/lone"])
    hive.plan.worktree.directory = "../trees"
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    var options = Hive.options
    options.isDryRun = true
    let place = hive.repository.surroundings / "trees/lone-fresh"
    let prediction = try hive.run(options).startAfresh(from: "refs/heads/feature/lone")
    #expect(prediction.state == .predicted)
    #expect(prediction.predicted.map(\.path) == [place])
    #expect(!place.exists)
    #expect(try hive.repository.git(["branch", "--list", "*fresh*"]) == "")
    #expect(try hive.run().startAfresh(from: "refs/heads/feature/lone").moved.count == 1)
    #expect(place.isDirectory)
    #expect(try hive.run().startAfresh(from: "refs/heads/feature/lone-fresh").reason("feature/lone-fresh") == .upToDate)
  }
}
