import Git
import Plan
import Platform
import Testing

@testable import Checks

@Suite("The checks of a plan")
struct PlannedChecksTests {
  private var plan: Plan {
    var tests = Plan.Check()
    tests.name = "tests"
    tests.run = ["npm", "test"]
    tests.lock = "docker"
    tests.timeout = 5
    tests.environment = ["MODE"]
    var lint = Plan.Check()
    lint.name = "lint"
    lint.run = ["npm", "run", "lint"]
    lint.paths = ["**/*.ts", "lint.json"]
    var format = Plan.Check()
    format.name = "format"
    format.run = ["npm", "run", "format"]
    format.occasions = [.preCommit]
    var plan = Plan()
    plan.checks = [tests, lint, format]
    return plan
  }

  private func requests(trusting commands: [TrustedCommand]?, changed paths: [String]?) throws -> [CheckRequest] {
    var requests: [CheckRequest] = []
    try withTemporaryDirectory { directory in
      var environment = Environment(["XDG_STATE_HOME": directory.description])
      if commands == nil { environment["PREFLIGHT_TRUST"] = "1" }
      var trust = try Trust.load(repository: "/r", environment: environment)
      if let commands { try trust.approve(commands) }
      let site = CheckSite(
        Placeholders(worktree: "/w"), environment: Environment(["MODE": "x"]), trust: trust,
        changedPaths: paths?.map { Array($0.utf8) })
      requests = plan.checkRequests(on: .preflight, at: site)
    }
    return requests
  }

  @Test("Those of the occasion are asked for, in the order of the plan, as the plan has them")
  func asPlanned() throws {
    let requests = try requests(trusting: nil, changed: nil)
    #expect(requests.map(\.name) == ["tests", "lint"])
    #expect(requests[0].command == ["npm", "test"])
    #expect(requests[0].lock == "docker")
    #expect(requests[0].timeout == 5)
    #expect(requests[0].variables == ["MODE"])
    #expect(requests[0].directory == "/w")
    #expect(requests.map(\.foregone) == [nil, nil])
  }

  @Test("One whose files the stream left alone is skipped; one without paths never is")
  func skipped() throws {
    let skipped = CheckStatus.skipped("no file of its paths has changed")
    #expect(try requests(trusting: nil, changed: []).map(\.foregone) == [nil, skipped])
    #expect(try requests(trusting: nil, changed: ["README.md"]).map(\.foregone) == [nil, skipped])
    #expect(try requests(trusting: nil, changed: ["README.md", "src/x.ts"]).map(\.foregone) == [nil, nil])
  }

  @Test("One whose command is not approved is not run, and neither is one whose command has changed since")
  func notTrusted() throws {
    let approved = TrustedCommand("checks.tests", ["npm", "test"])
    let other = TrustedCommand("checks.lint", ["npm", "run", "lint", "--fix"])
    #expect(try requests(trusting: [], changed: nil).map(\.foregone) == [.notTrusted, .notTrusted])
    #expect(try requests(trusting: [approved, other], changed: nil).map(\.foregone) == [nil, .notTrusted])
  }

  @Test("Every command of a plan is one to be approved, each once")
  func commands() {
    var plan = plan
    var install = Plan.AfterSync()
    install.run = ["npm", "install"]
    var each = install
    each.place = .each
    plan.afterSync = [install, install, each]
    var lock = Plan.SharedFiles()
    lock.run = ["npm", "lock"]
    plan.shared = [Plan.SharedFiles(), lock]
    plan.worktree.setup = [["a"], ["b"]]
    plan.worktree.remove = [["c"]]
    plan.launch = ["d"]
    plan.finish = ["e"]
    plan.merge = ["f"]
    plan.notify.commands = [.pushed: ["h"], .committed: ["g"]]
    #expect(
      plan.commands == [
        TrustedCommand("checks.tests", ["npm", "test"]), TrustedCommand("checks.lint", ["npm", "run", "lint"]),
        TrustedCommand("checks.format", ["npm", "run", "format"]),
        TrustedCommand("after-sync", ["npm", "install"], in: .main), TrustedCommand("after-sync", ["npm", "install"]),
        TrustedCommand("shared", ["npm", "lock"]), TrustedCommand("worktree.setup", ["a"]),
        TrustedCommand("worktree.setup", ["b"]), TrustedCommand("worktree.remove", ["c"]),
        TrustedCommand("launch", ["d"]), TrustedCommand("finish", ["e"]), TrustedCommand("merge", ["f"]),
        TrustedCommand("notify.committed", ["g"]), TrustedCommand("notify.pushed", ["h"]),
      ])
    #expect(Plan().commands.isEmpty)
  }
}
