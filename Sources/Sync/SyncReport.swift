import Git
import Platform
import Policies
import StateFiles

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
    /// What was named in trunk's place is no commit.
    case noTarget(String)
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
    public var dropped: [DroppedCommit]
    /// The shared files that policies have merged on the way.
    public var merged: [PolicyMerge] = []
  }

  public struct Entry: Hashable, Sendable {
    /// The id of the planned stream.
    public var stream: String?
    /// In full; `nil` where `HEAD` is detached.
    public var branch: String?
    public var path: FilePath
    public var outcome: Outcome
    /// The push that the branch waits for since a sync has moved it.
    public var push: PushLease?
    /// How that push ended, where it was to be done.
    public var pushOutcome: PushOutcome?

    public init(
      stream: String?, branch: String?, path: FilePath, outcome: Outcome, push: PushLease? = nil
    ) {
      self.stream = stream
      self.branch = branch
      self.path = path
      self.outcome = outcome
      self.push = push
    }

    /// Whether the worktree will be moved by its own next commit or command.
    public var isDue: Bool {
      if case .left(let reason) = outcome { reason.isDue } else { false }
    }
  }

  public enum PushOutcome: Hashable, Sendable {
    case done
    /// With git's exit status; git and the hooks have said why on standard error.
    case refused(status: Int32)
  }

  public var state = State.done
  public var trunk: Trunk?
  /// What a person has named in trunk's place.
  public var onto: String?
  /// The branch whose own commits were put on the new one, in full; it is as it was.
  public var startedFrom: String?
  /// In the order of the plan, then by path.
  public var entries: [Entry] = []
  /// Why the remote could not be reached, in git's own words; the rest was done nevertheless.
  public var fetchFailure: String?
  /// What an earlier sync that died had left behind.
  public var recoveries: [Recovery] = []

  public var moved: [Entry] { entries.filter { if case .moved = $0.outcome { true } else { false } } }
  public var predicted: [Entry] { entries.filter { if case .wouldMove = $0.outcome { true } else { false } } }
  public var conflicts: [Entry] { entries.filter { if case .conflict = $0.outcome { true } else { false } } }
  /// Where git would not.
  public var refusals: [Entry] { entries.filter { if case .left(.refused) = $0.outcome { true } else { false } } }
  public var refusedPushes: [Entry] {
    entries.filter { if case .refused? = $0.pushOutcome { true } else { false } }
  }
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
        second.dropped = first.dropped + second.dropped
        entries[index].outcome = .moved(second)
      default: break
      }
    }
  }
}
