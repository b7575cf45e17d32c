import Git
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

@Suite("Asking, fetching, choosing")
struct RunTests {
  @Test("Before anything is recorded the answer is that nobody knows, afterwards files alone answer")
  func watch() throws {
    let hive = try Hive("ws1")
    let watch = TrunkWatch(try hive.layout(), environment: hive.repository.environment)
    #expect(try watch.answer() == .unrecorded)
    try hive.run().recordPresentState()
    #expect(try watch.answer() == .unmoved)
    // No git is asked: there is none in this PATH.
    var environment = hive.repository.environment
    environment["PATH"] = "/nowhere"
    #expect(try TrunkWatch(hive.layout(), environment: environment).answer() == .unmoved)
    try hive.repository.git(["pack-refs", "--all"])
    #expect(try watch.answer() == .unmoved)
    try hive.repository.git(["update-ref", "refs/remotes/origin/main", "main"])
    #expect(try watch.answer() == .moved)
  }

  @Test("A damaged record counts as none")
  func damagedRecord() throws {
    let hive = try Hive("ws1")
    let layout = try hive.layout()
    try layout.stateDirectory.createDirectories()
    for damage in ["", "\n", "nonsense"] {
      try (layout.stateDirectory / "synced").write(Array(damage.utf8))
      #expect(try TrunkWatch(layout).answer() == .unrecorded)
    }
  }

  @Test("A squash made in another clone arrives with the fetch that a sync by hand makes")
  func fetches() throws {
    let hive = try Hive("ws1", "ws2")
    let repository = hive.repository
    let origin = try TestRepository(cloning: repository, name: "origin", options: ["--bare"])
    try repository.git(["remote", "add", "origin", Argument(origin.path)])
    try hive.commit("ws1")
    try hive.commit("ws2")
    try repository.git(["push", "--quiet", "origin", "main", "ws1"])
    let clone = try TestRepository(cloning: origin, name: "clone")
    try clone.git(["merge", "--squash", "origin/ws1"])
    try clone.commit("feat: squashed (#14)")
    try clone.git(["push", "--quiet", "origin", "main"])

    #expect(try hive.sync().moved.isEmpty)
    var options = Hive.options
    options.fetches = true
    let report = try hive.run(options).run()
    #expect(report.fetchFailure == nil)
    #expect(report.trunk?.tip == (try clone.tip("main")))
    #expect(report.move("ws2")?.onto == (try clone.tip("main")))
    #expect(report.move("ws1")?.dropped.count == 1)
  }

  @Test("A remote that cannot be reached is said, and the rest is done")
  func fetchFails() throws {
    let hive = try Hive("ws1")
    try hive.repository.git(["remote", "add", "origin", Argument(hive.repository.surroundings / "nowhere")])
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    var options = Hive.options
    options.fetches = true
    let report = try hive.run(options).run()
    #expect(report.fetchFailure != nil)
    #expect(report.moved.count == 1)
  }

  @Test("A dry run says what would move, and writes nothing")
  func dryRun() throws {
    let hive = try Hive("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let before = try hive.repository.tip("ws1")
    var options = Hive.options
    options.isDryRun = true
    let report = try hive.run(options).run()
    #expect(report.state == .predicted)
    #expect(report.predicted.map(\.branch) == ["refs/heads/ws1"])
    #expect(try hive.repository.tip("ws1") == before)
    #expect(try !hive.layout().stateDirectory.exists)
  }

  @Test("A notice says once what would move")
  func notice() throws {
    let hive = try Hive("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let before = try hive.repository.tip("ws1")
    var options = Hive.options
    options.isNotice = true
    #expect(try hive.run(options).run().predicted.count == 1)
    #expect(try hive.repository.tip("ws1") == before)
    #expect(try !TrunkWatch(hive.layout()).isSyncNeeded())
  }

  @Test("Chosen streams move, by their id or their branch, and trunk's move stays open for the others")
  func chosen() throws {
    let hive = try Hive("ws1", "ws2", "ws3")
    hive.plan.streams = [stream("first", "ws1")]
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    var options = Hive.options
    options.streams = ["first", "ws2"]
    #expect(try hive.run(options).run().moved.map(\.branch) == ["refs/heads/ws1", "refs/heads/ws2"])
    #expect(try TrunkWatch(hive.layout()).isSyncNeeded())
    #expect(try hive.sync().moved.map(\.branch) == ["refs/heads/ws3"])
  }

  @Test("A recorded base counts while it is the stream's and not yet trunk's")
  func bases() throws {
    let hive = try Hive("ws1")
    let first = try hive.repository.tip("main")
    let branch = "refs/heads/ws1"
    let own = try hive.commit("ws1")
    let trunk = try hive.repository.commit("feat: trunk")
    let bases = StreamBases(try hive.layout())
    let repository = try hive.repository.open()
    func base() throws -> MergeBase { try bases.base(of: branch, tip: own, onto: trunk, in: repository) }
    #expect(try base() == .found(first))
    try bases.record(trunk, for: branch)  // no ancestor of the stream
    #expect(try base() == .found(first))
    try bases.record(own, for: branch)
    #expect(try base() == .found(own))
    try bases.record(try #require(ObjectID(hex: String(repeating: "a", count: 40))), for: branch)  // gone
    #expect(try base() == .found(first))
    try bases.forget(branch)
    #expect(try bases.recorded(for: branch) == nil)
  }

  @Test("A trunk that is nowhere is a state of the report")
  func noTrunk() throws {
    let hive = try Hive("ws1")
    let run = SyncRun(
      try hive.layout(), environment: hive.repository.environment, plan: hive.plan,
      names: TrunkNames(branch: "nowhere", remote: nil))
    #expect(try run.run().state == .noTrunk)
  }
}
