import Foundation
import Plan
import Testing

@testable import PlanFile

@Suite("The rounds of the Live Services plan")
struct LiveServicesRoundsTests {
  private let text: String

  init() throws {
    let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/live-services.toml")
    text = try String(contentsOf: fixture, encoding: .utf8)
  }

  private func plan(_ rounds: String = "") throws -> Plan {
    let document = PlanDocument(Array((rounds + text).utf8), file: "preflight.toml", rules: ["ownership", "exports.x"])
    return try #require(document.plan, "\(document.faults)")
  }

  /// As the plan was written by hand, before anybody computed it.
  private let written = """
    rounds = [
      ["ws6", "SMI-1582", "SMI-1454"],
      ["SMI-1583", "SMI-1584", "SMI-1456", "SMI-1446", "SMI-1449", "SMI-1450", "SMI-1556", "SMI-1447"],
      ["SMI-1457", "SMI-1448", "SMI-1453"],
      ["SMI-1452", "SMI-1455"],
    ]

    """

  @Test("Three rounds suffice, because of chains of three issues")
  func three() throws {
    let rounds = MergeRounds(try plan())
    #expect(
      rounds.rounds == [
        [
          "SMI-1582", "SMI-1583", "SMI-1584", "SMI-1454", "SMI-1446", "SMI-1449", "SMI-1450", "SMI-1556", "SMI-1447",
          "SMI-1451", "SMI-1585",
        ], ["SMI-1456", "SMI-1448", "SMI-1453"], ["SMI-1457", "SMI-1452", "SMI-1455"],
      ])
    #expect(rounds.fewest == 3)
    #expect(rounds.longestChain == ["SMI-1454", "SMI-1456", "SMI-1457"])
    #expect(!rounds.isWritten && rounds.early.isEmpty)
  }

  @Test("The four rounds that the plan wrote are followed, and it is said which issues they hold back")
  func four() throws {
    let rounds = MergeRounds(try plan(written))
    #expect(rounds.rounds.map(\.count) == [4, 8, 3, 2])
    #expect(rounds.isWritten && rounds.fewest == 3)
    #expect(rounds.round(of: "SMI-1582") == 1 && rounds.round(of: "SMI-1583") == 2)
    #expect(rounds.round(of: "SMI-1451") == 1, "with its stream")
    #expect(
      rounds.early.map { "\($0.issue) \($0.written) \($0.possible)" } == [
        "SMI-1583 2 1", "SMI-1584 2 1", "SMI-1446 2 1", "SMI-1448 3 2", "SMI-1452 4 3", "SMI-1449 2 1", "SMI-1450 2 1",
        "SMI-1455 4 3", "SMI-1556 2 1", "SMI-1447 2 1", "SMI-1453 3 2",
      ])
  }

  @Test("The critical path is Database's, with its estimate, and becomes shorter with what is done")
  func criticalPath() throws {
    let path = CriticalPath(try plan())
    #expect(path.issues == ["SMI-1446", "SMI-1448", "SMI-1452"])
    #expect(path.estimate == 5...7)
    let rest = CriticalPath(try plan(), done: ["SMI-1446", "SMI-1448", "SMI-1452"])
    #expect(rest.issues == ["SMI-1454", "SMI-1456", "SMI-1457"])
    #expect(rest.estimate == 3...4)
    #expect(CriticalPath(try plan(), done: Set(try plan().streams.flatMap(\.issues).map(\.id))).issues == [])
  }

  @Test("Of a branch that carries issues of several rounds what may merge now is shown, and what waits")
  func partial() throws {
    let plan = try plan(written)
    var facts = StreamFacts()
    facts.hasCommits = true
    facts.carried = ["SMI-1582", "SMI-1583"]
    var other = facts
    other.carried = ["SMI-1455", "SMI-1449"]
    let next = NextMerges(
      plan, rounds: MergeRounds(plan), done: [], merged: [], facts: ["ws1": facts, "ws4": other])
    #expect(next.candidates.map(\.stream) == ["ws1"])
    #expect(next.candidates[0].issues == ["SMI-1582"])
    #expect(next.candidates[0].later.map(\.issue) == ["SMI-1583"])
    #expect(next.candidates[0].later[0].isRoundOnly)
    let waiting = next.waiting.first { $0.stream == "ws4" }?.reason
    guard case .waits(let waits)? = waiting else {
      Issue.record("\(String(describing: waiting))")
      return
    }
    #expect(waits.map(\.issue) == ["SMI-1449", "SMI-1455"])
    #expect(waits[1].on == ["SMI-1448"] && !waits[1].isRoundOnly)
  }
}
