import Git
import Platform

/// Moves a worktree in place where its new tip is known without a rebase, dirty or not; has git rebase where it is not.
struct InPlaceEngine: Engine {
  private let layout: RepositoryLayout
  private let environment: Environment
  private let rebase: GitRebaseEngine

  init(_ layout: RepositoryLayout, environment: Environment) {
    self.init(layout, environment: environment, rebase: GitRebaseEngine(layout, environment: environment))
  }

  init(_ layout: RepositoryLayout, environment: Environment, rebase: GitRebaseEngine) {
    self.layout = layout
    self.environment = environment
    self.rebase = rebase
  }

  /// Names this sync in its undo refs.
  var stamp: String { rebase.undo.stamp }

  var mover: WorktreeMove {
    WorktreeMove(layout: layout, environment: environment, journal: MoveJournal(layout), undo: rebase.undo)
  }

  func move(_ move: SyncPlan.Move) throws(GitError) -> MoveOutcome {
    guard !move.replaysCommits else { return try rebase.move(move) }
    return try self.move(move, to: move.onto, rewritten: [], dropped: [])
  }

  /// Moves a worktree to a tip that has been made already.
  func move(
    _ move: SyncPlan.Move, to tip: ObjectID, rewritten: [Rewrite], dropped: [DroppedCommit]
  ) throws(GitError) -> MoveOutcome {
    let request = WorktreeMove.Request(
      worktree: move.worktree, branch: move.branch, old: move.from, new: tip, base: move.base, rewritten: rewritten)
    switch try mover.carryOut(request) {
    case .moved: return .replayed(to: tip, dropped: dropped)
    case .stopped(let paths): return .stopped(paths)
    case .changedMeanwhile: return .changedMeanwhile
    case .locked: return .locked
    case .refused(let words): return .refused(words)
    }
  }

  func recover(patience: Double, inUse: FilePath?) throws(GitError) -> [Recovery] {
    let recovery = MoveRecovery(layout: layout, environment: environment, journal: MoveJournal(layout))
    return try recovery.recover(patience: patience, inUse: inUse) + rebase.recover(patience: patience, inUse: inUse)
  }
}
