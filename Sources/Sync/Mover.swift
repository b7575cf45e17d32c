import Git
import Platform

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
    switch try engine.move(move) {
    case .moved(let tip): return .moved(try describe(move, tip))
    case .refused(let message): return .left(.refused(message))
    case .stopped(let paths): return .left(.concerned(paths))
    case .changedMeanwhile: return .left(.changedMeanwhile)
    case .locked: return .left(.busy(.index))
    case .conflict(let conflict):
      guard try repository.mergesToNothing(move.from, into: move.onto) else {
        let known = try StandingConflicts(layout).conflict(of: move.branch)
        return .conflict(conflict, isNew: known?.commit != conflict.commit || known?.files != conflict.files)
      }
      var rest = move
      rest.base = move.from
      guard case .moved(let tip) = try engine.move(rest) else { return .conflict(conflict, isNew: true) }
      return .moved(try describe(move, tip))
    }
  }

  private func describe(_ move: SyncPlan.Move, _ tip: ObjectID) throws(GitError) -> SyncReport.Moved {
    // Elsewhere the merge base is the better answer: the commits of that place are to come along to trunk.
    if isHome { try StreamBases(layout).record(move.onto, for: move.branch, movedFrom: move.from) }
    let before = try repository.commitIDs(reachableFrom: [move.from], excluding: [move.base, move.onto]).count
    let after = try repository.commitIDs(reachableFrom: [tip], excluding: [move.onto]).count
    return SyncReport.Moved(
      from: move.from, to: tip, onto: move.onto, replayed: after, dropped: max(0, before - after))
  }
}

extension Repository {
  /// Whether merging `tip` into `commit` would change nothing: its commits are there, squashed into one, say. Needs git 2.38;
  /// an older one finds no such merge.
  func mergesToNothing(_ tip: ObjectID, into commit: ObjectID) throws(GitError) -> Bool {
    let result = try git.run(["merge-tree", "--write-tree", "\(commit)", "\(tip)"])
    guard result.succeeded, let tree = ObjectID(hex: firstLine(result.output)) else { return false }
    return try tree == self.commit(commit).tree
  }
}
