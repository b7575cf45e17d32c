import Git
import Platform

/// What a sync did, as values: whoever shows it chooses the words.
public struct SyncReport: Hashable, Sendable {
  /// How far the sync came as a whole.
  public enum State: Hashable, Sendable {
    case done
    /// Nothing was changed, on demand.
    case predicted
    /// Somebody else syncs, and we did not wait any longer.
    case runningElsewhere(process: Int32, description: String)
    /// Trunk and its remote-tracking ref have diverged: nothing moves until they have met.
    case diverged
    /// Neither of trunk's refs exists.
    case noTrunk
  }

  public enum Outcome: Hashable, Sendable {
    case moved(Moved)
    /// Predicted only.
    case wouldMove(SyncPlan.Move)
    /// Left exactly as it was. `isNew` is false where nothing has changed since it was reported first.
    case conflict(Conflict, isNew: Bool)
    case left(LeaveReason)
  }

  public struct Moved: Hashable, Sendable {
    public var from: ObjectID
    public var to: ObjectID
    public var onto: ObjectID
    /// The stream's own commits that were replayed, and those that were left out because trunk has them.
    public var replayed: Int
    public var dropped: Int
    /// The remote-tracking ref of the branch with what a forced push has to expect there: the `--force-with-lease`.
    public var published: Reference?
  }

  public struct Entry: Hashable, Sendable {
    /// The id of the planned stream.
    public var stream: String?
    /// In full; `nil` where `HEAD` is detached.
    public var branch: String?
    public var path: FilePath
    public var outcome: Outcome

    /// Whether the worktree will be moved by its own next commit or command.
    public var isDue: Bool {
      if case .left(let reason) = outcome { reason.isDue } else { false }
    }
  }

  public var state = State.done
  public var trunk: Trunk?
  /// In the order of the plan, then by path.
  public var entries: [Entry] = []
  /// Why the remote could not be reached, in git's own words; the rest was done nevertheless.
  public var fetchFailure: String?
  /// What an earlier sync that died had left behind.
  public var recoveries: [Recovery] = []

  public var moved: [Entry] { entries.filter { if case .moved = $0.outcome { true } else { false } } }
  public var predicted: [Entry] { entries.filter { if case .wouldMove = $0.outcome { true } else { false } } }
  public var conflicts: [Entry] { entries.filter { if case .conflict = $0.outcome { true } else { false } } }
  public var due: [Entry] { entries.filter(\.isDue) }

  /// Takes over what a later pass found; a worktree moved twice is one move.
  mutating func merge(_ later: SyncReport) {
    let earlier = entries
    let (fetch, recovered) = (fetchFailure, recoveries)
    self = later
    fetchFailure = fetch
    recoveries = recovered + later.recoveries
    for index in entries.indices {
      guard let before = earlier.first(where: { $0.path == entries[index].path }),
        case .moved(let first) = before.outcome
      else { continue }
      switch entries[index].outcome {
      case .left(.upToDate): entries[index].outcome = before.outcome
      case .moved(var second):
        second.from = first.from
        second.dropped += first.dropped
        entries[index].outcome = .moved(second)
      default: break
      }
    }
  }
}
