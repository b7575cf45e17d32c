import Git
import Platform

/// What moves one worktree. Everything before (who moves, from where, onto what) and after (records, the report) is the same
/// for every engine.
protocol Engine {
  /// Carries out one step of a plan: afterwards the worktree is moved, or is exactly as it was.
  ///
  /// - Parameter isAlone: whether no other worktree is moved meanwhile.
  func move(_ move: SyncPlan.Move, isAlone: Bool) throws(GitError) -> MoveOutcome

  /// Ends what a sync that died left behind, waiting at most `patience` seconds for a git that is still at work.
  ///
  /// - Parameter inUse: the git directory of a worktree whose own hook runs us: it is left for later.
  func recover(patience: Double, inUse: FilePath?) throws(GitError) -> [Recovery]

  /// What moving a stream would change in its worktree; `nil` where it conflicts, or only git can tell.
  func predictedChanges(_ stream: Replay.Stream) throws(GitError) -> [TreeChange]?

  /// Where replaying a stream would stop; `nil` where it would not, or only git can tell.
  func predictedConflict(_ move: SyncPlan.Move) throws(GitError) -> Conflict?

  /// What of the work that was found in a worktree would stop its move.
  func stopping(_ look: WorktreeLook, _ worktree: Worktree) throws(GitError) -> [ConcernedPath]
}

extension Engine {
  func stopping(_ look: WorktreeLook, _ worktree: Worktree) throws(GitError) -> [ConcernedPath] { look.concerned }
  func predictedChanges(_ stream: Replay.Stream) throws(GitError) -> [TreeChange]? { nil }
  func predictedConflict(_ move: SyncPlan.Move) throws(GitError) -> Conflict? { nil }
}

/// How one move ended.
enum MoveOutcome: Hashable, Sendable {
  case moved(to: ObjectID)
  /// The same where it is known which of the stream's commits were left out.
  case replayed(to: ObjectID, dropped: [DroppedCommit])
  case conflict(Conflict)
  /// Nothing was changed: work at these paths would be lost.
  case stopped([ConcernedPath])
  /// Nothing was changed: somebody has committed, switched or begun something since the plan was made.
  case changedMeanwhile
  /// Nothing was changed: a git has the index locked.
  case locked
  /// Nothing was changed, for something that only a rebase by git minds.
  case left(LeaveReason)
  /// Nothing was changed; git's own words.
  case refused(String)
  /// Nothing was changed: git itself has to rebase, and does so with no other move beside it. Its hooks and the agents that
  /// it asks for signatures are the user's, and may not expect one another.
  case onlyAlone

  /// Whether the branch is somewhere else now.
  var isMove: Bool {
    switch self {
    case .moved, .replayed: true
    case .conflict, .stopped, .changedMeanwhile, .locked, .left, .refused, .onlyAlone: false
    }
  }
}

/// A stream that does not go onto trunk by itself.
public struct Conflict: Hashable, Sendable {
  /// In full.
  public var branch: String
  /// The stream's tip, what it was to go onto, and the commit after which its own commits start: the rebase by hand is
  /// `git rebase --no-fork-point --onto ONTO BASE`.
  public var tip: ObjectID
  public var onto: ObjectID
  public var base: ObjectID
  /// The stream's commit that stopped; `nil` when git did not say.
  public var commit: ObjectID?
  /// Of that commit.
  public var subject: [UInt8]
  /// The unmerged paths.
  public var files: [[UInt8]]
  /// A ref that keeps edits which somebody made in the worktree while it was being moved.
  public var saved: String?
}

/// What was found and done where a sync had died.
public struct Recovery: Hashable, Sendable {
  public enum Ending: Hashable, Sendable {
    /// The move had been done.
    case completed
    /// It had not begun, or had been undone.
    case untouched
    /// It was under way and has been undone; `saved` is a ref that keeps what was in the files, where they had changes.
    case undone(saved: String?)
    /// Still not over: its git (this process) is running, or git could not undo it, in its own words.
    case pending(process: Int32?, message: String)
  }

  /// In full.
  public var branch: String
  public var path: FilePath
  public var ending: Ending
  /// What was in the way of putting files back and is kept in the ref: edits made since, half-written files.
  public var files: [[UInt8]] = []
}
