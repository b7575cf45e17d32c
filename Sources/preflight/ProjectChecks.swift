import Checks
import Git
import Inspection
import Plan
import Platform
import Reporting
import Sync
import WorkReports

/// Runs the plan's own commands in the worktree at hand: for `preflight`, for pre-push and for pre-commit alike.
///
/// Until they have ended no sync moves this worktree.
struct ProjectChecks {
  private let situation: Situation
  private let environment: Environment
  private let place: FilePath
  /// Whether passes that are remembered count.
  var trustsMemory = true
  /// The stream and its branch, without `refs/heads/`, for a worktree that holds what they will become, and no branch.
  var standsFor: (stream: String, branch: String)?

  /// `nil` in a bare repository, which has nothing to check.
  init?(_ situation: Situation, environment: Environment) {
    guard let place = situation.repository.layout.workTree else { return nil }
    self.situation = situation
    self.environment = environment
    self.place = place
  }

  /// - Parameters:
  ///   - change: decides which checks have nothing to look at; `nil`: all of them run.
  ///   - printer: where progress is shown.
  /// - Returns: their results, and the signal that has cut them short.
  func run(
    on occasion: Plan.Check.Occasion, change: Change?, printer: Printer
  ) throws -> (results: [CheckResult], signal: Int32?) {
    guard situation.checks.contains(where: { $0.occasions.contains(occasion) }) else { return ([], nil) }
    let requests = situation.plan.checkRequests(on: occasion, at: try site(change))
    var runner = CheckRunner(state: try? StateDirectory(environment: environment))
    runner.memory = ResultMemory(common: situation.repository.layout.commonDirectory)
    runner.trustsMemory = trustsMemory
    runner.currentTree = { _ in try? reopened().treeIfClean() }
    let activity = try Activity(occasion.rawValue, in: situation.repository.layout)
    let report = withExtendedLifetime(activity) { _ in
      showingProgress(on: printer) { runner.run(requests, observe: $0) }
    }
    // What nobody can write down is shown as not known.
    try? LastResults(situation.repository.layout.worktreeStateDirectory).note(
      report.results, of: requests, at: Clock.now())
    return (report.results, report.signal)
  }

  /// What is to be said of those that did not pass.
  static func failures(in results: [CheckResult]) -> [DisplayText] {
    var lines = failedOutput(results)
    let untrusted = results.count { $0.status == .notTrusted }
    if untrusted > 0 {
      lines += [
        "\("error:", .error) \(untrusted, "check") not run: the commands are not approved on this machine",
        "\("hint:", .hint) preflight trust",
      ]
    }
    return lines
  }

  private func showingProgress<Result>(on printer: Printer, _ body: ((CheckEvent) -> Void) -> Result) -> Result {
    var progress = CheckProgress(style: printer.style, now: Clock.now(), time: Clock.monotonic())
    let result = body { printer.show(progress.update($0, time: Clock.monotonic())) }
    printer.show(progress.finish())
    return result
  }

  private func site(_ change: Change?) throws -> CheckSite {
    let repository = try reopened()
    let uncommitted = try repository.uncommittedPaths()
    return CheckSite(
      Placeholders(
        worktree: place, stream: (standsFor?.stream ?? situation.stream?.id).map { Array($0.utf8) },
        branch: (standsFor?.branch ?? situation.branch?.shortBranchName).map { Array($0.utf8) },
        base: try change?.base().map { Array($0.description.utf8) }),
      environment: environment.forCommand(in: repository.layout, stream: situation.stream?.id),
      trust: try Trust.load(for: repository.layout, environment: environment),
      tree: uncommitted.isEmpty ? try repository.headTree() : nil,
      changedPaths: change.map { $0.judged.map(\.path) + uncommitted })
  }

  /// Another look at the same worktree, with its own index: refs and files may have changed since.
  private func reopened() throws -> Repository {
    let layout = situation.repository.layout
    return try Repository(
      RepositoryLayout(
        gitDirectory: layout.gitDirectory, commonDirectory: layout.commonDirectory, workTree: layout.workTree),
      environment: GitCommand.unbound(environment))
  }
}

extension Repository {
  fileprivate func headTree() throws -> ObjectID? { try headCommit().map { try commit($0).tree } }

  /// The tree that the worktree holds exactly; `nil` where something is not committed.
  fileprivate func treeIfClean() throws -> ObjectID? { try uncommittedPaths().isEmpty ? headTree() : nil }
}
