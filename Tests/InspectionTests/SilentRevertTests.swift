import Git
import Inspection
import Platform
import Rules
import StateFiles
import Sync
import TestSupport
import Testing

@Suite("revert.silent: where a branch takes back what it was brought onto")
struct SilentRevertTests {
  private static let text = "1\n2\n3\n4\n5\n6\n7\n"
  private static let changed = "1\n2\nthree\n4\n5\n6\n7\n"

  private let hive: TestHive
  private var repository: TestRepository { hive.repository }
  private let start: ObjectID

  init() throws {
    hive = try TestHive()
    start = try hive.repository.commit("feat: text", ["free/text": Self.text])
    for place in [hive.a, hive.b] { try hive.repository.git(["merge", "--quiet", "--ff-only", "main"], in: place) }
  }

  /// Trunk changes a line, and stream a's worktree comes onto it, by a sync where a tip is given.
  @discardableResult
  private func moveTrunk(
    _ files: [String: String?] = ["free/text": changed], bySync: Bool = true, in place: FilePath? = nil
  ) throws -> ObjectID {
    let bases = StreamBases(try RepositoryLayout(around: repository.path))
    let old = try repository.tip("stream/a")
    let base = try repository.tip("main")
    try bases.record(base, for: "refs/heads/stream/a")
    let commit = try repository.commit("feat: theirs", files)
    try repository.git(["rebase", "--quiet", "main"], in: hive.a)
    try bases.record(commit, for: "refs/heads/stream/a", movedFrom: bySync ? old : nil)
    return commit
  }

  private func reverts(_ findings: [Finding]) -> [Finding] { findings.filter { $0.rule == RevertSilentRule.id } }

  private func staged(_ files: [String: String]) throws -> [Finding] {
    try reverts(hive.findings(staging: files, in: hive.a))
  }

  private func committed() throws -> [Finding] {
    let situation = try hive.situation(in: hive.a)
    return try reverts(ChangeRules(situation, situation.wholeChange()).findings())
  }

  @Test("An old copy that is written back is an error where a sync had brought the new one, and names its commit")
  func oldCopy() throws {
    let theirs = try moveTrunk()
    let findings = try staged(["free/text": Self.text])
    #expect(findings.map(\.severity) == [.error])
    #expect(findings.first?.line == nil)
    #expect(
      findings.first?.message.text
        == "takes back \(theirs.abbreviated) (feat: theirs), which a sync brought here, and no message says so")
  }

  @Test("The same lines taken back beside other edits, at their line; a warning where no sync brought them")
  func lines() throws {
    try moveTrunk(bySync: false)
    let findings = try staged(["free/text": Self.text + "mine\n"])
    #expect(findings.map(\.severity) == [.warning])
    #expect(findings.first?.line == 3)
    #expect(findings.first?.message.text.contains("sync") == false)
  }

  @Test("Several moves later the one that brought the lines counts, and its commit is named")
  func severalMoves() throws {
    let first = try moveTrunk()
    try moveTrunk(["free/other": "o\n"], bySync: false)
    let last = try moveTrunk(["free/text": "1\n2\nthree\n4\nfive\n6\n7\n"], bySync: false)
    let both = try staged(["free/text": Self.text + "mine\n"])
    // The newest passage in which anything came is the one that is judged.
    #expect(both.map(\.severity) == [.warning])
    #expect(both.first?.message.text.contains(last.abbreviated) == true)
    let old = try staged(["free/text": "1\n2\n3\n4\nfive\n6\n7\n"])
    #expect(old.map(\.severity) == [.error])
    #expect(old.first?.message.text.contains(first.abbreviated) == true)
  }

  @Test("A file that came and is deleted, and one that went and is back")
  func wholeFiles() throws {
    try moveTrunk(["free/new": "n\n", "free/text": nil])
    try repository.git(["rm", "--quiet", "free/new"], in: hive.a)
    let findings = try staged(["free/text": Self.text])
    #expect(Set(findings.summary) == ["revert.silent free/new", "revert.silent free/text"])
  }

  @Test("Nothing is said where no earlier base is recorded, on trunk, of other edits and of what is trunk's own")
  func silent() throws {
    #expect(try staged(["free/text": Self.changed]).isEmpty)
    try repository.git(["reset", "--quiet", "--hard"], in: hive.a)
    try moveTrunk()
    #expect(try staged(["free/text": "1\n2\ndrei\n4\n5\n6\n7\n"]).isEmpty)
    #expect(try staged(["free/text": Self.changed + "mine\n"]).isEmpty)
    try repository.write("free/text", Self.text)
    try repository.git(["add", "."])
    let situation = try hive.situation()
    #expect(try reverts(ChangeRules(situation, situation.stagedChange()).findings()).isEmpty)
  }

  @Test("A commit that says that it reverts may; one that does not is named with what it takes back")
  func messages() throws {
    try moveTrunk()
    try repository.git(["revert", "--no-commit", "HEAD"], in: hive.a)
    #expect(try staged([:]).isEmpty)
    try repository.git(["commit", "--quiet", "--no-verify", "--no-edit"], in: hive.a)
    #expect(try committed().isEmpty)
    // What is there is not said again of the next commit to the same file.
    #expect(try staged(["free/text": Self.text + "mine\n"]).isEmpty)
    try repository.git(["reset", "--quiet", "--hard"], in: hive.a)
    try repository.git(["commit", "--quiet", "--amend", "--no-verify", "-m", "feat: mine"], in: hive.a)
    let mine = try repository.tip("stream/a")
    try repository.commit("feat: more", ["free/text": Self.text + "mine\n"], in: hive.a)
    let findings = try committed()
    #expect(findings.map(\.commit) == [mine])
    #expect(findings.map(\.severity) == [.error])
  }

  @Test("A stream that takes its own work back, which trunk has got from it, is left alone")
  func ownWork() throws {
    try repository.commit("feat: mine", ["free/text": Self.changed], in: hive.a)
    try moveTrunk()
    #expect(try staged(["free/text": Self.text]).isEmpty)
    #expect(try staged(["free/text": Self.text + "more\n"]).isEmpty)
  }

  @Test("Records of a history that was rewritten since, or whose commits are gone, count for nothing")
  func strangeRecords() throws {
    try moveTrunk()
    let bases = StreamBases(try RepositoryLayout(around: repository.path))
    let branch = "refs/heads/stream/a"
    #expect(try bases.history(of: branch).count == 2)
    let lone = try repository.git(["commit-tree", "-m", "lone", "\(start)^{tree}"])
    try bases.record(try #require(ObjectID(hex: lone)), for: branch)
    #expect(try staged(["free/text": Self.text]).isEmpty)
    try bases.forget(branch)
    try bases.record(try #require(ObjectID(hex: String(repeating: "b", count: 40))), for: branch)
    try bases.record(try repository.tip("main"), for: branch)
    #expect(try staged(["free/text": Self.text]).isEmpty)
  }
}
