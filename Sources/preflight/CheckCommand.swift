import ArgumentParser
import Checks
import Git
import HookSupport
import Inspection
import Platform
import Reporting
import Rules
import WorkReports

/// `preflight` without a word more.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Judges this branch and runs the plan's checks: what 'preflight' alone does.",
    discussion: """
      Every rule over the branch against trunk and over what is staged, then the plan's checks whose 'when' has \
      "preflight". Exit status: 0 nothing wrong (warnings may be), 1 findings or failed checks, 2 could not work.
      """)

  @Option(help: "text, json or github (annotations of a workflow).")
  var format = OutputFormat.text

  @Flag(help: "Ask the rules only; run none of the plan's checks.")
  var noCommands = false

  @Option(help: "A revision that stands for trunk, as where CI has no branch of that name.")
  var base: String?

  @Flag(help: "Run the checks that have passed on this very tree, too.")
  var rerun = false

  func run() throws {
    let bench = try openWorkbench()
    try bench.requirePlan()
    try bench.requireTrunk()
    let change = try bench.situation.trunk == nil ? nil : bench.situation.wholeChange()
    let report = RuleReport(bench, try change.map { try bench.judge($0) } ?? [])
    if format == .text { report.show() }
    let (checks, signal) = noCommands ? ([], nil) : try runChecks(bench, change)
    show(report, checks)
    if let signal { throw Interrupted(signal: signal) }
    if report.isRefusal || !checks.allSatisfy(\.status.isSuccess) { throw ExitStatus.findings }
  }

  /// A worktree that trunk has left behind is brought along first, where preflight is installed.
  private func openWorkbench() throws -> Workbench {
    let bench = try Workbench(base: base)
    guard base == nil, try bench.repository.recordedTrunk() != nil else { return bench }
    let head = bench.situation.head
    try bench.followTrunk()
    let now = try Workbench()
    return now.situation.head == head ? bench : now
  }

  private func runChecks(_ bench: Workbench, _ change: Change?) throws -> ([CheckResult], signal: Int32?) {
    guard var checks = ProjectChecks(bench.situation, environment: bench.environment) else {
      throw CommandFailure("a bare repository has no worktree to check")
    }
    checks.trustsMemory = !rerun
    // On trunk itself there is no stream that could have left files alone.
    let isStream = base != nil || !bench.situation.isOnTrunk
    return try checks.run(on: .preflight, change: isStream ? change : nil, printer: Printer(.error))
  }

  private func show(_ report: RuleReport, _ checks: [CheckResult]) {
    switch format {
    case .text: showSummary(report, checks)
    case .json:
      StandardStream.output.write(reportDocument(findings: report.findings, checks: checks).text + "\n")
    case .github:
      let lines = gitHubAnnotations(findings: report.findings, checks: checks)
      StandardStream.output.write(lines.map { $0 + "\n" }.joined())
    }
  }

  private func showSummary(_ report: RuleReport, _ checks: [CheckResult]) {
    let errors = Printer(.error)
    errors.print(ProjectChecks.failures(in: checks))
    Printer(.output).print(report.summary(with: checks))
  }
}

extension Workbench {
  /// What every rule says of a change.
  ///
  /// - Parameter saysReady: whether its stream is about to say that it is ready.
  func judge(_ change: Change, saysReady: Bool = false) throws -> [Finding] {
    let rules = ChangeRules(situation, change)
    var findings = change.isStaged ? [] : situation.driftFindings()
    findings += try rules.findings() + rules.unfinishedFindings(saysReady: saysReady) + rules.claims()
    findings += try rules.overlaps(.modules).map(\.finding)
    findings += try situation.messageFindings(
      in: change.commits, stream: change.stream, isForTrunk: change.isForTrunk,
      upstream: situation.upstreamForCommands(isForTrunk: change.isForTrunk))
    if let worktree = situation.worktree, let head = situation.head {
      findings += try situation.lockFindings(in: worktree, tip: head)
    }
    return situation.settled(findings + (try situation.dependencyFindings(in: change.commits, stream: change.stream)))
  }

  var isInCI: Bool { !["", "0", "false"].contains(environment["CI"] ?? "") }

  /// Without trunk nothing can be compared: said once, except in CI, where nobody would read it.
  func requireTrunk() throws {
    guard let trunk = situation.trunk else {
      let problem =
        situation.names.map { "'\($0.branch.shortBranchName)' is not here" } ?? "no branch looks like trunk here"
      if isInCI {
        throw CommandFailure(
          "\(problem), and nothing can be compared with it",
          hint: "preflight --base REF; in a shallow clone get all of it first (actions/checkout: fetch-depth: 0)")
      }
      Printer(.error).print("preflight: \(problem): nothing is compared with it (preflight --base REF)")
      return
    }
    guard let head = situation.head else { return }
    switch try repository.mergeBase(head, trunk.tip) {
    case .found: return
    case .cutOff:
      throw CommandFailure(
        "history is cut off (a shallow clone) before it meets '\(situation.trunkName)'",
        hint: "git fetch --unshallow (actions/checkout: fetch-depth: 0)")
    case .unrelated:
      throw CommandFailure(
        "this branch shares no history with '\(situation.trunkName)'",
        hint: "preflight --base REF")
    }
  }
}
