import Git
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

@Suite("Streams that stand on streams")
struct StackTests {
  /// `top` stands on `low` with a commit of its own, and `low` on `main` with two.
  private func hive() throws -> Hive {
    let hive = try Hive("low")
    try hive.commit("low", ["low.txt": "1\n"], message: "feat: low one")
    try hive.commit("low", ["low.txt": "2\n"], message: "feat: low two")
    try hive.repository.addWorktree("top", branch: "top", from: "low")
    try hive.commit("top")
    hive.plan.streams = [stream("top", "top", base: "low"), stream("low", "low")]
    try hive.run().recordPresentState()
    return hive
  }

  private func subjects(_ hive: Hive, _ branch: String = "top") throws -> [String] {
    try hive.repository.git(["log", "--format=%s", Argument("main..\(branch)")]).split(separator: "\n").map(String.init)
  }

  private let own = ["feat: top"]
  private let stacked = ["feat: top", "feat: low two", "feat: low one"]

  @Test("A commit of the one below brings the one above along, without trunk having moved; and then nobody asks again")
  func parentGrows() throws {
    let hive = try hive()
    #expect(try !TrunkWatch(hive.layout()).isSyncNeeded())
    try hive.commit("low", ["low.txt": "3\n"], message: "feat: low three")
    #expect(try TrunkWatch(hive.layout()).isSyncNeeded())
    #expect(try hive.sync().moved.map(\.branch) == ["refs/heads/top"])
    #expect(try subjects(hive) == ["feat: top", "feat: low three", "feat: low two", "feat: low one"])
    #expect(try !TrunkWatch(hive.layout()).isSyncNeeded())
  }

  @Test(
    "When trunk moves both move, the one above with its own commit only, and our own move is no reason to ask again")
  func trunkMoves() throws {
    let hive = try hive()
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try hive.sync()
    #expect(report.entries.map(\.branch).prefix(2) == ["refs/heads/top", "refs/heads/low"])
    #expect(report.move("low")?.replayed == 2)
    #expect(report.move("top")?.replayed == 1)
    #expect(try subjects(hive) == stacked)
    #expect(try hive.repository.tip("top~1") == hive.repository.tip("low"))
    #expect(try !TrunkWatch(hive.layout()).isSyncNeeded())
  }

  /// How the one below gets onto trunk.
  enum Landing: String, CaseIterable, CustomTestStringConvertible {
    case merge = "merge --no-ff low"
    case forward = "merge --ff-only low"
    case squash = "merge --squash low"
    case rebase = "cherry-pick main..low"

    var testDescription: String { rawValue }
  }

  @Test(
    "Once the one below has landed the one above stands on trunk with its own commit, the branch being there or gone",
    arguments: Landing.allCases, ["there", "gone", "without a worktree"])
  func parentLands(landing: Landing, branch: String) throws {
    let hive = try hive()
    let repository = hive.repository
    try repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    if landing == .forward { try repository.git(["reset", "--quiet", "--hard", "main~1"]) }
    try repository.git(landing.rawValue.split(separator: " ").map { Argument(String($0)) })
    if landing == .squash { try repository.commit("feat: low (#14)") }
    if branch != "there" { try repository.git(["worktree", "remove", Argument(hive.place("low"))]) }
    if branch == "gone" { try repository.git(["branch", "--quiet", "-D", "low"]) }
    let report = try hive.sync()
    if landing == .forward {
      #expect(report.reason("top") == .upToDate)  // trunk has come to it
    } else {
      #expect(report.move("top")?.replayed == 1, "\(report)")
    }
    #expect(try subjects(hive) == own)
    #expect(try repository.tip("top~1") == repository.tip("main"))
    #expect(try hive.sync().moved.isEmpty)
  }

  @Test(
    "Where the one below was rewritten by hand, its old commits are not taken for the other's",
    arguments: [true, false])
  func parentRewritten(trunkMovesToo: Bool) throws {
    let hive = try hive()
    if trunkMovesToo { try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"]) }
    try hive.repository.git(["reset", "--quiet", "--hard", "HEAD~2"], in: hive.place("low"))
    try hive.commit("low", ["low.txt": "9\n"], message: "feat: low anew")
    #expect(try hive.sync().move("top")?.replayed == 1)
    #expect(try subjects(hive) == ["feat: top", "feat: low anew"])
  }

  @Test("The one above waits for the one below")
  func parentStays() throws {
    let hive = try hive()
    try hive.repository.commit("feat: trunk", ["low.txt": "theirs\n"])
    let before = try hive.fingerprint("top")
    let report = try hive.sync()
    #expect(report.conflict("low") != nil)
    #expect(report.reason("top") == .waits(for: "low"))
    #expect(report.due.map(\.branch) == ["refs/heads/top"])
    #expect(try hive.fingerprint("top") == before)
  }

  @Test("Streams in a ring stand on nothing but trunk")
  func ring() throws {
    let hive = try hive()
    hive.plan.streams = [stream("top", "top", base: "low"), stream("low", "low", base: "top")]
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let report = try hive.sync()
    #expect(report.moved.count == 2)
    #expect(try subjects(hive, "low") == ["feat: low two", "feat: low one"])
    #expect(try subjects(hive) == own || subjects(hive) == stacked)
  }

  @Test("Put onto a commit by name, a stream leaves the one below, unless that goes there, too")
  func onto() throws {
    let hive = try hive()
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    var options = Hive.options
    options.onto = "main"
    options.streams = ["top"]
    #expect(try hive.run(options).run().move("top")?.replayed == 1)
    #expect(try hive.repository.tip("top~1") == hive.repository.tip("main"))
    options.streams = ["top", "low"]
    #expect(try hive.run(options).run().moved.count == 2)
    #expect(try hive.repository.tip("top~1") == hive.repository.tip("low"))
  }
}
