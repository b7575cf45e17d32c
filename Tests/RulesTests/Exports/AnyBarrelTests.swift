import Exports
import Plan
import TestSupport
import Testing

@testable import Rules

@Suite("The rules on exports are total")
struct AnyBarrelTests {
  private static let pieces = [
    "export * from './types.js'", LiveServices.database, LiveServices.security, "// WS3", "// SMI-1454", "export {",
    "} from './a'",
    "// export {", "//   a,", "// } from './a' // WS2", "`", "/*", "*/", "", "foo(); export {};", "\u{FEFF}", "\r", "}",
    "\0",
  ]

  @Test(
    "Whatever the sides hold, findings lie in the file and a side that is taken as it is has none",
    arguments: [nil, "ws2", "ws3"])
  func total(stream: String?) {
    let seed = SeededGenerator.announcedSeed()
    var state = seed
    func text() -> String {
      (0..<8).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Self.pieces[Int(state >> 33) % Self.pieces.count] + (state >> 40 & 7 == 0 ? "" : "\n")
      }.joined()
    }
    for _ in 0..<250 {
      let (base, staged, trunk, head) = (text(), text(), text(), text())
      let finished = base.utf8.last == 0x0A ? base : base + "\n"
      for policy in Plan.SharedFiles.StubPolicy.allCases {
        let findings = change(staged, base: base, head: head, trunk: trunk, stream: stream, policy: policy).findings
        let count = max(staged.utf8.count { $0 == 0x0A }, base.utf8.count { $0 == 0x0A }) + 1
        let isTotal =
          findings.allSatisfy { (1...count).contains($0.line ?? 0) && ($0.column ?? 0) > 0 }
          && change(trunk, base: base, head: head, trunk: trunk, stream: stream, policy: policy).findings == []
          && change(finished, base: base, head: head, trunk: trunk, stream: stream, policy: policy).findings == []
        guard isTotal else {
          Issue.record("seed \(seed), \(policy): \(base.debugDescription) to \(staged.debugDescription): \(findings)")
          return
        }
      }
    }
  }
}
