import Foundation
import Plan
import Testing

@testable import PlanFile

@Test("smoke") func smoke() throws {
  let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/live-services.toml")
  let bytes = [UInt8](try Data(contentsOf: url))
  let document = PlanDocument(bytes, file: "preflight.toml", rules: ["ownership", "exports.foreign"])
  for fault in document.faults { print(fault, fault.hint ?? "") }
  #expect(document.plan != nil)
  var starter = StarterPlan()
  starter.streams = [.init(id: "a b", name: "x\u{202E}y\n", branch: Array("feat/a\"b\\c".utf8), directory: "d")]
  print(starter.text)
  for fault in document.faults(against: [
    Array("packages/core/src/db/schema.ts".utf8), Array("packages/core/src/index.ts".utf8),
  ]) { print(fault, fault.hint ?? "") }
}
