import Git
import Platform

/// Why a worktree is not removed.
public enum RemovalReason: Hashable, Sendable {
  /// Tracked files with changes, staged or not: the first few, and how many there are.
  case dirty([[UInt8]], count: Int)
  /// Files that git neither tracks nor ignores.
  case untracked([[UInt8]], count: Int)
  /// Commits that no remote has, and trunk has not.
  case unpushed(count: Int)
  /// Commits that trunk has in no form.
  case unmerged(count: Int)
  /// Something that git has begun there and not finished.
  case operation(Worktree.Operation)
  /// No branch holds what is checked out.
  case detached(ObjectID)
  /// By `git worktree lock`, with its reason, which may be empty.
  case locked(String)
  /// Submodules that are checked out there: their commits are nowhere else, perhaps.
  case submodules([[UInt8]])
  /// Processes that work there, each with its id and its name.
  case occupied([Occupant])
  /// The directory is gone, or belongs to somebody else now.
  case missing
  /// git would not find its files where it stands.
  case misplaced(Worktree.Absence)
  /// Other worktrees, or repositories, that stand in it.
  case holds([FilePath])
  /// The branch was deleted under it; where it stood.
  case branchDeleted(last: ObjectID?)
  /// The main worktree is never removed.
  case main

  public struct Occupant: Hashable, Sendable {
    public var process: Int32
    public var name: String
  }

  /// What `--force` takes.
  public var code: String {
    switch self {
    case .dirty: "dirty"
    case .untracked: "untracked"
    case .unpushed: "unpushed"
    case .unmerged: "unmerged"
    case .operation: "operation"
    case .detached: "detached"
    case .locked: "locked"
    case .submodules: "submodules"
    case .occupied: "occupied"
    case .missing: "missing"
    case .misplaced: "misplaced"
    case .holds: "holds"
    case .branchDeleted: "branch-deleted"
    case .main: "main"
    }
  }

  /// The codes of those that a person may pass over; the others have to be settled.
  public static let forcible = [
    "dirty", "untracked", "unpushed", "unmerged", "operation", "detached", "locked", "submodules", "occupied",
    "missing",
  ]

  public var isForcible: Bool { Self.forcible.contains(code) }
}
