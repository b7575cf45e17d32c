import Git
import Platform
import TestSupport
import Testing

@testable import Installation

@Suite struct RepositoryFactsTests {
  private func isBarrel(_ name: String, _ text: String) -> Bool {
    BarrelLanguage(path: Array(name.utf8))?.isBarrel(Array(text.utf8)) == true
  }

  @Test(
    "A file that does little but export is a barrel, commented-out exports and CRLF included",
    arguments: [
      ("src/index.ts", "/**\n * Core.\n */\nexport * from './a.js'\nexport {\n  b,\n  c,\n} from './b.js'\n"),
      ("index.js", "// phase 1\r\n// export * from './a'\r\n// export * from './b'\r\n"),
      ("pkg/__init__.py", "from .a import (\n  one,\n  two,\n)\nfrom .b import x\n__all__ = [\n  'one',\n]\n"),
      ("src/lib.rs", "pub mod a;\npub use a::B;\nmod c;\n"),
    ])
  func barrels(name: String, text: String) { #expect(isBarrel(name, text)) }

  @Test(
    "A file with code of its own, or with a single export, is none",
    arguments: [
      ("src/index.ts", "import { run } from './run'\nconst x = 1\nrun(x)\nexport * from './a'\nfoo()\nbar()\n"),
      ("src/index.ts", "export * from './a'\n"),
      ("src/other.ts", "export * from './a'\nexport * from './b'\n"),
      ("pkg/__init__.py", ""),
      ("src/lib.rs", "pub mod a;\npub mod b;\nfn main() {\n  one();\n  two();\n}\n"),
    ])
  func noBarrels(name: String, text: String) { #expect(!isBarrel(name, text)) }

  @Test("The facts are trunk's: shared files by kind, types that are in use, a stream for each worktree")
  func gathered() throws {
    let repository = try TestRepository()
    let barrel = "export * from './a'\nexport * from './b'\n"
    try repository.commit(
      "feat: first",
      [
        "packages/core/src/index.ts": barrel, "node_modules/x/index.ts": barrel,
        "packages/core/package.json": "{}", "packages/cli/package.json": "{}", "package.json": "{}",
        "CHANGELOG.md": "", "docs/History.rst": "", "docs/changes.py": "", "yarn.lock": "", "src/a b/index.ts": "f()\n",
      ])
    for subject in ["Fix(core)!: two", "fix: three", "fix(x): four", "docs: five", "Merge branch 'x'", "feat : six"] {
      try repository.commit(subject)
    }
    try repository.addWorktree("one", branch: "feature/WS1_Foundation")
    try repository.addWorktree("two", branch: "other/ws1-foundation")
    let place = repository.surroundings / "detached"
    try repository.git(["worktree", "add", "--quiet", "--detach", Argument(place)])

    let facts = try RepositoryFacts(of: repository.open())
    func text(_ paths: [[UInt8]]) -> [String] { paths.map { String(decoding: $0, as: UTF8.self) } }
    #expect(facts.name == "repository")
    #expect(facts.trunk == "main")
    #expect(facts.remote == nil)
    #expect(text(facts.barrels) == ["packages/core/src/index.ts"])
    #expect(text(facts.changelogs) == ["CHANGELOG.md", "docs/History.rst"])
    #expect(text(facts.manifests) == ["package.json", "packages/*/package.json"])
    #expect(text(facts.lockFiles) == ["yarn.lock"])
    #expect(facts.types == [.init(name: "fix", count: 3)])
    #expect(facts.streams.map(\.id) == ["ws1-foundation", "ws1-foundation-2"])
    #expect(facts.streams.map(\.branch) == ["feature/WS1_Foundation", "other/ws1-foundation"])
  }

  @Test("A repository without a commit has a name and nothing else")
  func unborn() throws {
    let repository = try TestRepository()
    let facts = try RepositoryFacts(of: repository.open())
    #expect(facts.barrels.isEmpty && facts.types.isEmpty && facts.streams.isEmpty)
  }
}
