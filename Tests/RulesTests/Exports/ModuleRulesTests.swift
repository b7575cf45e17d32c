import Plan
import Rules
import Testing

@Suite("exports.missing-module: what is exported exists")
struct MissingModuleRuleTests {
  let barrel = LiveServices.barrel
  let files = LiveServices.files.subtracting(["database/migration.ts"])

  @Test("A stub that is brought to life before its module is refused, and passes with it")
  func missing() throws {
    let staged = barrel.live(LiveServices.database)
    let finding = try #require(change(staged, files: files).findings.first)
    #expect(change(staged, files: files).places == ["5:1 exports.missing-module"])
    #expect(
      finding.message.text == """
        './database/migration.js' is exported but no file of the commit provides it: \
        there is no 'packages/core/src/database/migration.ts'
        """)
    #expect(finding.message.hint == "git restore --staged -- :/packages/core/src/index.ts")
    #expect(change(staged, files: files.union(["database/migration.ts"])).findings == [])
    #expect(change(staged, isTrunk: true, files: files).places == ["5:1 exports.missing-module"], "on trunk as well")
  }

  @Test("A module that only waits to be added is what the hint adds")
  func untracked() {
    let staged = barrel.live(LiveServices.database)
    let hint = { (remedy: ExportsChange.Remedy) in
      change(staged, remedy: remedy, files: files, untracked: ["database/migration.tsx"]).findings.first?.message.hint
    }
    #expect(hint(.leaveOut(.staged)) == "git add -- :/packages/core/src/database/migration.tsx")
    #expect(
      hint(.restore(from: "HEAD~1"))
        == "git add -- :/packages/core/src/database/migration.tsx && git commit -m 'fix: add the exported module'")
  }

  @Test("A new statement is asked the same, one that any side has already is not")
  func newStatements() {
    let staged = barrel + "\nexport { a } from './nowhere.js'\n"
    #expect(change(staged).places == ["13:1 exports.missing-module"])
    #expect(change(staged + "\n", head: staged).findings == [])
    #expect(change(staged + "\n", trunk: staged).findings == [])
    #expect(change(staged + "\n", mergeHeads: [staged]).findings == [])
    #expect(
      change(staged.with("{ a }", "{ a, b }"), base: staged, head: staged, trunk: staged, stream: nil).findings == [])
    #expect(change(barrel + "export * from 'zod'\n").findings == [], "not a file of the repository")
  }

  @Test("In Python and Rust modules are missed as well")
  func otherLanguages() {
    let python = change(
      "from . import a\nfrom . import b\n", base: "from . import a\n# from . import b\n", head: nil, trunk: nil,
      stream: nil,
      files: ["a.py"], path: "pkg/__init__.py")
    #expect(python.places("exports.missing-module") == ["2:1"])
    let rust = change(
      "pub mod a;\n", base: "// pub mod a;\n", head: nil, trunk: nil, stream: nil, files: ["b.rs"], path: "src/lib.rs")
    #expect(rust.places("exports.missing-module") == ["1:1"])
  }

  @Test("A path is quoted for the shell and for git, whatever its bytes")
  func quoting() {
    let hint = { (path: String) in
      change("export * from './nowhere.js'\n", base: "", head: "", trunk: nil, path: path).findings.first?.message.hint
    }
    #expect(hint("a b/it's.ts") == "git restore --staged -- ':/a b/it'\\''s.ts'")
    #expect(hint("a/[id].ts") == "git restore --staged -- ':(top,literal)a/[id].ts'")
    #expect(hint("a/\n.ts") == #"git restore --staged -- "$(printf ':/a/\012.ts')""#)
  }
}

@Suite("exports.lost: what trunk exports stays exported")
struct LostExportRuleTests {
  let barrel = LiveServices.barrel
  private let types = "export * from './types.js'\n"

