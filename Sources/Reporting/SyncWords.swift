import Git
import Platform
import Sync

/// A sync's report in words: one line for hooks, a sentence for each worktree in the command's table.
public struct SyncWords {
  private let report: SyncReport

  public init(_ report: SyncReport) { self.report = report }

  /// What a hook says: `preflight: 4 moved, ws3 conflicts, ws5 busy (preflight status)`; `nil` when there is nothing to
  /// tell.
  public var line: String? {
    switch report.state {
    case .diverged:
      let trunk = report.trunk
      let names = [trunk?.branch.shortBranchName, trunk?.remoteBranch.map(Self.shortRemoteName)].compactMap { $0 }
      return "preflight: nothing moved: \(names.joined(separator: " and ")) have diverged (git pull)"
    case .noTrunk, .runningElsewhere: return nil
    case .done, .predicted: break
    }
    var parts: [String] = []
    if !report.moved.isEmpty { parts.append("\(report.moved.count) moved") }
    if !report.predicted.isEmpty { parts.append("\(report.predicted.count) would move (preflight sync)") }
    parts += report.conflicts.map { "\(Self.name(of: $0)) conflicts" }
    parts += report.due.compactMap { entry in
      guard case .left(let reason) = entry.outcome, reason != .inUse else { return nil }
      return "\(Self.name(of: entry)) \(reason.word)"
    }
    parts += report.recoveries.map {
      "\($0.branch.shortBranchName): an earlier sync had died there, \($0.ending.words)"
    }
    return parts.isEmpty ? nil : "preflight: \(parts.joined(separator: ", ")) (preflight status)"
  }

  /// The stream's id, else the branch, else the directory.
  public static func name(of entry: SyncReport.Entry) -> String {
    entry.stream ?? entry.branch?.shortBranchName ?? entry.path.lastComponent.description
  }

  /// What happened to one worktree, and the command that goes on from there.
  public static func outcome(of entry: SyncReport.Entry) -> (text: String, command: String?) {
    switch entry.outcome {
    case .moved(let move):
      var text = "moved, \(count(move.replayed, "commit"))"
      if move.dropped > 0 { text += ", \(move.dropped) on trunk already" }
      return (text, move.published.map { pushCommand($0, branch: entry.branch ?? "") })
    case .wouldMove: return ("would move", nil)
    case .conflict(let conflict, _):
      let files = conflict.files.prefix(3).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
      let more = conflict.files.count > 3 ? " and \(conflict.files.count - 3) more" : ""
      let commit = conflict.commit.map { "\($0.abbreviated) " } ?? ""
      let subject = String(decoding: conflict.subject, as: UTF8.self)
      return (
        "conflicts in \(files)\(more) at \(commit)\(subject)",
        "git -C \(entry.path) rebase --no-fork-point --onto \(conflict.onto.abbreviated) \(conflict.base.abbreviated)"
      )
    case .left(let reason): return (reason.sentence, reason.command(in: entry.path))
    }
  }

  private static func pushCommand(_ published: Reference, branch: String) -> String {
    let parts = published.name.dropFirst("refs/remotes/".count).split(separator: "/", maxSplits: 1)
    let remote = parts.first.map(String.init) ?? "origin"
    let name = parts.count > 1 ? String(parts[1]) : branch.shortBranchName
    return
      "git push --force-with-lease=refs/heads/\(name):\(published.target) \(remote) \(branch.shortBranchName):\(name)"
  }

  private static func shortRemoteName(_ reference: String) -> String {
    String(reference.dropFirst("refs/remotes/".count))
  }
}

private func count(_ number: Int, _ noun: String) -> String { "\(number) \(number == 1 ? noun : noun + "s")" }

extension Recovery.Ending {
  fileprivate var words: String {
    switch self {
    case .completed: "it had been done"
    case .untouched: "nothing was changed"
    case .undone(let saved): "undone" + (saved.map { ", edits kept in \($0)" } ?? "")
    case .pending(_, let message): "still not over: \(message)"
    }
  }
}

extension LeaveReason {
  /// For a line that names many.
  var word: String {
    switch self {
    case .operation(let operation): "in a \(operation.rawValue)"
    case .held: "on hold"
    case .waits(let stream): "waits for \(stream)"
    case .obstructed: "obstructed"
    case .inUse: "in use"
    default: code
    }
  }

  /// Why a worktree was left where it is, in full.
  var sentence: String {
    switch self {
    case .trunk: "is on trunk"
    case .upToDate: "up to date"
    case .detached: "detached HEAD"
    case .unborn: "no commit yet"
    case .locked(let reason): reason.isEmpty ? "locked" : "locked: \(reason)"
    case .missing: "the directory is gone"
    case .operation(let operation): "a \(operation.rawValue) is in progress"
    case .checkedOutTwice(let other): "'\(other)' has the same branch"
    case .notPlanned: "not in the plan"
    case .held(let reason): reason.isEmpty ? "on hold" : "on hold: \(reason)"
    case .published(let reference): "published as '\(reference.name)', which the plan holds"
    case .dirty(let paths, let total):
      "\(count(total, "uncommitted change")): " + Self.list(paths, total: total)
    case .busy(let busy): "busy: \(busy.words)"
    case .inUse: "its own git is at work"
    case .unrelated: "shares no history with trunk"
    case .cutOff: "history is cut off (a shallow clone)"
    case .obstructed(let paths): "in the way: " + Self.list(paths, total: paths.count)
    case .submodule(let path): "submodule '\(String(decoding: path, as: UTF8.self))' would have to move"
    case .waits(let stream): "waits for \(stream)"
    case .interrupted: "an earlier sync died here"
    case .refused(let words): "git refused: \(words)"
    }
  }

  func command(in path: FilePath) -> String? {
    switch self {
    case .operation(let operation): "git -C \(path) \(operation.rawValue) --continue"
    case .held: "preflight unhold \(path)"
    case .missing: "git worktree repair, or git worktree remove \(path)"
    case .dirty: "git -C \(path) commit --all"
    case .busy: "preflight sync"
    case .cutOff: "git fetch --unshallow"
    default: nil
    }
  }

  private static func list(_ paths: [[UInt8]], total: Int) -> String {
    let names = paths.prefix(3).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
    return total > 3 ? "\(names) and \(total - 3) more" : names
  }
}

extension LeaveReason.Busy {
  fileprivate var words: String {
    switch self {
    case .index: "a git has the index locked"
    case .running(let what): what.isEmpty ? "a command is running" : "\(what) is running"
    case .written(let path, let seconds):
      "'\(String(decoding: path, as: UTF8.self))' was written \(count(Int(seconds), "second")) ago"
    case .message: "a commit message is being written"
    }
  }
}
