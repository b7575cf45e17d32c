import Plan
import Rules
import Testing

@Suite("What a clean merge of lines breaks")
struct StructureTests {
  private func findings(
    _ staged: String, others: [String] = [], path: String = "src/index.ts",
    policy: Plan.SharedFiles.MergePolicy? = .barrel
  ) -> [String] {
    StructureChange(
      path: Array(path.utf8), staged: Array(staged.utf8), others: others.map { Array($0.utf8) }, policy: policy,
      remedy: .leaveOut(.staged)
    ).findings.map { "\($0.rule):\($0.line ?? 0) \($0.severity.rawValue)" }
  }

  private let conflict = "a\n<<<<<<< ours\n1\n=======\n2\n>>>>>>> theirs\n"

  @Test("A conflict that was left is found in any text file, where it begins")
  func markers() {
    #expect(findings(conflict, path: "a.txt", policy: nil) == ["structure.markers:2 error"])
    #expect(
      findings(conflict.replacing("=======\n", with: "||||||| base\n0\n=======\n"), policy: nil) == [
        "structure.markers:2 error"
      ])
    #expect(findings(conflict.replacing("\n", with: "\r\n"), policy: nil) == ["structure.markers:2 error"])
    let long = conflict.replacing("<<<<<<<", with: "<<<<<<<<<").replacing("=======", with: "=========").replacing(
      ">>>>>>>", with: ">>>>>>>>>")
    #expect(findings(long, policy: nil) == ["structure.markers:2 error"])
    for gap in 0..<14 {
      #expect(findings(String(repeating: "x", count: gap) + "\n" + conflict, policy: nil).count == 1)
    }
  }

  @Test(
    "What looks like a conflict is none",
    arguments: [
      "Heading\n=======\n\n>>>>>>> quoted\n", "<<<<<<< a\n", "=======\n<<<<<<< a\n>>>>>>> b\n",
      " <<<<<<< a\n =======\n >>>>>>> b\n",
      "+<<<<<<< a\n+=======\n+>>>>>>> b\n", "<<<<<<<a\n=======\n>>>>>>>b\n", "<<<<<< a\n======\n>>>>>> b\n",
      "<<<<<<< a\n========\n>>>>>>> b\n", ">>>>>>> b\n=======\n<<<<<<< a\n",
    ])
  func noMarkers(text: String) {
    #expect(findings(text, path: "a.rst", policy: nil).isEmpty)
  }

  @Test("Patches, fences of Markdown, binary files and what another side holds may have markers")
  func allowedMarkers() {
    #expect(findings(conflict, path: "a.patch", policy: nil).isEmpty)
    #expect(findings("```\n" + conflict + "```\n", path: "a.md", policy: nil).isEmpty)
    #expect(findings(conflict, path: "a.md", policy: nil).count == 1)
    #expect(findings("\0" + conflict, policy: nil).isEmpty)
    #expect(findings("new\n" + conflict, others: ["x", conflict], policy: nil).isEmpty)
    #expect(
      findings(conflict + conflict.replacing("1", with: "3"), others: [conflict], policy: nil) == [
        "structure.markers:8 error"
      ])
  }

  @Test(
    "An export that stands twice is found once for each statement; declarations and what stood twice before are none")
  func exports() {
    #expect(findings("export * from './a'\nexport * from './a'\n") == ["structure.export:2 error"])
    #expect(findings("export { a, b } from './a'\nexport { b, a } from './a'\n") == ["structure.export:2 error"])
    #expect(findings("export { a } from './a'\nexport type { a } from './a'\n") == ["structure.export:2 error"])
    #expect(findings("export { a } from './a'\nexport { a } from './b'\n").isEmpty)
    #expect(findings("export function f(a: 1): void\nexport function f(a: any) {}\n").isEmpty)
    let twice = "export * from './a'\nexport * from './a'\n"
    #expect(findings(twice + "export * from './b'\n", others: [twice]).isEmpty)
    #expect(findings("#[cfg(a)]\npub use x::Y;\n#[cfg(b)]\npub use x::Y;\n", path: "lib.rs").isEmpty)
    #expect(findings("pub use x::Y;\npub use x::Y;\n", path: "lib.rs") == ["structure.export:2 error"])
    // `cfg` means something in Rust alone.
    #expect(findings("export * from './cfg'\nexport * from './cfg'\n") == ["structure.export:2 error"])
    #expect(
      findings("from .cfg import b\nfrom .cfg import b\n", path: "__init__.py") == ["structure.export:2 error"])
    #expect(findings("from .a import b\nfrom .a import b\n", path: "__init__.py") == ["structure.export:2 error"])
  }

  @Test("A stub and its live twin are found at the stub")
  func stubs() {
    let twins = "// export * from './a'\nexport * from './b'\nexport * from './a'\n"
    #expect(findings(twins) == ["structure.stub:1 warning"])
    #expect(findings(twins + "export * from './c'\n", others: [twins]).isEmpty)
  }

  private let changelog = "# C\n\n## [Unreleased]\n\n### Added\n\n- a\n\n## [1.0.0]\n\n### Added\n\n- b\n"

  @Test("A kind that has two headings in one release is found at the second")
  func headings() {
    func check(_ text: String, _ others: [String] = []) -> [String] {
      findings(text, others: others, path: "C.md", policy: .changelog)
    }
    let twice = changelog.replacing("- a\n", with: "- a\n\n### added\n\n- c\n")
    #expect(check(twice) == ["structure.heading:9 warning"])
    #expect(check(changelog) == [])
    #expect(check(twice.replacing("- c\n", with: "- d\n"), [twice]) == [])
  }

  @Test("An entry added to what is released is found; a release of one's own, a rewording and a removal are none")
  func released() {
    func check(_ text: String, _ others: [String]) -> [String] {
      findings(text, others: others, path: "C.md", policy: .changelog)
    }
    #expect(check(changelog.replacing("- b\n", with: "- b\n- c\n"), [changelog]) == ["structure.released:14 warning"])
    #expect(check(changelog.replacing("- b\n", with: "- b, reworded\n"), [changelog]) == [])
    #expect(check(changelog.replacing("- b\n", with: ""), [changelog]) == [])
    let cut = changelog.replacing("## [Unreleased]\n", with: "## [Unreleased]\n\n## [1.1.0]\n")
    #expect(check(cut, [changelog]) == [])
    #expect(check(cut.replacing("- a\n", with: "- a\n- new\n"), [changelog, cut]) == ["structure.released:10 warning"])
  }

  @Test(
    "Shared JSON that cannot be read, or names something twice, is found; other JSON, and JSON with comments, is not judged"
  )
  func json() {
    func check(
      _ text: String, _ others: [String] = [], path: String = "package.json",
      policy: Plan.SharedFiles.MergePolicy? = .manifest
    )
      -> [String]
    { findings(text, others: others, path: path, policy: policy) }
    #expect(check("{\n  \"a\": 1\n  \"b\": 2\n}") == ["structure.json:3 error"])
    #expect(check("{\n  \"a\": 1,\n  \"a\": 2\n}\n") == ["structure.json:4 error"])
    #expect(check("") == ["structure.json:1 error"])
    #expect(check("\u{FEFF}{}") == [])
    #expect(check("{,}", ["{,,}"]) == [])
    #expect(check("{,}", path: "tsconfig.json", policy: .text) == ["structure.json:1 error"])
    #expect(check("{,}", path: "a.txt", policy: .text) == [])
    #expect(check("{,}", path: "tsconfig.json", policy: nil) == [])
  }
}
