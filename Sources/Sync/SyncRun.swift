import Git
import Plan
import Platform
import StateFiles

/// Brings the worktrees of a repository onto trunk: the one entry for hooks and for `preflight sync`.
public struct SyncRun {
  public struct Options: Sendable {
    /// Decide and report; change nothing and record nothing.
    public var isDryRun = false
    /// Decide, report, and take trunk's move as dealt with: what hooks do where the plan says `mode = "notify"`.
    public var isNotice = false
    /// Ids of streams, or short names of branches; empty: all.
    public var streams: [String] = []
    /// Ask the remote first.
    public var fetches = false
    /// Seconds to wait for another sync; hooks do not wait.
    public var wait = 0.0
    /// Set by a hook that runs in the middle of something in its own worktree, which must not be moved then.
    public var leavesCurrent = false
    /// Only the worktree that we stand in.
    public var onlyCurrent = false
    /// A revision that stands for trunk, this once: nothing is concluded from it for later.
    public var onto: String?
    /// Try again where a stream has conflicted and nothing has changed since.
    public var retriesConflicts = false

    public init() {}
  }

  public let layout: RepositoryLayout
  let environment: Environment
  let plan: Plan
  let names: TrunkNames
  let options: Options
  /// Of this sync, however many threads take part.
  let undo: UndoRefs
  let engine: any Engine
  let waiting: (_ process: Int32, _ description: String) -> Void

  /// - Parameters:
  ///   - layout: the worktree that we stand in; in a hook, the one whose git runs us.
  ///   - environment: may be a hook's; what git exported in it never reaches another worktree.
  ///   - waiting: told once who is waited for: another sync, or a git that a remote keeps waiting.
  public init(
    _ layout: RepositoryLayout, environment: Environment = .current, plan: Plan, names: TrunkNames,
    options: Options = Options(), waiting: @escaping (_ process: Int32, _ description: String) -> Void = { _, _ in }
  ) {
    self.layout = layout
    self.environment = GitCommand.scrubbed(environment)
    self.plan = plan
    self.names = names
    self.options = options
    self.waiting = waiting
    undo = UndoRefs(layout, environment: self.environment)
    engine = ReplayEngine(layout, environment: self.environment, plan: plan, names: names, undo: undo)
  }

  public func run() throws(GitError) -> SyncReport {
    var report = SyncReport()
    if options.fetches { report.fetchFailure = try fetch() }
    let target = try options.onto.flatMap { revision throws(GitError) in
      try openRepository().commitID(named: revision)
    }
    if let revision = options.onto, target == nil {
      report.state = .noTarget(revision)
      return report
    }
    if options.isDryRun {
      report.merge(try pass(onto: target).report)
      report.state = report.state == .done ? .predicted : report.state
      return report
    }
    let watch = TrunkWatch(layout, environment: environment)
    // Trunk may move while we work, by somebody who then found the lock taken and left: look again after releasing it.
    for round in 0..<16 {
      var seen: TrunkWatch.Snapshot?
      let holder = try SyncLock.hold(
        in: layout, as: "sync in \(layout.workTree ?? layout.gitDirectory)", wait: options.wait,
        waiting: { waiting($0.process, $0.description) }
      ) { () throws(GitError) in
        let result = try lockedPass(onto: target)
        report.merge(result.report)
        seen = result.snapshot
      }
      if let holder {
        // After a round of our own it is the other's turn: trunk moved before it took the lock.
        if round == 0 {
          report.state = .runningElsewhere(process: holder.process, description: holder.description)
        }
        return report
      }
      // Nor is a worktree left behind because somebody committed there just then.
      let isOvertaken = report.entries.contains { $0.outcome == .left(.changedMeanwhile) }
      if try watch.snapshot(of: names, and: parents) == seen, !isOvertaken { break }
    }
    return report
  }

  /// Moves the worktree that we stand in if an earlier sync had to leave it; `nil` when it is not due.
  public func catchUp() throws(GitError) -> SyncReport? {
    guard Due(layout).reason() != nil else { return nil }
    var options = options
    options.onlyCurrent = true
    return try SyncRun(
      layout, environment: environment, plan: plan, names: names, options: options, waiting: waiting
    ).run()
  }

  /// Completes or takes back what a sync that died has left behind, and moves nothing else.
  ///
  /// - Returns: who runs a sync just now, which keeps us from it; `nil`: nothing is left over that could be settled.
  public func recover() throws(GitError) -> String? {
    let holder = try SyncLock.hold(
      in: layout, as: "sync in \(layout.workTree ?? layout.gitDirectory)", wait: options.wait,
      waiting: { waiting($0.process, $0.description) }
    ) { () throws(GitError) in
      _ = try engine.recover(patience: max(options.wait, 2), inUse: inUse)
    }
    return holder?.description
  }

  /// Notes where the own commits of the stream that we stand in begin: after every commit, merge or rewrite there, since
  /// a rebase or merge by hand moves that point and only the recorded one survives an amended trunk.
  public func recordBase() throws(GitError) {
    let repository = try openRepository()
    guard let worktree = try layout.worktree(), let trunk = try repository.trunk(names), !trunk.isDiverged else {
      return
    }
    try recordBases(survey(repository, trunk).candidates([worktree], inUse: nil))
  }

  /// Notes where each stream's own commits begin, and that everybody has seen trunk where it is: what `install` does.
  public func recordPresentState() throws(GitError) {
    let snapshot = try TrunkWatch(layout, environment: environment).snapshot(of: names, and: parents)
    let repository = try openRepository()
    if let trunk = try repository.trunk(names) {
      try recordBases(survey(repository, trunk).candidates(layout.worktrees(), inUse: nil))
    }
    try TrunkWatch(layout, environment: environment).record(snapshot)
  }
}

