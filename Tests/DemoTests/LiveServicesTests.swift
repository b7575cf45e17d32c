import PlanFile
import Rules
import Testing

@testable import Demo

@Suite("The Live Services story")
struct LiveServicesTests {
  @Test("Its plan has six streams, seventeen issues, and no fault")
  func plan() throws {
    let rules = RuleTable.entries.map(\.rule.rawValue)
    let document = PlanDocument(Array(LiveServicesPlan.text.utf8), file: "preflight.toml", rules: rules)
    #expect(document.faults.filter { $0.severity == .error }.isEmpty)
    let plan = try #require(document.plan)
    #expect(plan.streams.count == 6)
    #expect(plan.streams.flatMap(\.issues).count == 17)
  }

  @Test("Every refusal is followed by its hint being pasted, before anything else is typed")
  func refusals() {
    let steps = LiveServices.scenes.flatMap(\.steps)
    let refused = steps.indices.filter { steps[$0].expectation.output.contains("hint: ") }
    #expect(refused.count == 4)
    #expect(refused.allSatisfy { steps[$0 + 1].action == .pasteHint && steps[$0 + 1].expectation.status == 0 })
  }

  @Test("Every sentence fits on a line of 80 columns")
  func sentences() {
    let sentences = LiveServices.scenes.flatMap { $0.steps.map(\.intention) + ["0. " + $0.title] }
    #expect(sentences.allSatisfy { $0.count <= 80 })
    #expect(LiveServices.epilogue.allSatisfy { $0.width <= 80 })
  }
}
