import Foundation
import Plan
import Testing

@testable import PlanFile

@Suite("The Live Services plan")
struct LiveServicesTests {
  private let document: PlanDocument
  private let plan: Plan

  init() throws {
    let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/live-services.toml")
    let rules = ["ownership", "exports.foreign", "exports.shape"]
    document = PlanDocument([UInt8](try Data(contentsOf: fixture)), file: "preflight.toml", rules: rules)
    plan = try #require(document.plan)
  }

  @Test("It has no fault")
  func faultless() { #expect(document.faults.isEmpty) }

  @Test("Its policies are read")
  func policies() {
    #expect(plan.project.name == "live-services")
    #expect(plan.project.trunk == "main")
    #expect(plan.project.remote == "origin")
    #expect(plan.project.issuePrefixes == ["SMI"])
    #expect(plan.commits == Plan.CommitPolicy())
    #expect(plan.rules.level(of: "ownership") == .warn)
    #expect(plan.rules.level(of: "exports.foreign") == .error)
    #expect(plan.sync == Plan.SyncPolicy())
    #expect(plan.worktree.directory == "../worktrees")
    #expect(plan.worktree.links == [".env"])
    #expect(plan.hive.isShared)
    #expect(plan.launch == ["claude", "{brief}"])
    #expect(plan.finish == ["gh", "pr", "create", "--fill", "--head", "{branch}"])
    #expect(plan.merge == ["gh", "pr", "merge", "--squash", "{branch}"])
    #expect(plan.notify.interval == 0.15)
    #expect(plan.notify.retries == 5)
    #expect(Set(plan.notify.commands.keys) == [.committed, .pushed, .merged])
    #expect(plan.notify.commands[.merged] == ["linear", "issues", "update", "{issue}", "-s", "Done"])
  }

  @Test("Its shared files and commands are read, in order")
  func files() {
    #expect(plan.shared.map(\.merge) == [.barrel, .manifest, .changelog, .regenerate])
    #expect(plan.shared[1].paths == ["package.json", "packages/*/package.json"])
    #expect(plan.shared.allSatisfy { $0.stubs == .block && !$0.takesHigherVersion })
    #expect(plan.shared[3].run == ["npm", "install", "--package-lock-only"])
    #expect(plan.checks.map(\.name) == ["tests", "types", "lint", "standards", "dependencies"])
    #expect(plan.checks.allSatisfy { $0.lock == "docker" && $0.occasions == [.preflight] && $0.run[0] == "docker" })
    #expect(plan.checks.map(\.timeout) == [1200, 600, 600, 600, 600])
    #expect(plan.checks[2].paths == ["**/*.ts", "**/*.tsx"])
    #expect(plan.afterSync.map(\.run) == [["npm", "install"]])
    #expect(plan.afterSync[0].place == .main)
  }

  @Test("Its six streams and seventeen issues are read, in order")
  func streams() {
    #expect(plan.streams.map(\.id) == ["ws1", "ws2", "ws3", "ws4", "ws5", "ws6"])
    #expect(plan.streams.flatMap(\.issues).count == 17)
    #expect(plan.streams[0].name == "CI/Testing")
    #expect(plan.streams[0].branch == "feature/live-services-ci-testing")
    #expect(plan.streams[0].directory == "live-svc-ci-testing")
    #expect(plan.streams[0].worker == "Tester + Coder")
    #expect(plan.streams[0].estimate == 4...6)
    #expect(plan.streams[0].files.count == 4)
    #expect(plan.issue("SMI-1457")?.isExternal == true)
    #expect(plan.issue("SMI-1582")?.priority == "P0")
    #expect(plan.waits(of: plan.streams[3]) == [.init(issue: "SMI-1455", prerequisite: "SMI-1448", stream: "ws3")])
  }

  @Test("It survives compiling")
  func compiled() { #expect(CompiledPlan.decode(CompiledPlan.encode(plan, sourceID: [1])) == plan) }

  @Test("Keys that the example only mentions are read too")
  func mentioned() throws {
    let text = """
      rounds = [["A-1"], ["ws2"]]
      [rules]
      message.scope = "off"
      [worktree]
      checkout = false
      setup = [["docker", "compose", "up", "-d"]]
      remove = [["docker", "compose", "down"]]
      [[shared]]
      paths = ["package.json"]
      merge = "manifest"
      versions = "higher"
      [[shared]]
      paths = ["src/index.ts"]
      stubs = "uncomment"
      [[checks]]
      name = "tests"
      run = ["npm", "test"]
      when = ["pre-push", "pre-commit"]
      env = ["NODE_ENV"]
      [[after-sync]]
      paths = ["package-lock.json"]
      run = ["npm", "ci"]
      where = "each"
      [notify]
      ready = ["say", "{stream}", "{sha}", "{subject}"]
      blocked = ["say"]
      [streams.ws1]
      branch = "one"
      estimate = "30m"
      issues = [{ id = "A-1" }]
      [streams.ws2]
      branch = "two"
      base = "ws1"
      stubs = ["./x.js"]
      files = ["a", { path = "b", new = true }]
      """
    let document = PlanDocument(Array(text.utf8), file: "p", rules: ["message.scope"])
    #expect(document.faults.isEmpty)
    let plan = try #require(document.plan)
    #expect(plan.rounds == [["A-1"], ["ws2"]])
    #expect(plan.rules.level(of: "message.scope") == .off)
    #expect(!plan.worktree.checkout)
    #expect(plan.worktree.setup == [["docker", "compose", "up", "-d"]])
    #expect(plan.worktree.remove == [["docker", "compose", "down"]])
    #expect(plan.shared[0].takesHigherVersion)
    #expect(plan.shared[1].stubs == .uncomment)
    #expect(plan.checks[0].occasions == [.prePush, .preCommit])
    #expect(plan.checks[0].environment == ["NODE_ENV"])
    #expect(plan.afterSync[0].place == .each)
    #expect(plan.notify.commands[.ready] == ["say", "{stream}", "{sha}", "{subject}"])
    #expect(plan.notify.commands[.blocked] == ["say"])
    #expect(plan.streams[0].estimate == 0.5...0.5)
    #expect(plan.streams[1].base == "ws1")
    #expect(plan.streams[1].stubs == ["./x.js"])
    #expect(plan.streams[1].files == ["a", "b"])
  }
}

@Suite("The plan's patterns against trunk's files")
struct PathFaultTests {
  private func faults(_ text: String, _ paths: [String]) -> [String] {
    PlanDocument(Array(text.utf8), file: "p", rules: []).faults(against: paths.map { Array($0.utf8) }).map(
      \.description)
  }

  @Test("A pattern that matches nothing is named with the nearest real path, and how to mark it as new")
  func nothing() {
    let text = "[streams.a]\nbranch = \"x\"\nfiles = [\"core/src/database/**\", { path = \"new/**\", new = true }]"
    let document = PlanDocument(Array(text.utf8), file: "p", rules: [])
    let found = document.faults(against: [Array("core/src/db/schema.ts".utf8)])
    #expect(
      found == [
        PlanFault(
          file: "p", position: .init(line: 3, column: 10), severity: .warning,
          message: "pattern 'core/src/database/**' matches nothing on trunk; did you mean 'core/src/db/**'?",
          hint: #"for files that are still to be made write { path = "core/src/database/**", new = true }"#)
      ])
  }

  @Test("Patterns of shared files, checks and after-sync are looked at too")
  func others() {
    let text = """
      [[shared]]
      paths = ["src/indx.ts"]
      [[checks]]
      name = "a"
      run = ["x"]
      paths = ["lib/**"]
      [[after-sync]]
      run = ["x"]
      paths = ["lock"]
      """
    #expect(
      faults(text, ["src/index.ts"]) == [
        "p:2:10: warning: pattern 'src/indx.ts' matches nothing on trunk; did you mean 'src/index.ts'?",
        "p:6:10: warning: pattern 'lib/**' matches nothing on trunk",
        "p:9:10: warning: pattern 'lock' matches nothing on trunk",
      ])
  }

  @Test("Two streams that claim one file are warned, unless it is shared")
  func overlap() {
    let text = """
      [[shared]]
      paths = ["src/index.ts"]
      [streams.a]
      branch = "x"
      files = ["src/*.ts", "docs/"]
      [streams.b]
      branch = "y"
      files = ["src/**/m*", "src/index.ts", "docs/new.md"]
      """
    #expect(
      faults(text, ["src/index.ts", "src/main.ts", "docs/a.md", "docs/new.md"]) == [
        "p:8:10: warning: pattern 'src/**/m*' of stream 'b' and 'src/*.ts' of stream 'a' both match 'src/main.ts'",
        "p:8:39: warning: pattern 'docs/new.md' of stream 'b' and 'docs/' of stream 'a' both match 'docs/new.md'",
      ])
  }
}
