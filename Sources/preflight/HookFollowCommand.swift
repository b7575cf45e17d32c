import ArgumentParser
import Git
import HookIdentity
import HookRules
import HookSupport
import Inspection
import Installation
import Platform
import Reporting
import Rules
import StateFiles
import Sync
import WorkReports

/// What a hook starts once it has seen that trunk has moved; see `TrunkFollow`. Speaks in one line on standard error.
struct HookFollowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "hook-follow", shouldDisplay: false)

  @ArgumentParser.Argument var hook: HookName

  func run() throws {
    let invocation = try HookInvocation(
      hook, commandLine: [], directory: FilePath.currentDirectory(), input: [])
    guard let desk = try HookDesk(invocation), let names = desk.situation.names else { return }
    let policy = desk.situation.plan.sync
    let layout = try invocation.layout()
    var options = SyncRun.Options()
    options.leavesCurrent = invocation.isInTheMiddle
    options.isNotice = policy.mode != .rebase
    let sync = SyncRun(
      layout, environment: invocation.environment, plan: desk.situation.plan, names: names, options: options)
    if try recordsBase(layout) { try sync.recordBase() }
    guard let report = try report(sync, layout, desk.situation, isRebasing: policy.mode == .rebase) else { return }
    let printer = Printer(.error, environment: invocation.environment)
    if policy.mode != .off, let line = SyncWords(report).line { printer.print(line) }
    let bench = try Workbench(environment: GitCommand.unbound(invocation.environment))
    printer.print(try bench.queueCommands(after: report))
    try bench.startNotices()
  }

  private func report(
    _ sync: SyncRun, _ layout: RepositoryLayout, _ situation: Situation, isRebasing: Bool
  ) throws -> SyncReport? {
    if try TrunkWatch(layout).isSyncNeeded() {
      try situation.refreshMergeDriver()
      return try sync.run()
    }
    return isRebasing && hook == .postCommit ? try sync.catchUp() : nil
  }

  private func recordsBase(_ layout: RepositoryLayout) throws -> Bool {
    guard let branch = try layout.branch() else { return false }
    return try hook.mayMoveBase || StreamBases(layout).recorded(for: branch) == nil
  }
}

/// What a hook starts where the plan has checks for it; see `HookDesk.runChecks`. Exit status 1 where one has failed.
struct HookChecksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "hook-checks", shouldDisplay: false)

  @ArgumentParser.Argument var hook: HookName

  func run() throws {
    let invocation = try HookInvocation(
      hook, commandLine: [], directory: FilePath.currentDirectory(), input: [])
    guard let desk = try HookDesk(invocation), let occasion = hook.occasion,
      let checks = ProjectChecks(desk.situation, environment: invocation.environment)
    else { return }
    let printer = Printer(.error, environment: invocation.environment)
    let situation = desk.situation
    let change = try hook == .prePush ? situation.wholeChange() : situation.stagedChange()
    let (results, signal) = try checks.run(on: occasion, change: change, printer: printer)
    printer.print(ProjectChecks.failures(in: results))
    if let signal { throw Interrupted(signal: signal) }
    if !results.allSatisfy(\.status.isSuccess) { throw ExitStatus.findings }
  }
}

/// What post-commit starts once it has seen that HEAD is not where pre-commit saw it; see `CommitAftermath`.
struct HookMovedHeadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "hook-moved-head", shouldDisplay: false)

  /// Short names of branches.
  @ArgumentParser.Argument var expected: String
  @ArgumentParser.Argument var actual: String

  func run() throws {
    HookReport(environment: .current, hints: nil).show([BranchDriftRule.movedHead(from: expected, to: actual)])
  }
}

extension HookName: ExpressibleByArgument {}
