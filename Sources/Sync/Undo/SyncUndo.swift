import Git
import Plan
import Platform
import StateFiles

/// Takes a sync back: branches, indexes and working trees go to where they were, with the work that was done since.
public struct SyncUndo {
  private let layout: RepositoryLayout
  private let environment: Environment
  private let names: TrunkNames?
  private let engine: ReplayEngine
  private let undo: UndoRefs
  private let wait: Double
  private let waiting: (_ process: Int32, _ description: String) -> Void

  /// - Parameters:
  ///   - plan: whose policies merge what both the work done since and the way back change.
  ///   - names: of trunk, whose commits are no work done since.
  ///   - wait: seconds to wait for a sync that is running.
  ///   - waiting: told once who is waited for.
  public init(
    _ layout: RepositoryLayout, environment: Environment = .current, plan: Plan, names: TrunkNames?, wait: Double,
    waiting: @escaping (_ process: Int32, _ description: String) -> Void = { _, _ in }
  ) {
    self.layout = layout
    self.environment = GitCommand.scrubbed(environment)
    self.names = names
    self.wait = wait
    self.waiting = waiting
    undo = UndoRefs(layout, environment: self.environment)
    engine = ReplayEngine(layout, environment: self.environment, plan: plan, names: names, undo: undo)
  }

  /// The syncs that can be taken back, the latest first.
  public func kept() throws(GitError) -> [KeptSync] {
    try KeptSync.all(in: Repository(layout, environment: environment))
  }

  /// - Parameter id: as `kept` lists them, or the beginning of one; `nil`: the latest.
  public func run(_ id: String?) throws(GitError) -> UndoReport {
    var report = UndoReport()
    let holder = try SyncLock.hold(
      in: layout, as: "undo in \(layout.workTree ?? layout.gitDirectory)", wait: wait,
      waiting: { waiting($0.process, $0.description) }
    ) { () throws(GitError) in
      report.recoveries = try engine.recover(patience: max(wait, 2), inUse: nil)
      let repository = try Repository(layout, environment: environment)
      let found = try KeptSync.all(in: repository).filter { sync in id.map { sync.id.hasPrefix($0) } ?? true }
      guard let sync = id == nil || found.count == 1 ? found.first : found.first(where: { $0.id == id }) else {
        report.state = .unknown
        return
      }
      report.sync = sync
      let worktrees = try layout.worktrees()
      for branch in sync.branches {
        let own = worktrees.filter { $0.branch?.isSameName(as: branch.name) ?? false }
        let outcome = try outcome(of: branch, sync, own, repository)
        report.entries.append(UndoReport.Entry(branch: branch.name, path: own.first?.path, outcome: outcome))
      }
    }
    if let holder {
      report.state = .runningElsewhere(process: holder.process, description: holder.description)
    }
    return report
  }
}

extension SyncUndo {
  /// Never for the whole: what goes wrong with one branch is no reason to leave the others.
  private func outcome(
    of branch: KeptSync.Branch, _ sync: KeptSync, _ worktrees: [Worktree], _ repository: Repository
  ) throws(GitError) -> UndoReport.Outcome {
    do throws(GitError) {
      let outcome = try restore(branch, sync, worktrees, repository)
      if case .restored = outcome, let base = branch.base {
        try StreamBases(layout).record(base, for: branch.name)
        try StandingConflicts(layout).settle(branch.name)
      }
      return outcome
    } catch {
      return .refused(.left(.refused(error.description)))
    }
  }

  private func restore(
    _ branch: KeptSync.Branch, _ sync: KeptSync, _ worktrees: [Worktree], _ repository: Repository
  ) throws(GitError) -> UndoReport.Outcome {
    guard let tip = try repository.target(of: branch.name) else { return .refused(.gone) }
    guard let new = branch.new, try hasOnlyOwnWork(tip, since: new, repository) else { return .refused(.movedSince) }
    let record = UndoRecord(stamp: sync.id, branch: branch.name)
    guard let worktree = worktrees.first else {
      guard tip == new else { return .refused(.notCheckedOut) }
      try undo.restore(branch, record)
      return .restored(to: branch.old, replayed: 0)
    }
    if worktrees.count > 1 { return .refused(.left(.checkedOutTwice(other: worktrees[1].path))) }
    if let reason = try reasonToLeave(worktree) { return .refused(.left(reason)) }
    if tip == new { return try moveBack(branch, new, worktree, record) }
    return try replay(branch, from: tip, after: new, worktree, record, repository)
  }

  /// Whether nobody has moved the branch since but by commits on it: neither back nor onto a later trunk.
  private func hasOnlyOwnWork(
    _ tip: ObjectID, since new: ObjectID, _ repository: Repository
  ) throws(GitError) -> Bool {
    guard try repository.isAncestor(new, of: tip) else { return false }
    guard let trunk = try names.flatMap({ names throws(GitError) in try repository.trunk(names) }) else { return true }
    let since = try repository.commitIDs(reachableFrom: [tip], excluding: [new])
    return try since.count == repository.commitIDs(reachableFrom: [tip], excluding: [new, trunk.tip]).count
  }

  /// Whoever asks for it by hand is not kept waiting for files that were written just now, but for commands that run.
  private func reasonToLeave(_ worktree: Worktree) throws(GitError) -> LeaveReason? {
    if let absence = worktree.absence { return LeaveReason(absence) }
    if let operation = worktree.operation { return .operation(operation) }
    if (worktree.gitDirectory / "index.lock").exists { return .busy(.index) }
    return try Activity.current(in: worktree).map { .busy(.running($0)) }
  }

  private func moveBack(
    _ branch: KeptSync.Branch, _ new: ObjectID, _ worktree: Worktree, _ record: UndoRecord
  ) throws(GitError) -> UndoReport.Outcome {
    var request = WorktreeMove.Request(
      worktree: worktree, branch: branch.name, old: new, new: branch.old, message: "preflight undo")
    request.undoes = record.stamp
    switch try engine.mover.carryOut(request) {
    case .moved: return .restored(to: branch.old, replayed: 0)
    case .stopped(let paths): return .refused(.left(.concerned(paths)))
    case .changedMeanwhile: return .refused(.left(.changedMeanwhile))
    case .locked: return .refused(.left(.busy(.index)))
    case .refused(let words): return .refused(.left(.refused(words)))
    }
  }

  /// Commits made since the sync go onto the old tip.
  private func replay(
    _ branch: KeptSync.Branch, from tip: ObjectID, after new: ObjectID, _ worktree: Worktree, _ record: UndoRecord,
    _ repository: Repository
  ) throws(GitError) -> UndoReport.Outcome {
    let move = SyncPlan.Move(
      worktree: worktree, branch: branch.name, from: tip, onto: branch.old, base: new, follows: nil, published: nil)
    switch try engine.move(move, isAlone: true) {
    case .moved(let end), .replayed(let end, _):
      try undo.forget(record)
      try undo.forget(UndoRecord(stamp: undo.stamp, branch: branch.name))
      let replayed = try repository.commitIDs(reachableFrom: [end], excluding: [branch.old]).count
      return .restored(to: end, replayed: replayed)
    case .left(let reason): return .refused(.left(reason))
    case .conflict(let conflict): return .refused(.conflict(conflict.files))
    case .stopped(let paths): return .refused(.left(.concerned(paths)))
    case .changedMeanwhile: return .refused(.left(.changedMeanwhile))
    case .locked: return .refused(.left(.busy(.index)))
    case .refused(let words): return .refused(.left(.refused(words)))
    case .onlyAlone: preconditionFailure("it is alone")
    }
  }
}
