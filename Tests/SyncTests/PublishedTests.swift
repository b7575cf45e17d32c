import Git
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

@Suite("Branches that the remote has")
struct PublishedTests {
  /// With a bare `origin` that has trunk and the branch of `ws1`, which has a commit of its own.
  private func hive() throws -> (hive: Hive, origin: TestRepository) {
    let hive = try Hive("ws1")
    let origin = try TestRepository(cloning: hive.repository, name: "origin", options: ["--bare"])
    try hive.repository.git(["remote", "add", "origin", Argument(origin.path)])
    try hive.commit("ws1")
    try hive.repository.git(["push", "--quiet", "origin", "main", "ws1"])
    return (hive, origin)
  }

  private func moveTrunk(_ hive: Hive, _ text: String = "t") throws {
    try hive.repository.commit("feat: \(text)", ["\(text).txt": "\(text)\n"])
  }

  private func push(_ hive: Hive) throws -> SyncReport {
    let run = hive.run()
    var report = try run.run()
    try run.push(&report)
    return report
  }

  @Test("The lease of a branch that was moved twice since its push is what the remote has, until that is pushed")
  func leases() throws {
    let (hive, origin) = try hive()
    let published = try hive.repository.tip("ws1")
    for text in ["a", "b"] {
      try moveTrunk(hive, text)
      #expect(try hive.sync().push("ws1")?.publication.tracking.target == published)
    }
    try hive.commit("ws1", ["more.txt": "m\n"], message: "feat: more")
    let report = try push(hive)
    #expect(report.entries.map(\.pushOutcome) == [nil, .done])
    #expect(try origin.tip("ws1") == hive.repository.tip("ws1"))
    #expect(try hive.sync().push("ws1") == nil)
  }

  @Test("A branch whose remote has commits that were never here is left, until they are taken in")
  func behindRemote() throws {
    let (hive, origin) = try hive()
    let clone = try TestRepository(cloning: origin, name: "clone", options: ["--branch=ws1"])
    try clone.commit("feat: from elsewhere", ["elsewhere.txt": "e\n"])
    try clone.git(["push", "--quiet", "origin", "ws1"])
    try hive.repository.git(["fetch", "--quiet", "origin"])
    try moveTrunk(hive)
    let before = try hive.fingerprint("ws1")
    let report = try hive.sync()
    guard case .behindRemote(let there)? = report.reason("ws1") else { return #expect(Bool(false), "\(report)") }
    #expect(there.tracking.target == (try clone.tip("ws1")))
    #expect(report.due.count == 1)
    #expect(report.push("ws1") == nil)
    #expect(try hive.fingerprint("ws1") == before)
    try hive.repository.git(["rebase", "--quiet", "--no-fork-point", "refs/remotes/origin/ws1"], in: hive.place("ws1"))
    #expect(try hive.sync().move("ws1") != nil)
  }

  @Test("A branch that its owner has amended since the push was had here, and moves")
  func amended() throws {
    let (hive, _) = try hive()
    let published = try hive.repository.tip("ws1")
    try hive.repository.git(
      ["commit", "--quiet", "--amend", "--no-verify", "-m", "feat: better"], in: hive.place("ws1"))
    try moveTrunk(hive)
    #expect(try hive.sync().push("ws1")?.publication.tracking.target == published)
  }

  @Test("A push that somebody else was faster than is refused by the lease, and nothing is overwritten")
  func stale() throws {
    let (hive, origin) = try hive()
    try moveTrunk(hive)
    try hive.sync()
    let clone = try TestRepository(cloning: origin, name: "clone", options: ["--branch=ws1"])
    let theirs = try clone.commit("feat: from elsewhere", ["elsewhere.txt": "e\n"])
    try clone.git(["push", "--quiet", "origin", "ws1"])
    let report = try push(hive)
    #expect(report.refusedPushes.count == 1)
    #expect(try origin.tip("ws1") == theirs)
  }

  @Test("The push goes where git would push: another remote, another name, and never to trunk")
  func places() throws {
    let (hive, _) = try hive()
    let repository = hive.repository
    func publication() throws -> Publication? {
      try repository.open().publication(of: "refs/heads/ws1", trunk: hive.names)
    }
    #expect(try publication()?.remote == "origin")
    let fork = try TestRepository(cloning: repository, name: "fork", options: ["--bare"])
    try repository.git(["remote", "add", "my/fork", Argument(fork.path)])
    try repository.git(["config", "remote.pushDefault", "my/fork"])
    #expect(try publication() == nil)
    try repository.git(["fetch", "--quiet", "my/fork"])
    #expect(try publication()?.tracking.name == "refs/remotes/my/fork/ws1")
    #expect(try publication()?.branch == "refs/heads/ws1")
    try repository.git(["config", "branch.ws1.pushRemote", "origin"])
    #expect(try publication()?.remote == "origin")
    try repository.git(["config", "push.default", "upstream"])
    try repository.git(["branch", "--quiet", "--set-upstream-to=origin/main", "ws1"])
    #expect(try publication() == nil)
    try repository.git(["push", "--quiet", "origin", "ws1:refs/heads/other"])
    try repository.git(["branch", "--quiet", "--set-upstream-to=origin/other", "ws1"])
    #expect(try publication()?.branch == "refs/heads/other")
  }

  @Test("A branch whose push would only go forward needs no lease")
  func forward() throws {
    let hive = try Hive("ws1")
    try hive.repository.git(["update-ref", "refs/remotes/origin/ws1", "ws1"])
    try moveTrunk(hive)
    let report = try hive.sync()
    #expect(report.move("ws1") != nil)
    #expect(report.push("ws1") == nil)
  }
}
