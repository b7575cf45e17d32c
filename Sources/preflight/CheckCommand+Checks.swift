import Checks
import Git
import Inspection
import Plan
import Platform
import Reporting
import Sync

extension CheckCommand {
  /// Runs the plan's checks, shown while they run; until they have ended no sync moves this worktree.
  ///
  /// - Returns: their results, and the signal that has cut them short.
  func runChecks(_ bench: Workbench, _ change: Change?) throws -> ([CheckResult], signal: Int32?) {
    guard let place = bench.layout.workTree else { throw CommandFailure("a bare repository has no worktree to check") }
    let site = try site(bench, change, at: place)
    let requests = bench.plan.checkRequests(on: .preflight, at: site)
    if requests.isEmpty { return ([], nil) }
    var runner = CheckRunner(state: try? StateDirectory(environment: bench.environment))
    runner.memory = ResultMemory(common: bench.layout.commonDirectory)
    runner.trustsMemory = !rerun
    runner.currentTree = { _ in try? bench.reopened().treeIfClean() }
    let report = try withExtendedLifetime(Activity("preflight", in: bench.layout)) { _ in
      showingProgress { runner.run(requests, observe: $0) }
    }
    return (report.results, report.signal)
  }

  private func showingProgress<Result>(_ body: ((CheckEvent) -> Void) -> Result) -> Result {
    let printer = Printer(.error)
    var progress = CheckProgress(style: printer.style, now: Clock.now(), time: Clock.monotonic())
    let result = body { printer.show(progress.update($0, time: Clock.monotonic())) }
    printer.show(progress.finish())
    return result
  }

  private func site(_ bench: Workbench, _ change: Change?, at place: FilePath) throws -> CheckSite {
    let situation = bench.situation
    let uncommitted = try bench.repository.uncommittedPaths()
    // On trunk itself there is no stream that could have left files alone.
    let isStream = change != nil && (base != nil || !situation.isOnTrunk)
    return CheckSite(
      Placeholders(
        worktree: place, stream: situation.stream.map { Array($0.id.utf8) },
        branch: situation.branch.map { Array($0.shortBranchName.utf8) },
        base: (change?.base).map { Array($0.description.utf8) }),
      environment: GitCommand.unbound(bench.environment),
      trust: try Trust.load(for: bench.layout, environment: bench.environment),
      tree: uncommitted.isEmpty ? try bench.repository.headTree() : nil,
      changedPaths: isStream ? change.map { $0.judged.map(\.path) + uncommitted } : nil)
  }
}

extension Workbench {
  /// Another look at the same worktree: refs and files may have changed since.
  fileprivate func reopened() throws -> Repository { try Repository(layout, environment: environment) }
}

extension Repository {
  fileprivate func headTree() throws -> ObjectID? { try headCommit().map { try commit($0).tree } }

  /// The tree that the worktree holds exactly; `nil` where something is not committed.
  fileprivate func treeIfClean() throws -> ObjectID? { try uncommittedPaths().isEmpty ? headTree() : nil }
}
