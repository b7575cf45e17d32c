import Plan
import Testing

@testable import PlanFile

@Suite("A setting as text")
struct PlanSettingTests {
  @Test(
    "Pasted into its table it is that setting",
    arguments: [
      .types(["feat", "a\"b", "é"]), .scopes([]), .scopes(["core", "a b"]), .requiresScope(true), .subjectLimit(120),
      .bodyLimit(72), .level(rule: "message.type", .warn), .level(rule: "ownership", .off),
    ] as [PlanSetting])
  func pasted(setting: PlanSetting) {
    let text = "[\(setting.table)]\n\(setting.text)\n"
    let document = PlanDocument(Array(text.utf8), file: "preflight.toml", rules: ["message.type", "ownership"])
    var expected = Plan()
    setting.apply(to: &expected)
    #expect(document.faults.isEmpty)
    #expect(document.plan == expected)
  }
}