  @Test("A statement that a commit drops although its module stays is refused at its line in the base")
  func lost() throws {
    let change = change(barrel.with(types, ""), stream: nil)
    #expect(change.places == ["1:1 exports.lost"])
    let finding = try #require(change.findings.first)
    #expect(finding.severity == .error)
    #expect(
      finding.message.text
        == "'./types.js' is exported on trunk and no longer here, although 'packages/core/src/types.ts' is")
    #expect(finding.message.hint == "git restore --staged -- :/packages/core/src/index.ts")
  }

  @Test("On trunk too")
  func onTrunk() {
    #expect(change(barrel.with(types, ""), isTrunk: true).places == ["1:1 exports.lost"])
  }

  @Test("With its module it may go, and where trunk has dropped it, and in a revert")
  func allowed() {
    let staged = barrel.with(types, "")
    #expect(change(staged, stream: nil, files: LiveServices.files.subtracting(["types.ts"])).findings == [])
    #expect(change(staged + "\n", trunk: staged, stream: nil).findings == [])
    #expect(change(staged + "\n", mergeHeads: [staged], stream: nil).findings == [])
    #expect(change(staged, stream: nil, saysItReverts: true).findings == [])
    #expect(change(staged, trunk: nil, stream: nil).findings == [], "no trunk to compare with")
  }

  @Test(
    "The same names of the same file are not lost however they are written",
    arguments: [
      ("{ type ParserOptions, SkillParser } from './indexer/SkillParser'", 0),
      ("{ SkillParser, type ParserOptions, more } from './indexer/SkillParser.js'", 0),
      (
        "{ SkillParser } from './indexer/SkillParser.js'\nexport type { ParserOptions } from './indexer/SkillParser.js'",
        0
      ),
      ("* from './indexer/SkillParser.js'", 0),
      ("{ SkillParser, ParserOptions } from './indexer/SkillParser.js'", 0),
      ("{ SkillParser } from './indexer/SkillParser.js'", 1),
      ("type { SkillParser, ParserOptions } from './indexer/SkillParser.js'", 1),
      ("{ SkillParser, ParserOptions } from './types.js'", 1),
      ("* as parser from './indexer/SkillParser.js'", 1),
    ])
  func rewritten(statement: String, count: Int) {
    let staged = barrel.with("{ SkillParser, type ParserOptions } from './indexer/SkillParser.js'", statement)
    #expect(change(staged, stream: nil).places("exports.lost").count == count)
  }

  @Test("In its own block a stream may drop what it exported, under 'block'")
  func ownBlock() {
    let base = barrel.with(LiveServices.database, "export * from './types2.js'\n" + LiveServices.database)
    let staged = base.with("export * from './types2.js'\n", "")
    let files = LiveServices.files.union(["types2.ts"])
    #expect(change(staged, base: base, head: base, trunk: base, policy: .block, files: files).findings == [])
    #expect(
      change(staged, base: base, head: base, trunk: base, policy: .uncomment, files: files).places("exports.lost") == [
        "5:1"
      ])
    #expect(
      change(staged, base: base, head: base, trunk: base, stream: "ws2", files: files).places("exports.lost") == ["5:1"]
    )
  }
}

@Suite("exports.unowned: a stub says whose it is")
struct UnownedStubRuleTests {
  let barrel = LiveServices.barrel + "\n// export * from './types2.js'\n"
  private let files = LiveServices.files.union(["types2.ts"])

  @Test(
    "A stub that nobody owns is brought to life with a warning, by a stream, another branch and on trunk",
    arguments: ["ws3", nil])
  func unowned(stream: String?) throws {
    for policy in [Plan.SharedFiles.StubPolicy.block, .uncomment] {
      let change = change(
        barrel.live("// export * from './types2.js'"), base: barrel, head: barrel, trunk: barrel, stream: stream,
        policy: policy,
        files: files)
      #expect(change.places == ["13:1 exports.unowned"])
      let finding = try #require(change.findings.first)
      #expect(finding.severity == .warning)
      #expect(
        finding.message.text == "'./types2.js' is brought to life, and no comment says for which stream its stub was")
    }
  }

  @Test("Not where it has an owner, stays a stub, or another side has it live")
  func allowed() {
    let staged = barrel.live("// export * from './types2.js'")
    let owned = barrel.with("// export * from './types2.js'", "// WS3\n// export * from './types2.js'")
    #expect(change(staged + "\n", base: barrel, head: barrel, trunk: staged, stream: nil, files: files).findings == [])
    #expect(change(staged + "\n", base: barrel, head: staged, trunk: barrel, stream: nil, files: files).findings == [])
    #expect(
      change(owned.live("// export * from './types2.js'"), base: owned, head: owned, trunk: owned, files: files)
        .findings == [])
    #expect(change(barrel + "\n", base: barrel, head: barrel, trunk: barrel, files: files).findings == [])
  }
}
