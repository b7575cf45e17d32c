import Git
import Plan
import Platform
import Policies
import StateFiles

/// What movers are made of, on whatever thread: each opens the repository for itself.
struct MoverSite: Sendable {
  var layout: RepositoryLayout
  var environment: Environment
  var plan: Plan
  var names: TrunkNames
  var undo: UndoRefs
  var retriesConflicts: Bool
  /// Whether streams are brought to where they belong; else somewhere that a person named, and nothing is concluded from it.
  var isHome = true
}

/// Carries out moves one after another and says how each ended: the engine's part, and what is the same for every engine.
final class Mover {
  private let site: MoverSite
  private let engine: any Engine
  private var opened: Repository?

  convenience init(_ site: MoverSite) {
    self.init(
      site,
      engine: ReplayEngine(
        site.layout, environment: site.environment, plan: site.plan, names: site.names, undo: site.undo))
  }

  init(_ site: MoverSite, engine: any Engine) {
    self.site = site
    self.engine = engine
  }

  private var layout: RepositoryLayout { site.layout }

  /// Opened at the first move: one that was opened before a fetch might not know what came with it.
  private func repository() throws(GitError) -> Repository {
    if let opened { return opened }
    let repository = try Repository(
      RepositoryLayout(
        gitDirectory: layout.gitDirectory, commonDirectory: layout.commonDirectory, workTree: layout.workTree),
      environment: site.environment)
    opened = repository
    return repository
  }

  /// Never throws: what goes wrong in one worktree is no reason to leave the others behind.
  ///
  /// - Parameter isAlone: whether no other worktree is moved meanwhile; `nil` comes back where that is needed, and nothing
  ///   was changed.
  func outcome(of move: SyncPlan.Move, isAlone: Bool) -> SyncReport.Outcome? {
    do { return try carryOut(move, isAlone: isAlone) } catch { return .left(.refused(error.description)) }
  }

  private func carryOut(_ planned: SyncPlan.Move, isAlone: Bool) throws(GitError) -> SyncReport.Outcome? {
    var move = planned
    if let parent = move.follows {
      guard let tip = try repository().target(of: parent), tip != move.base else {
        return .left(.waits(for: parent.shortBranchName))
      }
      move.onto = tip
    }
    if let pending = try Journal(layout).records().first(where: { $0.branch.isSameName(as: move.branch) }) {
      return .left(.interrupted(process: pending.process))
    }
    if try MoveJournal(layout).records().contains(where: { $0.gitDirectory == move.worktree.gitDirectory }) {
      return .left(.interrupted(process: nil))
    }
    if !site.retriesConflicts, let known = try StandingConflicts(layout).conflict(of: move.branch),
      known.tip == move.from, known.onto == move.onto, known.base == move.base
    {
      return .conflict(known, isNew: false)
    }
    if let published = move.published {
      try PushLeases(layout).record(PushLease(branch: move.branch, publication: published))
    }
    _ = try mergedByPolicy(move)  // of a move that was given up
    let notes = site.plan.afterSync.isEmpty ? nil : Arrivals(layout)
    try notes?.note(move)
    let outcome = try engine.move(move, isAlone: isAlone)
    if !outcome.isMove { try notes?.forget(move) }
    switch outcome {
    case .moved(let tip): return .moved(try describe(move, tip, dropped: []))
    case .replayed(let tip, let dropped): return .moved(try describe(move, tip, dropped: dropped))
    case .left(let reason): return .left(reason)
    case .refused(let message): return .left(.refused(message))
    case .stopped(let paths): return .left(.concerned(paths))
    case .changedMeanwhile: return .left(.changedMeanwhile)
    case .locked: return .left(.busy(.index))
    case .onlyAlone: return nil
    case .conflict(let conflict):
      let known = try StandingConflicts(layout).conflict(of: move.branch)
      return .conflict(conflict, isNew: known?.commit != conflict.commit || known?.files != conflict.files)
    }
  }

  private func describe(
    _ move: SyncPlan.Move, _ tip: ObjectID, dropped: [DroppedCommit]
  ) throws(GitError) -> SyncReport.Moved {
    // Elsewhere the merge base is the better answer: the commits of that place are to come along to trunk.
    if site.isHome { try StreamBases(layout).record(move.onto, for: move.branch, movedFrom: move.from) }
    let replayed = try repository().commitIDs(since: move.onto, upTo: tip).count
    return SyncReport.Moved(
      from: move.from, to: tip, onto: move.onto, replayed: replayed, dropped: dropped,
      merged: try mergedByPolicy(move))
  }

  private func mergedByPolicy(_ move: SyncPlan.Move) throws(GitError) -> [PolicyMerge] {
    try fileSystem { () throws(SystemError) in try MergeLog(of: move.worktree.layout).take() }
  }
}
