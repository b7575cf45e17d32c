import Git
import Platform
import StateFiles

/// Why a sync leaves a worktree where it is.
public enum LeaveReason: Hashable, Sendable {
  /// It has trunk itself checked out.
  case trunk
  /// It stands on trunk's tip already.
  case upToDate
  case detached
  case unborn
  /// The branch (in full) is gone while HEAD still names it; where it was.
  case branchDeleted(String, last: ObjectID)
  /// By `git worktree lock`, with its reason, which may be empty.
  case locked(String)
  /// The directory is gone, or belongs to somebody else.
  case missing
  /// git would not find its files where it stands.
  case misplaced(Worktree.Absence)
  case operation(Worktree.Operation)
  /// Another worktree has the same branch.
  case checkedOutTwice(other: FilePath)
  /// The plan syncs planned streams only.
  case notPlanned
  /// By `preflight hold`, with its reason, which may be empty.
  case held(String)
  /// The remote has the branch, and the plan holds published ones.
  case published(Publication)
  /// The remote's branch has commits that this one has never had.
  case behindRemote(Publication)
  /// Tracked files with changes: the first few, and how many there are.
  case dirty(paths: [[UInt8]], count: Int)
  case busy(Busy)
  /// The worktree whose own hook is running.
  case inUse
  /// Its history and trunk's share nothing.
  case unrelated
  /// A shallow clone does not say where it left trunk.
  case cutOff
  /// Untracked or ignored files stand where the move would write: the first few.
  case obstructed([[UInt8]])
  /// Uncommitted work at paths that the move writes.
  case concerned([ConcernedPath])
  /// Somebody has committed, switched or begun something since the plan was made.
  case changedMeanwhile
  /// A submodule that is checked out here would have to move with it.
  case submodule([UInt8])
  /// The stream that it is stacked on did not move.
  case waits(for: String)
  /// A sync died here, and its git (this process) may still be running.
  case interrupted(process: Int32?)
  /// git would not, in its own words.
  case refused(String)

  /// What a worktree is busy with.
  public enum Busy: Hashable, Sendable {
    /// A git that has the index locked.
    case index
    /// A check or a launched command, in its own words.
    case running(String)
    /// A git that changes the worktree, by its subcommand: a commit whose editor is open, or whose hooks run.
    case git(String)
    /// A file written this many seconds ago.
    case written(path: [UInt8], seconds: Double)
    /// A commit message in an editor.
    case message
  }

  /// One word for machines.
  public var code: String {
    switch self {
    case .trunk: "trunk"
    case .upToDate: "up-to-date"
    case .detached: "detached"
    case .unborn: "unborn"
    case .branchDeleted: "branch-deleted"
    case .locked: "locked"
    case .missing: "missing"
    case .misplaced: "misplaced"
    case .operation: "operation"
    case .checkedOutTwice: "checked-out-twice"
    case .notPlanned: "not-planned"
    case .held: "held"
    case .published: "published"
    case .behindRemote: "behind-remote"
    case .dirty: "dirty"
    case .busy: "busy"
    case .inUse: "in-use"
    case .unrelated: "unrelated"
    case .cutOff: "cut-off"
    case .obstructed: "obstructed"
    case .concerned: "concerned"
    case .changedMeanwhile: "changed-meanwhile"
    case .submodule: "submodule"
    case .waits: "waits"
    case .interrupted: "interrupted"
    case .refused: "refused"
    }
  }

  /// Whether the worktree is to follow as soon as what is in the way has passed.
  public var isDue: Bool {
    switch self {
    case .locked, .misplaced, .operation, .held, .behindRemote, .dirty, .busy, .inUse, .obstructed, .concerned,
      .changedMeanwhile, .submodule, .waits, .interrupted, .refused:
      true
    case .trunk, .upToDate, .detached, .unborn, .branchDeleted, .missing, .checkedOutTwice, .notPlanned, .published,
      .unrelated, .cutOff:
      false
    }
  }
}

extension LeaveReason {
  init(_ absence: Worktree.Absence) {
    self = absence == .gone ? .missing : .misplaced(absence)
  }
}
