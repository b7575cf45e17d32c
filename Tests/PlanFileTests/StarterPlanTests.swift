import Plan
import TestSupport
import Testing

@testable import PlanFile

@Suite("The first plan")
struct StarterPlanTests {
  private func document(_ starter: StarterPlan) -> PlanDocument {
    PlanDocument(Array(starter.text.utf8), file: "preflight.toml", rules: ["ownership"])
  }

  @Test("Without any facts it is a plan of defaults")
  func empty() {
    let document = document(StarterPlan())
    #expect(document.faults.isEmpty)
    var expected = Plan()
    expected.project.trunk = "main"
    #expect(document.plan == expected)
  }

  @Test("What was found is in it, word for word")
  func facts() throws {
    var starter = StarterPlan()
    starter.name = "a \"quoted\" name\n\u{202E}"
    starter.trunk = "trunk"
    starter.remote = "upstream"
    starter.issuePrefixes = ["SMI"]
    starter.types = ["feat", "fix"]
    starter.worktreeDirectory = "../my trees"
    starter.barrels = [Array("src/[id]/index.ts".utf8), Array("!x\\{a,b}.ts".utf8)]
    starter.changelogs = [Array("CHANGELOG.md".utf8)]
    starter.manifests = ["package.json", "packages/*/package.json", Pattern(literal: [0x61, 0xFF])]
    starter.lockFiles = [(Array("package-lock.json".utf8), ["npm", "install", "--package-lock-only"])]
    starter.streams = [
      .init(id: "one", name: "One", branch: Array("feat/\"quoted\"'é#".utf8), directory: "wt-one"),
      .init(id: "two.x", name: "]\n[hive]\nshare = false", branch: Array("a]\u{2028}=".utf8)),
    ]
    let document = document(starter)
    #expect(document.faults.isEmpty)
    let plan = try #require(document.plan)
    #expect(plan.project.name == starter.name)
    #expect(plan.project.trunk == "trunk")
    #expect(plan.project.remote == "upstream")
    #expect(plan.project.issuePrefixes == ["SMI"])
    #expect(plan.commits.types == ["feat", "fix"])
    #expect(plan.worktree.directory == "../my trees")
    #expect(plan.shared.map(\.merge) == [.barrel, .changelog, .manifest, .regenerate])
    let manifests = [Array("packages/a/package.json".utf8), [0x61, 0xFF]]
    for path in starter.barrels + starter.changelogs + manifests + starter.lockFiles.map(\.path) {
      #expect(plan.sharedFiles(for: path) != nil)
    }
    #expect(plan.shared[3].run == starter.lockFiles[0].run)
    #expect(plan.streams.map(\.id) == ["one", "two.x"])
    #expect(plan.streams.map { Array($0.branch.utf8) } == starter.streams.map(\.branch))
    #expect(plan.streams.map(\.directory) == ["wt-one", nil])
    #expect(plan.streams[1].name == starter.streams[1].name)
    #expect(plan.hive.isShared)
  }

  @Test("A branch that is not UTF-8 is left out, and the plan says so")
  func unnameable() {
    var starter = StarterPlan()
    starter.streams = [.init(id: "one", name: "One", branch: [0x61, 0xFF, 0x0A])]
    let document = document(starter)
    #expect(document.faults.isEmpty)
    #expect(document.plan?.streams.isEmpty == true)
    #expect(starter.text.hasSuffix("\n# \"a\u{FFFD}\\n\" cannot be named here: not UTF-8\n"))
  }

  @Test("Every text comes back as it was", arguments: 1...200 as ClosedRange<UInt64>)
  func escaping(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let text = String(
      String.UnicodeScalarView(
        (0..<20).compactMap { _ in Unicode.Scalar(UInt32.random(in: 1...0x2100, using: &random)) }))
    var starter = StarterPlan()
    starter.name = text
    #expect(document(starter).plan?.project.name.utf8.elementsEqual(text.utf8) == true, "seed \(seed)")
  }
}
