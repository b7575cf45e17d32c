import Git
import Hive
import Landing
import Outbox
import Platform
import TestSupport
import Testing

@Suite("Finishing a stream")
struct FinishTests {
  private static let plan = """
    [finish]
    run = ["sh", "-c", "echo opened >> @/noted"]
    [notify]
    ready = ["true", "{stream}"]
    """

  private func run(
    _ hive: LandingHive, _ observe: (FinishRun.Step, FinishRun.Outcome) throws -> Void = { _, _ in }
  ) throws -> FinishRun.Obstacle? {
    let environment = hive.repository.environment
    let run = FinishRun(
      try hive.situation(in: hive.a).repository.layout, branch: "refs/heads/stream/a", names: hive.names,
      environment: environment, open: { try hive.situation(in: hive.a) },
      check: { $0.head != nil },
      notify: { try OutboxDesk(hive.situation(in: hive.a), environment: environment).queueNews() })
    return try run.run { step, outcome, _ in try observe(step, outcome) }
  }

  @Test(
    "Killed after any step, with or without a sync that rewrites its commits, it ends as if it had not been",
    arguments: FinishRun.Step.allCases, [false, true])
  func killed(after last: FinishRun.Step, rewritten: Bool) throws {
    let hive = try LandingHive(Self.plan)
    try hive.repository.commit("feat: one (T-1)", ["alpha": "2\n"], in: hive.a)
    #expect(throws: Killed.self) { try run(hive) { step, _ in if step == last { throw Killed() } } }
    if rewritten {
      try hive.repository.commit("feat: trunk", ["other": "1\n"])
      try hive.repository.git(["rebase", "--quiet", "main"], in: hive.a)
    }
    var outcomes: [FinishRun.Step: FinishRun.Outcome] = [:]
    #expect(try run(hive) { outcomes[$0] = $1 } == nil)
    #expect(try hive.noted() == ["opened"])
    #expect(try hive.repository.tip("stream/a") == hive.repository.tip("refs/remotes/origin/stream/a"))
    let order = FinishRun.Step.allCases
    if order.firstIndex(of: last)! >= order.firstIndex(of: .run)! { #expect(outcomes[.run] == .already) }
    let layout = try hive.situation(in: hive.a).repository.layout
    #expect(try Outbox(layout).all().map(\.stream) == ["a"])  // one event
    let signals = try HiveStore(hive.repository.open(), environment: hive.repository.environment).events(limit: nil)
    #expect(signals.count == 1)
  }

  @Test("A branch that was made anew under an old name is finished anew")
  func madeAnew() throws {
    let hive = try LandingHive(Self.plan)
    try hive.repository.commit("feat: one (T-1)", ["alpha": "2\n"], in: hive.a)
    #expect(try run(hive) == nil)
    try hive.repository.git(["switch", "--quiet", "--detach"], in: hive.a)
    try hive.repository.git(["branch", "--quiet", "-D", "stream/a"])
    try hive.repository.git(["push", "--quiet", "origin", ":stream/a"])
    try hive.repository.git(["switch", "--quiet", "-c", "stream/a", "main"], in: hive.a)
    try hive.repository.commit("feat: other (T-2)", ["alpha": "3\n"], in: hive.a)
    #expect(try run(hive) == nil)
    #expect(try hive.noted() == ["opened", "opened"])
  }

  @Test("New work on a branch whose old work has landed is finished anew, and until then it is not")
  func landed() throws {
    let hive = try LandingHive(Self.plan)
    try hive.repository.commit("feat: one (T-1)", ["alpha": "2\n"], in: hive.a)
    #expect(try run(hive) == nil)
    try hive.repository.commit("feat: more (T-1)", ["alpha": "3\n"], in: hive.a)
    #expect(try run(hive) == nil)
    #expect(try hive.noted() == ["opened"])
    try hive.repository.git(["merge", "--quiet", "--squash", "stream/a"])
    try hive.repository.git(["commit", "--quiet", "-m", "feat: one (T-1) (#1)"])
    try hive.repository.commit("feat: two (T-2)", ["alpha2": "1\n"], in: hive.a)
    #expect(try run(hive) == nil)
    #expect(try hive.noted() == ["opened", "opened"])
  }

  @Test("A command that nobody has approved is not run, and what comes after it is not said")
  func untrusted() throws {
    let hive = try LandingHive(Self.plan)
    hive.repository.environment["PREFLIGHT_TRUST"] = nil
    try hive.repository.commit("feat: one (T-1)", ["alpha": "2\n"], in: hive.a)
    #expect(try run(hive) == .notTrusted)
    #expect(try hive.noted().isEmpty)
    #expect(
      try HiveStore(hive.repository.open(), environment: hive.repository.environment).snapshot().signals().isEmpty)
  }
}
