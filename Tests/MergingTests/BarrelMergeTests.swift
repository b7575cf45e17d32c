import Merging
import Testing

/// Each case is named by where others met it.
@Suite("Barrels merge by the life of each statement")
struct BarrelMergeTests {
  private let stubs = "export * from './a'\n// export * from './b'\n// export * from './c'\n// export * from './d'\n"

  private func bothWays(_ base: String?, _ ours: String, _ theirs: String, path: String = "src/index.ts") -> String {
    let text = merge(base, ours, theirs, path: path).text
    #expect(merge(base, theirs, ours, path: path).text == text, "swapped")
    return text
  }

  @Test("Neighbouring stubs come to life on both sides (git's text merge conflicts, union keeps both forms)")
  func neighbouringStubs() {
    let ours = stubs.replacing("// export * from './b'", with: "export * from './b'")
    let theirs = stubs.replacing("// export * from './c'", with: "export * from './c'")
    #expect(
      bothWays(stubs, ours, theirs)
        == "export * from './a'\nexport * from './b'\nexport * from './c'\n// export * from './d'\n")
  }

  @Test("A stub deleted on one side stays deleted (httrack #1037: union brings it back)")
  func deletedStub() {
    let ours = stubs.replacing("// export * from './b'\n", with: "")
    let theirs = stubs.replacing("// export * from './c'", with: "export * from './c'")
    #expect(bothWays(stubs, ours, theirs) == "export * from './a'\nexport * from './c'\n// export * from './d'\n")
  }

  @Test("A stub brought to life here and deleted there is a conflict on that line alone (spork #529)")
  func livenedAndDeleted() {
    let ours = stubs.replacing("// export * from './b'", with: "export * from './b'")
    let theirs = stubs.replacing("// export * from './b'\n", with: "").replacing(
      "// export * from './c'", with: "export * from './c'")
    #expect(
      merge(stubs, ours, theirs).text == """
        export * from './a'
        <<<<<<< o
        export * from './b'
        =======
        >>>>>>> t
        export * from './c'
        // export * from './d'\n
        """)
  }

  @Test("Both bring a stub to life, one changes its specifier (weave ts_both_modify_same_function_incompatibly)")
  func livenedWithEdit() {
    let base = "export * from './a'\n// export * from './b'\n"
    let ours = "export * from './a'\nexport * from './b'\n"
    let theirs = "export * from './a'\nexport * from './b.js'\n"
    #expect(bothWays(base, ours, theirs) == theirs)
    let other = "export * from './a'\nexport * from './b.mjs'\n"
    #expect(merge(base, other, theirs).isConflict)
  }

  @Test("Imports added on both sides are all kept (mergiraf typescript/working/imports)")
  func imports() {
    let base = "import { API } from './API';\n\nexport { API };\n"
    let ours = base.replacing("\n\n", with: "\nimport { app } from './app';\n\n")
    let theirs = base.replacing("\n\n", with: "\nimport { newError } from './errors';\n\n")
    #expect(
      bothWays(base, ours, theirs)
        == "import { API } from './API';\nimport { app } from './app';\nimport { newError } from './errors';\n\nexport { API };\n"
    )
  }

  @Test(
    "Names added to one statement on both sides are three names in one (mergiraf typescript/multiple_imports)",
    arguments: ["export", "import"])
  func names(keyword: String) {
    func text(_ names: String) -> String { "\(keyword) { \(names) } from './entities'\nexport * from './x'\n" }
    #expect(
      bothWays(text("isEntityUri"), text("isEntityUri, isUsername"), text("isEntityUri, isItemId"))
        == text("isEntityUri, isItemId, isUsername"))
  }

  @Test(
    "The same statement added at different places counts once (mergiraf java/add_same_import; weave test_commutative_import_merge_both_add_same)"
  )
  func sameAddition() {
    let base = "export * from './a'\nexport * from './m'\nexport * from './z'\n"
    let ours = "export * from './a'\nexport * from './n'\nexport * from './m'\nexport * from './z'\n"
    let theirs = base + "export * from './n'\n"
    #expect(bothWays(base, ours, theirs) == ours)
  }

  @Test("A name added to a block that the other side deletes leaves no hollow statement (weave #166)")
  func hollow() {
    let base = "export {\n  a,\n  b,\n} from './x'\nexport * from './y'\n"
    let ours = base.replacing("  b,\n", with: "  b,\n  c,\n")
    #expect(
      merge(base, ours, "export * from './y'\n").text
        == "<<<<<<< o\nexport {\n  a,\n  b,\n  c,\n} from './x'\n=======\n>>>>>>> t\nexport * from './y'\n")
  }

  @Test("A constant among added imports survives (weave #60)")
  func constant() {
    let base = "from .a import A\n\nLIMIT = 1\n"
    let ours = "from .a import A\nfrom .b import B\n\nLIMIT = 1\n"
    let theirs = "from .a import A\nGRACE = 0.1\nfrom .c import C\n\nLIMIT = 1\n"
    let text = bothWays(base, ours, theirs, path: "pkg/__init__.py")
    #expect(text == "from .a import A\nfrom .b import B\nGRACE = 0.1\nfrom .c import C\n\nLIMIT = 1\n")
  }

  @Test("A block added next to a deleted constant is complete (weave #58)")
  func block() {
    let base = "from .a import A\nLIMIT = 1\nfrom .z import Z\n"
    let ours = "from .a import A\nfrom .z import Z\n"
    let theirs = "from .a import A\nLIMIT = 1\nfrom .b import (\n    B,\n    C,\n)\nfrom .z import Z\n"
    #expect(
      bothWays(base, ours, theirs, path: "pkg/__init__.py")
        == "from .a import A\nfrom .b import (\n    B,\n    C,\n)\nfrom .z import Z\n")
  }

  @Test("One function added twice with different bodies is a conflict, never two copies (weave #107, PR #112)")
  func sameFunction() {
    let base = "export * from './a'\nexport * from './z'\n"
    let ours = "export * from './a'\nexport function f() { return 1 }\nexport * from './z'\n"
    let theirs = base + "export function f() { return 2 }\n"
    #expect(
      merge(base, ours, theirs).text == """
        export * from './a'
        <<<<<<< o
        export function f() { return 1 }
        =======
        export function f() { return 2 }
        >>>>>>> t
        export * from './z'\n
        """)
    let hidden = base + "function f() { return 2 }\n"
    #expect(merge(base, ours.replacing("export f", with: "f"), hidden).outcome == .undecided(.otherCode))
  }

  @Test("Comments put above the first export on both sides are both kept, above it (mergiraf go/imports_and_comments)")
  func comments() {
    let base = "export * from './m'\n"
    #expect(
      bothWays(base, "// ours\nexport * from './m'\n", "// theirs\nexport * from './a'\nexport * from './m'\n")
        == "// theirs\nexport * from './a'\n// ours\nexport * from './m'\n")
    #expect(
      bothWays(base, "// ours\nexport * from './m'\n", "// theirs\nexport * from './m'\n")
        == "// ours\n// theirs\nexport * from './m'\n")
  }

  @Test("Additions after each line stay behind it, one order for both sides (mergiraf typescript/enums)")
  func interleaved() {
    func text(_ names: [String]) -> String { names.map { "export * from './\($0)'\n" }.joined() }
    let base = ["baseA", "baseB", "baseC"]
    let ours = base.flatMap { [$0, "left" + $0.suffix(1)] }
    let theirs = base.flatMap { [$0, "right" + $0.suffix(1)] }
    let all = base.flatMap { [$0, "left" + $0.suffix(1), "right" + $0.suffix(1)] }
    #expect(bothWays(text(base), text(ours), text(theirs)) == text(all))
    func list(_ names: [String]) -> String { "export {\n  \(names.joined(separator: ",\n  ")),\n} from './enum'\n" }
    #expect(bothWays(list(base), list(ours), list(theirs)) == list(all))
  }

  @Test("Merging again changes nothing where names of one statement, or of one that both added, were put together")
  func combinedAgain() {
    let base = "export { A } from './a'\nexport * from './b'\n\n\n"
    let ours = "export { A, L } from './a'\n\n\n// part\nexport * from './left'\nexport { L } from './new'\n\n"
    let theirs =
      "export { A, R } from './a'\nexport * from './b'\n\n// part\nexport * from './right'\nexport { R } from './new'\n\n\n"
    let merged = bothWays(base, ours, theirs)
    #expect(bothWays(base, ours, merged) == merged)
    #expect(bothWays(base, theirs, merged) == merged)
  }

  @Test("A base with conflict markers is no knowledge, and its markers are not copied (git t6406, mergiraf #615)")
  func crissCross() {
    let base = "export * from './a'\n<<<<<<<<< x\nexport * from './b'\n=========\nexport * from './c'\n>>>>>>>>> y\n"
    #expect(merge(base, stubs, stubs).text == stubs)
    #expect(
      merge(base, "export * from './a'\nexport * from './b'\n", "export * from './a'\nexport * from './c'\n").text
        == """
        export * from './a'
        <<<<<<< o
        export * from './b'
        =======
        export * from './c'
        >>>>>>> t\n
        """)
  }

  @Test("A barrel that both create holds the exports of both in one order (weave #51)", arguments: [nil, ""])
  func created(base: String?) {
    #expect(
      bothWays(
        base, "// All\nexport * from './b'\nexport * from './d'\n", "// All\nexport * from './a'\nexport * from './d'\n"
      )
        == "// All\nexport * from './a'\nexport * from './b'\nexport * from './d'\n")
  }
}
