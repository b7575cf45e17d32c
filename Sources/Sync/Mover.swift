import Git
import Platform
import Policies
import StateFiles

/// Carries out one move and says how it ended: the engine's part, and what is the same for every engine.
struct Mover {
  let layout: RepositoryLayout
  let engine: any Engine
  let repository: Repository
  let retriesConflicts: Bool
  /// Whether the stream is brought to where it belongs; else somewhere that a person named, and nothing is concluded from it.
  var isHome = true

  /// Never throws: what goes wrong in one worktree is no reason to leave the others behind.
  func outcome(of move: SyncPlan.Move) -> SyncReport.Outcome {
    do { return try carryOut(move) } catch { return .left(.refused(error.description)) }
  }

  private func carryOut(_ planned: SyncPlan.Move) throws(GitError) -> SyncReport.Outcome {
    var move = planned
    if let parent = move.follows {
      guard let tip = try repository.target(of: parent), tip != move.base else {
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
    if !retriesConflicts, let known = try StandingConflicts(layout).conflict(of: move.branch),
      known.tip == move.from, known.onto == move.onto, known.base == move.base
    {
      return .conflict(known, isNew: false)
    }
    if let published = move.published {
      try PushLeases(layout).record(PushLease(branch: move.branch, publication: published))
    }
    _ = try mergedByPolicy(move)  // of a move that was given up
    switch try engine.move(move) {
    case .moved(let tip): return .moved(try describe(move, tip, dropped: []))
    case .replayed(let tip, let dropped): return .moved(try describe(move, tip, dropped: dropped))
    case .left(let reason): return .left(reason)
    case .refused(let message): return .left(.refused(message))
    case .stopped(let paths): return .left(.concerned(paths))
    case .changedMeanwhile: return .left(.changedMeanwhile)
    case .locked: return .left(.busy(.index))
    case .conflict(let conflict):
      let known = try StandingConflicts(layout).conflict(of: move.branch)
      return .conflict(conflict, isNew: known?.commit != conflict.commit || known?.files != conflict.files)
    }
  }

  private func describe(
    _ move: SyncPlan.Move, _ tip: ObjectID, dropped: [DroppedCommit]
  ) throws(GitError) -> SyncReport.Moved {
    // Elsewhere the merge base is the better answer: the commits of that place are to come along to trunk.
    if isHome { try StreamBases(layout).record(move.onto, for: move.branch, movedFrom: move.from) }
    let replayed = try repository.commitIDs(since: move.onto, upTo: tip).count
    return SyncReport.Moved(
      from: move.from, to: tip, onto: move.onto, replayed: replayed, dropped: dropped,
      merged: try mergedByPolicy(move))
  }

  private func mergedByPolicy(_ move: SyncPlan.Move) throws(GitError) -> [PolicyMerge] {
    try fileSystem { () throws(SystemError) in try MergeLog(of: move.worktree.layout).take() }
  }
}
