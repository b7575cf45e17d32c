import Git
import Platform

/// What came of taking a sync back, branch by branch.
public struct UndoReport: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    /// The branch, and its worktree's index and files with it, is where it was before the sync; commits made since stand on it.
    case restored(to: ObjectID, replayed: Int)
    case refused(Refusal)
  }

  /// Why a branch and its worktree were left as they are.
  public enum Refusal: Hashable, Sendable {
    case gone
    /// The branch does not stand on what the sync has made of it: a later sync or a person has moved it.
    case movedSince
    /// Commits were made since, and the branch is in no worktree in which they could be replayed.
    case notCheckedOut
    /// The same reasons for which a sync leaves a worktree.
    case left(LeaveReason)
    /// Commits made since do not go onto the old tip: the files.
    case conflict([[UInt8]])
  }

  public struct Entry: Hashable, Sendable {
    /// In full.
    public var branch: String
    /// Of its worktree; `nil` where it is in none.
    public var path: FilePath?
    public var outcome: Outcome
  }

  public enum State: Hashable, Sendable {
    case done
    /// There is no such sync, or none at all.
    case unknown
    /// Somebody else syncs, and we did not wait any longer.
    case runningElsewhere(process: Int32, description: String)
  }

  public var state = State.done
  public var sync: KeptSync?
  public var entries: [Entry] = []
  /// What an earlier sync that died had left behind.
  public var recoveries: [Recovery] = []

  public var refused: [Entry] { entries.filter { if case .refused = $0.outcome { true } else { false } } }
}
