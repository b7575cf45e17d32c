import Git
import Plan
import Platform
import StateFiles

extension SyncRun {
  /// Puts the own commits of a stream that has gone wrong on a new branch from trunk, as one would by cherry-picking them.
  ///
  /// The new branch is checked out in a new worktree beside the stream's: none that is there is ours to switch. The old
  /// branch, its worktree and its files stay as they are. A conflict leaves the new worktree clean at the stream's own tip,
  /// where an ordinary rebase goes on.
  ///
  /// - Parameter branch: in full; it has commits.
  public func startAfresh(from branch: String) throws(GitError) -> SyncReport {
    var report = SyncReport()
    if options.fetches { report.fetchFailure = try fetch() }
    if options.isDryRun {
      try startAfresh(from: branch, &report)
      if report.state == .done { report.state = .predicted }
      return report
    }
    let holder = try SyncLock.hold(
      in: layout, as: "sync in \(layout.workTree ?? layout.gitDirectory)", wait: options.wait,
      waiting: { waiting($0.process, $0.description) }
    ) { () throws(GitError) in
      report.recoveries = try engine.recover(patience: max(options.wait, 2), inUse: inUse)
      try startAfresh(from: branch, &report)
    }
    if let holder {
      report.state = .runningElsewhere(process: holder.process, description: holder.description)
    }
    return report
  }

  private func startAfresh(from branch: String, _ report: inout SyncReport) throws(GitError) {
    let repository = try openRepository()
    report.trunk = try repository.trunk(names)
    guard let trunk = report.trunk else { return report.state = .noTrunk }
    if trunk.isDiverged { return report.state = .diverged }
    guard let tip = try repository.target(of: branch) else {
      throw GitError(.malformed("'\(branch)': there is no such branch"))
    }
    report.startedFrom = branch
    let worktree = try layout.worktrees().first { $0.branch?.isSameName(as: branch) ?? false }
    let stream = plan.streams.first { "refs/heads/\($0.branch)".isSameName(as: branch) }
    let base = try StreamBases(layout).base(of: branch, tip: tip, onto: trunk.tip, in: repository)
    let reason: LeaveReason
    switch base {
    case .found(trunk.tip): reason = .upToDate
    case .unrelated: reason = .unrelated
    case .cutOff: reason = .cutOff
    case .found(let base):
      let site = try freshSite(for: branch, stream: stream, worktree: worktree, in: repository)
      let entry = try startAfresh(at: site, stream: stream, tip: tip, onto: trunk.tip, base: base, in: repository)
      return report.entries = [entry]
    }
    let place = worktree?.path ?? layout.commonDirectory
    report.entries = [.init(stream: stream?.id, branch: branch, path: place, outcome: .left(reason))]
  }

  /// A new branch and the directory where it is checked out; neither exists.
  private struct FreshSite {
    /// In full.
    var branch: String
    var path: FilePath
  }

  private func freshSite(
    for branch: String, stream: Plan.Stream?, worktree: Worktree?, in repository: Repository
  ) throws(GitError) -> FreshSite {
    var place: FilePath
    if let worktree {
      place = worktree.path
    } else {
      let main = layout.mainWorktreePath ?? layout.commonDirectory
      let name = stream?.directory ?? FilePath(branch.shortBranchName).lastComponent.description
      place = main.appending(plan.worktree.directory).appending(name).normalized
    }
    place = place.withoutTrailingSlashes
    var number = 1
    while true {
      let suffix = number == 1 ? "-fresh" : "-fresh-\(number)"
      let site = FreshSite(branch: branch + suffix, path: FilePath(place.bytes + Array(suffix.utf8)))
      if try repository.target(of: site.branch) == nil, !site.path.exists { return site }
      number += 1
    }
  }

  private func startAfresh(
    at site: FreshSite, stream: Plan.Stream?, tip: ObjectID, onto: ObjectID, base: ObjectID, in repository: Repository
  ) throws(GitError) -> SyncReport.Entry {
    var move = SyncPlan.Move(
      worktree: Worktree(
        path: site.path, gitDirectory: layout.gitDirectory, commonDirectory: layout.commonDirectory,
        head: .branch(site.branch)),
      branch: site.branch, from: tip, onto: onto, base: base)
    var outcome = SyncReport.Outcome.wouldMove(move)
    if !options.isDryRun {
      let made = try makeWorktree(at: site, tip: tip)
      // Should the move fail, whoever goes on has to know where the stream's own commits begin.
      try StreamBases(layout).record(base, for: site.branch)
      move.worktree = made
      let site = MoverSite(
        layout: layout, environment: environment, plan: plan, names: names, undo: undo, retriesConflicts: true)
      outcome = Mover(site).outcome(of: move, isAlone: true) ?? outcome
    }
    return SyncReport.Entry(stream: stream?.id, branch: site.branch, path: site.path, outcome: outcome)
  }

  /// What git has made by then counts, not its exit status: that is a post-checkout hook's where the repository has one.
  private func makeWorktree(at site: FreshSite, tip: ObjectID) throws(GitError) -> Worktree {
    let git = GitCommand(in: layout.workTree ?? layout.gitDirectory, environment: environment)
    let result = try git.run([
      "worktree", "add", "--quiet", "--no-track", "-b", Argument(site.branch.shortBranchName), Argument(site.path),
      "\(tip)",
    ])
    if let made = try layout.worktrees().first(where: { $0.branch?.isSameName(as: site.branch) ?? false }) {
      return made
    }
    // The branch comes first: without its worktree it would be in the way of the next attempt.
    _ = try git.run(["update-ref", "-d", Argument(site.branch), "\(tip)"])
    throw GitCommand.failure(["worktree", "add"], result)
  }
}
