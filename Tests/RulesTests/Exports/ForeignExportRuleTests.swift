import Exports
import Rules
import Testing

@Suite("exports.foreign: other streams' stubs are left to them")
struct ForeignExportRuleTests {
  let barrel = LiveServices.barrel

  @Test("A stream's own stub is brought to life without a word")
  func own() {
    #expect(change(barrel.live(LiveServices.database)).findings == [])
  }

  @Test(
    "Another stream's stub that is brought to life is named with its owner, and the hint takes the file out of the commit"
  )
  func foreign() throws {
    let change = change(barrel.live(LiveServices.security), stream: "ws3")
    let finding = try #require(change.findings.first { $0.rule == "exports.foreign" })
    #expect(finding.severity == .error)
    #expect(finding.line == 8)
    #expect(finding.column == 1)
    #expect(finding.message.text == "'./security/scanner.js' is reserved for 'ws2' and is brought to life here")
    #expect(finding.message.hint == "git restore --staged -- :/packages/core/src/index.ts")
    #expect(change.places("exports.foreign").count == 1)
  }

  @Test("The hint fits where there is no commit yet, and at a push")
  func remedies() {
    let staged = barrel.live(LiveServices.security)
    let untrack = change(staged, remedy: .leaveOut(.first)).findings.first?.message.hint
    #expect(untrack == "git rm --cached -- :/packages/core/src/index.ts")
    let restore = change(staged, remedy: .restore(from: "1f2e")).findings.first?.message.hint
    #expect(
      restore
        == "git restore --source=1f2e --staged --worktree -- :/packages/core/src/index.ts && git commit -m 'fix: put back exports'"
    )
  }

  @Test(
    "A foreign block that is changed in any way is refused",
    arguments: [
      (LiveServices.security, "// export * from './security/scan.js'", "8:1"),
      (LiveServices.security + "\n", "", "8:1"),
      (LiveServices.security, "export { scan } from './security/scanner.js'", "8:1"),
      ("// Security (SMI-1454, SMI-1456) - to be implemented", "// Security (SMI-1454, SMI-1456) - done", "7:1"),
      (
        "// Security (SMI-1454, SMI-1456) - to be implemented",
        "// Security (SMI-1454, SMI-1456) - to be implemented\nexport {}", "8:1"
      ),
      ("// Security (SMI-1454, SMI-1456) - to be implemented\n// export * from './security/scanner.js'\n\n", "", "7:1"),
    ])
  func changed(old: String, new: String, place: String) {
    #expect(change(barrel.with(old, new), stream: "ws3").places("exports.foreign") == [place])
    #expect(
      change(barrel.with(old, new), stream: nil).places("exports.foreign") == [place],
      "a branch without a plan owns nothing")
    #expect(change(barrel.with(old, new), stream: "ws2").places("exports.foreign") == [])
    #expect(change(barrel.with(old, new), stream: "ws3", isTrunk: true).places("exports.foreign") == [])
    #expect(change(barrel.with(old, new), stream: "ws3", policy: .off).findings == [])
  }

  @Test("A live twin beside the stub brings it to life as well")
  func twin() {
    #expect(change(barrel + "export * from './security/scanner.js'\n").places("exports.foreign") == ["12:1"])
  }

  @Test("With two owners either may")
  func twoOwners() {
    let base = "// Shared by WS1 and WS3:\n// export * from './types.js'\n"
    for (stream, count) in [("ws1", 0), ("ws3", 0), ("ws2", 1)] {
      let change = change(
        base.live("// export * from './types.js'"), base: base, head: base, trunk: base, stream: stream)
      #expect(change.places("exports.foreign").count == count)
    }
  }

  @Test("Among neighbours each stub has its trailing owner")
  func neighbours() {
    let base = "// export * from './types.js' // WS1\n// export * from './security/scanner.js' // WS2\n"
    let staged = base.live("// export * from './types.js'")
    #expect(change(staged, base: base, head: base, trunk: base, stream: "ws1").findings == [])
    #expect(change(staged, base: base, head: base, trunk: base, stream: "ws2").places("exports.foreign") == ["1:1"])
  }

  @Test("The second stub of a block is guarded like the first")
  func secondStub() {
    let base = barrel.with(LiveServices.security, LiveServices.security + "\n// export * from './types2.js'")
    let staged = base.live("// export * from './types2.js'")
    #expect(change(staged, base: base, head: base, trunk: base, stream: "ws3").places("exports.foreign") == ["9:1"])
    #expect(change(staged, base: base, head: base, trunk: base, stream: "ws2").places("exports.foreign") == [])
  }

  @Test("What trunk, a merge head or HEAD has is no finding")
  func settled() {
    let merged = barrel.live(LiveServices.security)
    let staged = merged.live(LiveServices.database)
    #expect(change(staged, head: barrel, trunk: merged).findings == [], "squash merge of trunk")
    #expect(change(staged, trunk: barrel, mergeHeads: [merged]).findings == [], "merge of a trunk that went on since")
    #expect(change(staged, head: merged).places("exports.foreign") == [], "judged when it was committed")
    #expect(change(barrel, head: merged).findings == [], "an amend that takes it back")
    #expect(
      change(barrel.live(LiveServices.database), trunk: merged).findings == [], "a stream that has not merged trunk")
  }

  @Test("A stub that trunk gained is guarded too")
  func gainedByTrunk() {
    let trunk = barrel + "\n// WS2: later\n// export * from './types2.js'\n"
    #expect(change(barrel + "export * from './types2.js'\n", trunk: trunk).places("exports.foreign") == ["12:1"])
  }

  @Test("A heading that names a stream reserves nothing without a stub")
  func heading() {
    let base = "// Security\nexport * from './types.js'\n"
    #expect(
      change(base.with("types", "security/scanner"), base: base, head: base, trunk: base, stream: nil).places(
        "exports.foreign") == [])
  }
}
