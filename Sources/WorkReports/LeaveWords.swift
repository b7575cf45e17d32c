import Git
import Platform
import Reporting
import StateFiles
import Sync

extension LeaveReason {
  /// For a line that names many.
  var word: DisplayText {
    switch self {
    case .operation(let operation): "in a \(operation.rawValue)"
    case .held: "on hold"
    case .waits(let stream): "waits for \(stream)"
    default: "\(code)"
    }
  }

  /// Why a worktree was left where it is, in full.
  ///
  /// - Parameter target: what was named in trunk's place.
  public func sentence(target: String? = nil) -> DisplayText {
    switch self {
    case .trunk: "is on trunk"
    case .upToDate: "up to date"
    case .detached: "detached HEAD"
    case .unborn: "no commit yet"
    case .branchDeleted: "its branch was deleted"
    case .locked(let reason): reason.isEmpty ? "locked" : "locked: \(reason)"
    case .missing: "\(Worktree.Absence.gone.sentence)"
    case .misplaced(let absence): "\(absence.sentence)"
    case .operation(let operation): "a \(operation.rawValue) is in progress"
    case .checkedOutTwice(let other): "'\(other)' has the same branch"
    case .notPlanned: "not in the plan"
    case .held(let reason): reason.isEmpty ? "on hold" : "on hold: \(reason)"
    case .published(let there): "published as '\(there.shortName)', which the plan holds"
    case .behindRemote(let there): "'\(there.shortName)' has commits that were never here"
    case .dirty(let paths, let total): "\(total, "uncommitted change"): \(list(paths, total: total))"
    case .busy(let busy): "busy: \(busy.words)"
    case .inUse: "its own git is at work"
    case .unrelated: target.map { "shares no history with '\($0)'" } ?? "shares no history with trunk"
    case .cutOff: "history is cut off (a shallow clone)"
    case .obstructed(let paths): "in the way: \(list(paths, total: paths.count))"
    case .concerned(let paths): "uncommitted where trunk has moved: \(list(paths))"
    case .changedMeanwhile: "was changed meanwhile"
    case .submodule(let path): "submodule '\(bytes: path)' would have to move"
    case .waits(let stream): "waits for \(stream)"
    case .interrupted: "an earlier sync died here"
    case .refused(let words): "git refused: \(words)"
    }
  }

  /// What brings the worktree along; `nil` where no one command does.
  ///
  /// - Parameters:
  ///   - place: the worktree's directory as a word of a command.
  ///   - name: of the stream, likewise.
  public func command(in place: String, name: String) -> String? {
    switch self {
    case .operation(.bisect): "git -C \(place) bisect reset"
    case .operation(let operation): "git -C \(place) \(operation.rawValue) --continue"
    case .held: "preflight unhold \(place)"
    case .locked: "git worktree unlock \(place)"
    case .dirty: "git -C \(place) commit --all"
    case .busy, .inUse, .changedMeanwhile, .refused: "preflight sync --stream \(name)"
    case .interrupted: "preflight sync"
    case .obstructed, .concerned: "git -C \(place) status --short --ignored"
    case .checkedOutTwice: "git -C \(place) switch --detach"
    case .behindRemote(let there): "git -C \(place) rebase --no-fork-point \(shellQuoted(there.tracking.name))"
    case .missing: Worktree.Absence.gone.repair
    case .misplaced(let absence): absence.repair
    case .cutOff: "git fetch --unshallow"
    case .branchDeleted(let branch, let last): "git branch \(shellQuoted(branch.shortBranchName)) \(last)"
    default: nil
    }
  }
}

/// The first of them, each with what is the matter.
func list(_ paths: [ConcernedPath]) -> DisplayText {
  let names = paths.prefix(3).map { "\(bytes: $0.path) (\($0.reason.words))" as DisplayText }.joined(separator: ", ")
  return paths.count > 3 ? "\(names) and \(paths.count - 3) more" : names
}

extension ConcernedPath.Reason {
  fileprivate var words: DisplayText {
    switch self {
    case .edited: "edited"
    case .staged: "staged"
    case .deleted: "deleted"
    case .inTheWay: "in the way"
    case .assumedUnchanged: "assumed unchanged"
    case .skippedInWorktree: "skip-worktree"
    case .unmerged: "unmerged"
    case .intentToAdd: "intent to add"
    case .submodule: "submodule"
    }
  }
}

extension Publication {
  /// `origin/topic`.
  fileprivate var shortName: String { String(tracking.name.dropFirst("refs/remotes/".count)) }
}

extension LeaveReason.Busy {
  fileprivate var words: DisplayText {
    switch self {
    case .index: "a git has the index locked"
    case .running(let what): what.isEmpty ? "a command is running" : "\(what) is running"
    case .git(let subcommand): "'git \(subcommand)' is at work"
    case .written(let path, let seconds): "'\(bytes: path)' was written \(Int(seconds), "second") ago"
    case .message: "a commit message is being written"
    }
  }
}
