import Git
import Inspection
import Rules
import TestSupport
import Testing

@Suite("Pushes")
struct PushTests {
  private func push(_ branch: String, of hive: TestHive) throws -> [Finding] {
    let tip = try hive.repository.tip(branch)
    let none = String(repeating: "0", count: 40)
    let line = "refs/heads/\(branch) \(tip) refs/heads/\(branch) \(none)"
    let reference = try #require(PushedReference(line: Array(line.utf8)))
    return try PushRules(hive.situation(in: hive.b), remote: "../origin").findings(for: [reference])
  }

  @Test("A stream answers for its own commits, not for those of a trunk that the remote has not yet")
  func unpushedTrunk() throws {
    let hive = try TestHive()
    try hive.repository.commit("build: trunk's own work, which waits (T-3)")
    try hive.repository.git(["merge", "--quiet", "--ff-only", "main"], in: hive.b)
    #expect(try push("stream/b", of: hive).isEmpty)
    try hive.repository.commit("feat: b's work (T-3)", in: hive.b)
    #expect(try push("stream/b", of: hive).map(\.rule) == ["depends"])
    try hive.repository.commit("feat: b's other work", in: hive.b)
    #expect(try push("stream/b", of: hive).map(\.rule) == ["message.issue", "depends"])
  }
}
