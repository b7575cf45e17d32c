import Checks
import FindingReports
import Git
import Inspection
import Platform
import Reporting
import Rules
import WorkReports

/// What the rules say of a worktree, less what a person has asked to be passed over.
struct RuleReport {
  let findings: [Finding]
  private let skipped: [(finding: Finding, reason: String)]
  private let bench: Workbench
  private let earlier: [Bypasses.Record]
  /// What the next commit passes, with the reasons.
  private let pending: [String: String]

  /// Writes down what is passed over now: it is shown until the next push.
  init(_ bench: Workbench, _ all: [Finding]) {
    self.bench = bench
    let bypasses = Bypasses(
      commonState: bench.layout.stateDirectory, worktreeState: bench.layout.worktreeStateDirectory,
      environment: bench.environment)
    let branch = bench.situation.branch?.shortBranchName ?? "HEAD"
    earlier = bypasses.sinceLastPush().filter { $0.branch == branch }
    pending = bypasses.pending()
    (findings, skipped) = bypasses.divide(all, includingPending: false)
    bypasses.record(skipped, branch: branch)
  }

  var isRefusal: Bool { findings.contains { $0.severity == .error } }

  func show() {
    let setting = (try? bench.repository.configuration())?.boolean("preflight.hints")
    let text = FindingText(hints: Hints(setting: setting, inHook: false)) { [bench] commit in
      try? bench.repository.commit(commit).subject
    }
    let printer = Printer(.error)
    for record in earlier {
      printer.print("preflight: passed over since the last push: \(record.rule) (\(record.reason))")
    }
    for (rule, reason) in pending.sorted(by: { $0.key < $1.key }) {
      printer.print("preflight: the next commit here passes \(rule) (\(reason))")
    }
    for rule in Set(skipped.map(\.finding.rule.rawValue)).sorted() {
      printer.print("preflight: passed over now: \(rule)")
    }
    printer.print(text.lines(findings))
  }

  /// The rules, then the checks, a row each.
  func summary(with checks: [CheckResult]) -> Table {
    let results = checkSummary(checks, now: Clock.now())
    var table = Table(results.columns, hasHeader: results.hasHeader)
    table.append(["rules", FindingReports.summary(of: findings) ?? "\("passed", .good)", ""])
    for row in results.rows { table.append(row) }
    return table
  }
}
