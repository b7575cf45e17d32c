import Plan
import Rules
import Testing

@Suite("exports.shape: a stream keeps to what is its own")
struct ExportShapeRuleTests {
  let barrel = LiveServices.barrel
  let rewritten = LiveServices.barrel.with(
    "// Database (SMI-1446, SMI-1448, SMI-1452) - to be implemented\n" + LiveServices.database,
    """
    // Database (SMI-1446, SMI-1448, SMI-1452)
    export {
      migrate,
      rollback,
    } from './db/migration.js'

    export {
      type MigrationResult,
    } from './db/migration.js'
    """)

  @Test("The first user's story: a stub becomes two named exports of another module, inside its block")
  func firstUser() {
    #expect(change(rewritten, policy: .block).findings == [])
    #expect(change(rewritten, policy: .uncomment).places == ["5:1 exports.shape"])
  }

  @Test("Under both policies the own stub may come to life and its comment be reworded")
  func uncommented() {
    let staged = barrel.live(LiveServices.database).with(
      "// Database (SMI-1446, SMI-1448, SMI-1452) - to be implemented", "// Database (SMI-1446)\n// merged in January")
    #expect(change(staged, policy: .uncomment).findings == [])
    #expect(change(staged, policy: .block).findings == [])
    let windows = staged.replacing("\n", with: "\r\n")
    #expect(change(windows, policy: .uncomment).places("exports.shape") == [], "line ends aside")
    #expect(change(windows, policy: .block).places("exports.shape") == [], "line ends aside")
  }

  @Test(
    "Changes outside the own block are refused at their line",
    arguments: [
      ("export * from './types.js'\n", "", "1:1"),
      ("export * from './types.js'\n", "export * from './types.js'\nexport {}\n", "2:1"),
      ("\n// Security (", "\nexport {}\n// Security (", "7:1"),
      ("type ParserOptions", "ParserOptions", "2:1"),
    ])
  func outside(old: String, new: String, place: String) throws {
    let staged = barrel.live(LiveServices.database).with(old, new)
    #expect(change(staged, policy: .block).places("exports.shape") == [place])
    #expect(change(staged, policy: .uncomment).places("exports.shape") == [place])
    #expect(change(staged, stream: nil).places("exports.shape") == [], "a branch that the plan does not name")
    #expect(change(staged, isTrunk: true).places("exports.shape") == [], "on trunk")
    #expect(change(staged, policy: .off).findings == [])
  }

  @Test("What is another stream's is for exports.foreign alone")
  func foreign() {
    let staged = barrel.live(LiveServices.database).with("// Monitoring (SMI-1447, SMI-1453) - to be implemented\n", "")
    #expect(change(staged, policy: .block).findings.map(\.rule) == ["exports.foreign"])
    #expect(change(staged, policy: .uncomment).findings.map(\.rule) == ["exports.foreign"])
  }

  @Test("New statements come last, and only under 'block'")
  func appended() throws {
    let staged = barrel.live(LiveServices.database) + "\nexport { x } from './types.js'\n"
    #expect(change(staged, policy: .block).findings == [])
    #expect(change(staged, policy: .uncomment).places("exports.shape") == ["12:1"])
    let finding = try #require(change(staged, policy: .uncomment).findings.first)
    #expect(finding.message.text == "'ws3' may only bring its own stubs to life here, and this is another change")
  }

  @Test("Lines that changed places are refused")
  func moved() {
    let moved =
      "export { SkillParser, type ParserOptions } from './indexer/SkillParser.js'\nexport * from './types.js'\n"
    let staged =
      moved + barrel.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2).joined(separator: "\n")
    #expect(change(staged).places("exports.shape") == ["1:1"])
  }

  @Test(
    "'uncomment' takes the stub as it is",
    arguments: [
      "export * from './database/migration.js';", "export * from \"./database/migration.js\"",
      "export * from './db/migration.js'",
    ])
  func otherwiseUncommented(live: String) {
    #expect(change(barrel.with(LiveServices.database, live), policy: .uncomment).places == ["5:1 exports.shape"])
    #expect(change(barrel.with(LiveServices.database, live), policy: .block).findings == [])
  }

  @Test("What trunk changed is not the stream's, merged, squashed or taken over in part")
  func trunk() {
    let trunk = barrel.with("'./types.js'", "'./types/index.js'").live(LiveServices.security)
      .with("// Monitoring (SMI-1447, SMI-1453) - to be implemented", "// Monitoring (SMI-1447, SMI-1453) - soon")
    for policy in [Plan.SharedFiles.StubPolicy.block, .uncomment] {
      let staged = trunk.live(LiveServices.database)
      #expect(change(staged, trunk: trunk, policy: policy).places("exports.shape") == [], "squash merge")
      #expect(change(staged, trunk: barrel, mergeHeads: [trunk], policy: policy).places("exports.shape") == [], "merge")
      let part = barrel.with("'./types.js'", "'./types/index.js'").live(LiveServices.database)
      #expect(change(part, trunk: trunk, policy: policy).places("exports.shape") == [], "cherry-pick")
      let more = part.with("type ParserOptions", "ParserOptions")
      #expect(change(more, trunk: trunk, policy: policy).places("exports.shape") == ["2:1"], "and a change of its own")
    }
  }

  @Test("A block without a stub is the stream's where it names an issue or the id, not where it bears its name")
  func blocksWithoutStub() {
    for (comment, count) in [("// SMI-1446", 0), ("// WS3", 0), ("// Database", 1)] {
      let base = "\(comment)\nexport { a } from './types.js'\n\nexport {}\n"
      let change = change(base.with("{ a }", "{ a, b }"), base: base, head: base, trunk: base)
      #expect(change.places("exports.shape").count == count, "\(comment)")
    }
  }

  @Test("A new barrel has no shape yet")
  func newFile() {
    #expect(change("export * from './types.js'\n", base: "", head: nil, trunk: nil).findings == [])
  }
}
