import Testing

@testable import PlanFile

@Suite("Keys that have no effect yet")
struct UnsupportedKeysTests {
  @Test("They are named with their place, and are no faults of the plan")
  func named() {
    let text = """
      [notify]
      retries = 2
      pushed = ["true"]

      [[shared]]
      paths = ["index.ts"]
      merge = "barrel"

      [finish]
      run = ["gh"]
      """
    let document = PlanDocument(Array(text.utf8), file: "preflight.toml", rules: [])
    #expect(document.faults.isEmpty)
    #expect(
      document.unsupported.map { "\($0.position.line):\($0.position.column) \($0.name)" }
        == ["1:2 notify", "9:2 finish"])
  }
}
