import Exports
import Testing

@Suite("A comment says whose stub it is")
struct OwnershipTests {
  let streams = [
    StreamNames(id: "ws1", name: "CI/Testing", issues: ["SMI-1582"]),
    StreamNames(id: "ws2", name: "Security", issues: ["SMI-1454", "SMI-1456"]),
    StreamNames(id: "ws3", name: "Database", issues: ["SMI-1446", "SMI-1448"], stubs: ["./listed.js"]),
    StreamNames(id: "ws3-tools", name: "Database tools", issues: []),
  ]

  private func owners(_ text: String) -> [[String]] {
    let barrel = Barrel(Array(text.utf8), language: .typeScript)
    let ownership = Ownership(of: barrel, among: streams)
    return barrel.items.indices.filter { barrel.items[$0].stub != nil }.map { ownership.owners[$0]?.streams ?? [] }
  }

  private func blocks(_ text: String) -> [String] {
    let barrel = Barrel(Array(text.utf8), language: .typeScript)
    return Ownership(of: barrel, among: streams).blocks.map { block in
      let lines =
        barrel.items[block.items.lowerBound].lines
        .lowerBound...barrel.items[block.items.upperBound - 1].lines.upperBound
      return "\(block.owners.streams.joined(separator: "+")) \(lines)\(block.holdsStub ? "" : " live")"
    }
  }

  @Test(
    "The comment above, the trailing comment and the plan name owners",
    arguments: [
      ("// Database (SMI-1446, SMI-1448) - to be implemented\n", ["ws3"]),
      ("// smi-1454 and SMI-1446\n", ["ws2", "ws3"]),
      ("// Security, for SMI-1446\n", ["ws3"]),
      ("// Security, for WS3: later\n", ["ws3"]),
      ("// Security first\n", ["ws2"]),
      ("// security first\n", []),
      ("// Security\n// and more\n", ["ws2"]),
      ("/* WS2 */\n", ["ws2"]),
      ("// XSMI-1446 SMI-14460 WS33 Databases\n", []),
      ("// ws3-tools\n", ["ws3-tools"]),
      ("// WS3\n\n", []),
      ("// WS3\nfoo()\n", ["ws3"]),
      ("", []),
    ])
  func above(comment: String, expected: [String]) {
    #expect(owners(comment + "// export * from './x.js'\n") == [expected])
  }

  @Test("A trailing comment is nearer than the one above, and both nearer than the plan")
  func nearest() {
    #expect(owners("// export * from './x.js' // WS1\n") == [["ws1"]])
    #expect(owners("// WS3\n// export * from './x.js' // WS1\n") == [["ws1"]])
    #expect(owners("// export * from './listed.js'\n") == [["ws3"]])
    #expect(owners("// WS2\n// export * from './listed.js'\n") == [["ws2"]])
    #expect(owners("// WS2\n// export * from './x.js'\n// export * from './listed.js'\n") == [["ws2"], ["ws3"]])
  }

  @Test("The second stub below a comment goes with the block, until something nearer claims it")
  func secondStub() {
    let text = "// WS3\n// export * from './a'\n// export * from './b'\n"
    #expect(owners(text) == [["ws3"], ["ws3"]])
    #expect(owners(text + "// WS2\n// export * from './c'\n") == [["ws3"], ["ws3"], ["ws2"]])
    #expect(owners(text + "\n// export * from './c'\n") == [["ws3"], ["ws3"], []])
    #expect(owners("// export * from './a' // WS1\n// export * from './b'\n") == [["ws1"], []])
  }

  @Test("A block runs from its comment to a blank line or the next owner's comment")
  func blockRanges() {
    let text = """
      // Security
      export * from './live'

      // WS3:
      // more of it
      // export * from './a'
      export { b } from './b'
      // plain words
      // export * from './c'
      // WS2
      // export * from './d'
      // export * from './e' // WS1
      // export * from './f'

      // export * from './g'
      """
    #expect(blocks(text) == ["ws2 1...2 live", "ws3 4...9", "ws2 10...11", "ws1 12...12", "ws2 13...13"])
  }
}