extension SyncRun {
  /// The branches that other streams are stacked on, in full: when one moves, those follow it.
  private var parents: [String] {
    let ids = Set(plan.streams.compactMap(\.base))
    return plan.streams.filter { ids.contains($0.id) && !$0.branch.isEmpty }.map { "refs/heads/\($0.branch)" }
  }

  var inUse: FilePath? { options.leavesCurrent ? layout.gitDirectory : nil }

  /// A repository opened now: one that was opened before the fetch might know only the old refs.
  func openRepository() throws(GitError) -> Repository {
    try Repository(
      RepositoryLayout(
        gitDirectory: layout.gitDirectory, commonDirectory: layout.commonDirectory, workTree: layout.workTree),
      environment: environment)
  }

  func survey(_ repository: Repository, _ trunk: Trunk) -> Survey {
    Survey(
      repository: repository, trunk: trunk, names: names, streams: plan.streams, bases: StreamBases(layout),
      leases: PushLeases(layout))
  }

  /// Asks trunk's remote; returns why it could not be reached, in git's own words.
  public func fetch() throws(GitError) -> String? {
    guard let remote = names.remote else { return nil }
    var git = GitCommand(in: layout.workTree ?? layout.gitDirectory, environment: environment)
    git.environment["GIT_TERMINAL_PROMPT"] = "1"  // a person is there to answer
    let result = try git.run(["fetch", "--quiet", Argument(remote)], waiting: waiting)
    if result.succeeded { return nil }
    let words = result.complaint
    return words.isEmpty ? GitCommand.failure(["fetch", Argument(remote)], result).description : words
  }

  private func lockedPass(onto target: ObjectID?) throws(GitError) -> (
    report: SyncReport, snapshot: TrunkWatch.Snapshot
  ) {
    let recoveries = try engine.recover(patience: max(options.wait, 2), inUse: inUse)
    var result = try pass(onto: target)
    result.report.recoveries = recoveries
    let coversAll = options.streams.isEmpty && !options.onlyCurrent && target == nil
    if coversAll {
      if result.report.state == .done { try forgetVanishedConflicts(result.report) }
      try TrunkWatch(layout, environment: environment).record(result.snapshot)
      try undo.expire(in: openRepository(), layout: layout)
    }
    return result
  }

  /// - Parameter target: stands for trunk.
  private func pass(
    onto target: ObjectID?
  ) throws(GitError) -> (report: SyncReport, snapshot: TrunkWatch.Snapshot) {
    var report = SyncReport()
    report.onto = options.onto
    var snapshot = try TrunkWatch(layout, environment: environment).snapshot(of: names, and: parents)
    let repository = try openRepository()
    let trunk = if let target { Trunk(standingAt: target, for: names) } else { try repository.trunk(names) }
    guard let trunk else {
      report.state = .noTrunk
      return (report, snapshot)
    }
    report.trunk = trunk
    if trunk.isDiverged {
      report.state = .diverged
      return (report, snapshot)
    }
    var survey = survey(repository, trunk)
    // Elsewhere a stream goes alone, unless what it is stacked on goes there, too.
    if target != nil { survey.follows = { isChosen(stream: $0.id, branch: $0.branch) } }
    let candidates = try survey.candidates(layout.worktrees(), inUse: inUse)
    if !options.isDryRun, target == nil { try recordBases(candidates) }
    report.entries = try carryOut(makePlan(candidates, in: repository), in: repository)
    for entry in report.entries {
      if case .moved(let move) = entry.outcome, let branch = entry.branch { snapshot.update(branch, to: move.to) }
    }
    return (report, snapshot)
  }

  func isChosen(stream: String?, branch: String?) -> Bool {
    if options.onlyCurrent { return false }
    if options.streams.isEmpty { return true }
    return options.streams.contains { wanted in
      wanted == stream || (branch?.isSameName(as: wanted) ?? false)
    }
  }

  /// Keeps what the next sync or command has to know of this worktree.
  func note(_ outcome: SyncReport.Outcome, of entry: SyncPlan.Entry) throws(GitError) {
    let worktree = entry.worktree
    guard worktree.gitDirectory.isDirectory else { return }
    if case .left(let reason) = outcome, reason.isDue {
      try Due(worktree).mark(reason.code, onto: entry.onto)
    } else {
      try Due(worktree).clear()
    }
    guard let branch = entry.branch else { return }
    switch outcome {
    case .moved, .left(.upToDate): try StandingConflicts(layout).settle(branch)
    case .conflict(let conflict, _): try StandingConflicts(layout).record(conflict)
    case .wouldMove, .left: break
    }
  }

  private func recordBases(_ candidates: [Candidate]) throws(GitError) {
    let bases = StreamBases(layout)
    for candidate in candidates {
      guard !candidate.isTrunk, let branch = candidate.worktree.branch, case .found(let base)? = candidate.base else {
        continue
      }
      try bases.record(base, for: branch)
    }
  }

  /// A stream without a worktree is nobody's to resolve.
  private func forgetVanishedConflicts(_ report: SyncReport) throws(GitError) {
    let standing = StandingConflicts(layout)
    for conflict in try standing.all() {
      let isThere = report.entries.contains { $0.branch?.isSameName(as: conflict.branch) ?? false }
      if !isThere { try standing.settle(conflict.branch) }
    }
  }
}
