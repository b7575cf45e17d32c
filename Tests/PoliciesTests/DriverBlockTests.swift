import Git
import Plan
import Platform
import TestSupport
import Testing

@testable import Policies

@Suite("The lines that name our merge driver")
struct DriverBlockTests {
  private let blob = ObjectID(hex: String(repeating: "ab", count: 20))!  // forty digits

  private func plan(_ entries: (merge: Plan.SharedFiles.MergePolicy, paths: [Pattern])...) -> Plan {
    var plan = Plan()
    plan.shared = entries.map { entry in
      var files = Plan.SharedFiles()
      files.merge = entry.merge
      files.paths = entry.paths
      return files
    }
    return plan
  }

  @Test("Files of a policy with a driver have a line each, those that merge as text or as pointers none")
  func lines() {
    let block = DriverBlock(
      plan(
        (.barrel, ["src/index.ts", "a b/*.ts"]), (.text, ["README.md"]), (.submodule, ["lib"]),
        (.regenerate, ["packages/*/{a,b}.lock"]), (.changelog, ["docs/"])), blob: blob)
    #expect(
      String(decoding: block.written(into: []), as: UTF8.self) == """
        # preflight begin: written by 'preflight install' from the plan \(blob)
        /src/index.ts merge=preflight
        "/a b/*.ts" merge=preflight
        /packages/*/a.lock merge=preflight
        /packages/*/b.lock merge=preflight
        /docs/** merge=preflight
        # preflight end

        """)
  }

  @Test(
    "The lines are read as they were written",
    arguments: [#"a"b\ c"#, "\\*.ts", "\t\n", "é/**/x", "[!a-c]?/*", "a\\\\b c", "docs/", "**/CHANGELOG.md"])
  func roundTrip(_ pattern: String) throws {
    let block = DriverBlock(plan: blob, lines: [.init(Pattern(pattern), "merge=preflight"), .init("x", "-merge")])
    let read = try #require(DriverBlock(in: block.written(into: Array("*.md text\n".utf8))))
    #expect(read.plan == blob)
    #expect(read.lines.map(\.attribute) == ["merge=preflight", "-merge"])
    let expected = pattern.hasSuffix("/") ? Pattern(pattern + "**") : Pattern(pattern)
    #expect(read.lines.first?.pattern == expected)
  }

  @Test(
    "What others have written around our lines stays byte for byte",
    arguments: ["", "*.md merge=union\n", "*.md merge=union", "\r\n# preflight end\n", "a\n# preflight begin\n"])
  func othersLines(_ text: String) throws {
    let before = Array(text.utf8)
    let block = DriverBlock(plan: blob, lines: [.init("a", "merge=preflight")])
    let written = block.written(into: before)
    #expect(DriverBlock(in: written)?.lines == block.lines)
    #expect(block.written(into: written) == written)
    #expect(DriverBlock.removed(from: written) == before)
    #expect(DriverBlock(plan: blob, lines: []).written(into: written) == before)
    let longer = DriverBlock(plan: nil, lines: block.lines + block.lines)
    #expect(DriverBlock.removed(from: longer.written(into: Array("x\n".utf8) + written)) == Array("x\n".utf8) + before)
  }

  @Test("git reads each pattern as the plan does")
  func asGitReadsIt() throws {
    let patterns: [Pattern] = [
      "src/index.ts", "packages/*/package.json", "**/CHANGELOG.md", "docs/", "a b/x?.ts", "[a-c]/[!x]", "l/**/m",
      #"w\*x"#, "{p,q/r}.md", "deep/**", "quote\"d", "back\\\\slash",
    ]
    let paths = [
      "src/index.ts", "x/src/index.ts", "packages/a/package.json", "packages/a/b/package.json", "CHANGELOG.md",
      "d/e/CHANGELOG.md", "docs", "docs/a", "docs/b/c", "a b/x1.ts", "a b/x12.ts", "a/y", "a/x", "d/y", "l/m", "l/1/m",
      "l/1/2/m", "w*x", "wyx", "p.md", "q/r.md", "r.md", "deep/1/2", "deep", "quote\"d", "back\\slash",
    ]
    let repository = try TestRepository()
    let block = DriverBlock(plan((.barrel, patterns)), blob: blob)
    try repository.write(".git/info/attributes", String(decoding: block.written(into: []), as: UTF8.self))
    let read = try #require(DriverBlock(in: block.written(into: [])))
    let input = Array(paths.map { Array($0.utf8) + [0] }.joined())
    let said = try repository.git(["check-attr", "-z", "--stdin", "merge"], input: input).utf8.split(separator: 0)
    for (index, path) in paths.enumerated() {
      let isGits = said[3 * index + 2].holds("preflight")
      let isPlans = patterns.contains { $0.matches(Array(path.utf8)) }
      #expect(isGits == isPlans, "\(path)")
      #expect(read.names(Array(path.utf8)) == isPlans, "\(path)")
    }
  }
}

extension Substring.UTF8View {
  fileprivate func holds(_ text: String) -> Bool { elementsEqual(text.utf8) }
}
