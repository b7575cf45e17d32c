import Foundation
import Platform
import TestSupport
import Testing

@Suite("preflight conflicts")
struct ConflictsCommandTests {
  /// Both streams have changed one line of the changelog: one in a commit, two not yet.
  private func hive() throws -> ArmedHive {
    let hive = try ArmedHive()
    try hive.type(
      """
      sed -i.old 's/^- c$/- one/' CHANGELOG.md && rm CHANGELOG.md.old && git commit -q -a -n -m 'docs: one (ABC-1)'
      cd ../two && sed -i.old 's/^- c$/- two/' CHANGELOG.md && rm CHANGELOG.md.old
      """, in: hive.one)
    return hive
  }

  @Test("The table counts, a packet tells what one needs to settle the file, and its commands can be pasted")
  func text() throws {
    let hive = try hive()
    let base = try hive.type("git rev-parse main").prefix(10)
    let tip = try hive.type("git rev-parse one").prefix(10)
    let outcome = try hive.outcome(of: "preflight conflicts --planned")
    #expect(
      outcome
        == CommandOutcome(
          status: 1,
          standardOutput: """
            #  stream  dirty  trunk  1  2
            1  one         -      -  .  1
            2  two         1      -  1  .
            1 conflict in 3 pairs

            conflict in CHANGELOG.md: one and two
              one First (ABC-1): line 5
                \(tip) docs: one (ABC-1)
              two Second (ABC-2): line 5
                not committed
            hint: to see one's: git -C \(hive.one) diff \(base) -- :/CHANGELOG.md
            hint: to see two's: git -C \(hive.two) diff \(base) -- :/CHANGELOG.md

            merge  stream  outcome
                1  two     merges
                2  one     conflicts in CHANGELOG.md
            the first that breaks is one: CHANGELOG.md with what two made of it

            """, standardError: ""))
    let hint = try #require(outcome.standardOutput.components(separatedBy: "hint: to see two's: ").last)
    let shown = try hive.type(String(hint.prefix { $0 != "\n" }))
    #expect(shown.contains("+- two"))
    #expect(try hive.outcome(of: "preflight conflicts --no-dirty").status == 0)
  }

  @Test("The JSON has every pair and every packet")
  func json() throws {
    let hive = try hive()
    let outcome = try hive.outcome(of: "preflight conflicts --json --planned")
    #expect(outcome.status == 1)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [String: Any]
    let document = try #require(object)
    #expect(document["version"] as? Int == 1)
    #expect((document["sides"] as? [[String: Any]])?.map { $0["id"] as? String } == [nil, "one", "two"])
    let pairs = try #require(document["pairs"] as? [[String: Any]])
    #expect(pairs.map { $0["verdict"] as? String } == ["clean", "clean", "conflict"])
    #expect(pairs.last?["files"] as? [String] == ["CHANGELOG.md"])
    let packet = try #require((document["conflicts"] as? [[String: Any]])?.first)
    let parts = try #require(packet["sides"] as? [[String: Any]])
    #expect(parts.map { $0["uncommitted"] as? Bool } == [false, true])
    let planned = try #require(document["planned"] as? [String: Any])
    #expect((planned["firstBreak"] as? [String: Any])?["side"] as? Int == 1)
  }

  @Test("Without a trunk nothing can be predicted: exit status 2")
  func noTrunk() throws {
    let repository = try TestRepository()
    try repository.git(["switch", "--quiet", "-c", "elsewhere"])
    try repository.commit("feat: start")
    let outcome = try repository.preflight("conflicts")
    #expect(outcome.status == 2)
    #expect(outcome.standardError.contains("no branch looks like trunk"))
  }
}
