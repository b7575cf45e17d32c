import Git
import Platform
import Rules
import Sync

/// A sync's report in words: one line for hooks, a table for the command.
public struct SyncWords {
  private let report: SyncReport

  public init(_ report: SyncReport) { self.report = report }

  /// What a hook says: `preflight: 4 moved, ws3 conflicts, ws5 busy (preflight status)`; `nil` when there is nothing to
  /// tell.
  public var line: DisplayText? {
    switch report.state {
    case .diverged: return trouble
    case .noTrunk, .runningElsewhere: return nil
    case .done, .predicted: break
    }
    var parts: [DisplayText] = []
    if !report.moved.isEmpty { parts.append("\(report.moved.count) moved") }
    if !report.predicted.isEmpty { parts.append("\(report.predicted.count) would move (preflight sync)") }
    parts += report.conflicts.map { "\(Self.name(of: $0)) conflicts" }
    parts += report.due.compactMap { entry in
      guard case .left(let reason) = entry.outcome, reason != .inUse else { return nil }
      return "\(Self.name(of: entry)) \(reason.word)"
    }
    parts += report.recoveries.map { "\($0.branch.shortBranchName): an earlier sync died there, \($0.ending.words)" }
    return hookLine(parts, see: "preflight status")
  }

  /// Why nothing could be done at all; `nil` when something could.
  public var trouble: DisplayText? {
    switch report.state {
    case .diverged:
      let trunk = report.trunk
      let local = trunk?.branch.shortBranchName ?? "trunk"
      let remote = trunk?.remoteBranch.map { String($0.dropFirst("refs/remotes/".count)) } ?? "its remote"
      return "preflight: nothing moved: '\(local)' and '\(remote)' have diverged (git pull)"
    case .noTrunk: return "preflight: nothing moved: there is no trunk yet"
    case .runningElsewhere(let process, let description):
      return "preflight: nothing moved: \(description) is still running (process \(Int(process)))"
    case .done, .predicted: return nil
    }
  }

  /// A row for each worktree, in the order of the plan, and after the rows the commands that go on from there.
  public var table: Table {
    var table = Table([.init("stream"), .init("branch", isFlexible: true), .init("outcome", isFlexible: true)])
    for entry in report.entries {
      table.append([
        "\(Self.name(of: entry))", "\(entry.branch?.shortBranchName ?? "-")", Self.outcome(of: entry),
      ])
    }
    return table
  }

  /// What to type next, a line for each worktree that needs it.
  public var commands: [DisplayText] {
    report.entries.compactMap { entry in
      Self.command(after: entry).map { "\("hint:", .hint) \(Self.name(of: entry)): \($0)" }
    }
  }

  /// What else there is to say: the remote that was not reached, syncs that had died.
  public var remarks: [DisplayText] {
    var lines = report.recoveries.map { recovery -> DisplayText in
      "an earlier sync died in \(recovery.path): \(recovery.ending.words)"
    }
    if let failure = report.fetchFailure { lines.append("the remote was not reached, the rest was done: \(failure)") }
    if let trouble { lines.append(trouble) }
    return lines
  }

  /// The stream's id, else the branch, else the directory.
  private static func name(of entry: SyncReport.Entry) -> String {
    entry.stream ?? entry.branch?.shortBranchName ?? entry.path.lastComponent.description
  }

  private static func outcome(of entry: SyncReport.Entry) -> DisplayText {
    switch entry.outcome {
    case .moved(let move):
      let dropped: DisplayText = move.dropped > 0 ? ", \(move.dropped) on trunk already" : ""
      return "moved from \(move.from) to \(move.to): \(move.replayed, "commit")\(dropped)"
    case .wouldMove(let move): return "would move from \(move.base) onto \(move.onto)"
    case .conflict(let conflict, _):
      let files = list(conflict.files, total: conflict.files.count)
      let subject = DisplayText(bytes: conflict.subject)
      return conflict.commit.map { "conflicts in \(files) at \($0) \(subject)" } ?? "conflicts in \(files)"
    case .left(let reason): return reason.sentence
    }
  }

  private static func command(after entry: SyncReport.Entry) -> String? {
    let place = shellQuoted(entry.path.bytes)
    switch entry.outcome {
    case .moved(let move): return move.published.map { pushCommand($0, branch: entry.branch ?? "", in: place) }
    case .wouldMove: return nil
    case .conflict(let conflict, _):
      return "git -C \(place) rebase --no-fork-point --onto \(conflict.onto) \(conflict.base)"
    case .left(let reason): return reason.command(in: place)
    }
  }

  /// The forced push that expects exactly what the remote has.
  private static func pushCommand(_ published: Reference, branch: String, in place: String) -> String {
    let parts = published.name.dropFirst("refs/remotes/".count).split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return "git -C \(place) push --force-with-lease" }
    let name = "refs/heads/" + parts[1]
    let words = ["push", "--force-with-lease=\(name):\(published.target)", parts[0], "\(branch):\(name)"]
    return "git -C \(place) " + words.map { shellQuoted($0) }.joined(separator: " ")
  }
}

private func list(_ paths: [[UInt8]], total: Int) -> DisplayText {
  let names = paths.prefix(3).map { DisplayText(bytes: $0) }.joined(separator: ", ")
  return total > 3 ? "\(names) and \(total - 3) more" : names
}

extension SyncWords {
  /// `{"version":1,"state","trunk","entries":[{"stream","branch","worktree","outcome",…}]}`
  public var json: JSONValue {
    [
      "version": 1, "state": .string(stateCode), "trunk": JSONValue(report.trunk?.tip.description),
      "fetchFailure": JSONValue(report.fetchFailure),
      "entries": .array(
        report.entries.map { entry in
          var members: [JSONValue.Member] = [
            .init("stream", JSONValue(entry.stream)), .init("branch", JSONValue(entry.branch?.shortBranchName)),
            .init("worktree", .string(entry.path.description)), .init("due", .bool(entry.isDue)),
          ]
          members += Self.members(of: entry.outcome)
          members.append(.init("command", JSONValue(Self.command(after: entry))))
          return .object(members)
        }),
    ]
  }

  private var stateCode: String {
    switch report.state {
    case .done: "done"
    case .predicted: "predicted"
    case .runningElsewhere: "running-elsewhere"
    case .diverged: "diverged"
    case .noTrunk: "no-trunk"
    }
  }

  private static func members(of outcome: SyncReport.Outcome) -> [JSONValue.Member] {
    switch outcome {
    case .moved(let move):
      [
        .init("outcome", "moved"), .init("from", .string("\(move.from)")), .init("to", .string("\(move.to)")),
        .init("onto", .string("\(move.onto)")), .init("replayed", .integer(move.replayed)),
        .init("dropped", .integer(move.dropped)),
      ]
    case .wouldMove(let move):
      [
        .init("outcome", "would-move"), .init("from", .string("\(move.from)")),
        .init("onto", .string("\(move.onto)")),
      ]
    case .conflict(let conflict, _):
      [
        .init("outcome", "conflict"), .init("commit", JSONValue(conflict.commit?.description)),
        .init("files", .array(conflict.files.map { .string(String(decoding: $0, as: UTF8.self)) })),
      ]
    case .left(let reason): [.init("outcome", "left"), .init("reason", .string(reason.code))]
    }
  }
}

extension Recovery.Ending {
  fileprivate var words: DisplayText {
    switch self {
    case .completed: "it had been done"
    case .untouched: "nothing was changed"
    case .undone(let saved): saved.map { "undone, edits kept in \($0)" } ?? "undone"
    case .pending(_, let message): "still not over: \(message)"
    }
  }
}

extension LeaveReason {
  /// For a line that names many.
  fileprivate var word: DisplayText {
    switch self {
    case .operation(let operation): "in a \(operation.rawValue)"
    case .held: "on hold"
    case .waits(let stream): "waits for \(stream)"
    default: "\(code)"
    }
  }

  /// Why a worktree was left where it is, in full.
  fileprivate var sentence: DisplayText {
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
    case .dirty(let paths, let total): "\(total, "uncommitted change"): \(list(paths, total: total))"
    case .busy(let busy): "busy: \(busy.words)"
    case .inUse: "its own git is at work"
    case .unrelated: "shares no history with trunk"
    case .cutOff: "history is cut off (a shallow clone)"
    case .obstructed(let paths): "in the way: \(list(paths, total: paths.count))"
    case .submodule(let path): "submodule '\(bytes: path)' would have to move"
    case .waits(let stream): "waits for \(stream)"
    case .interrupted: "an earlier sync died here"
    case .refused(let words): "git refused: \(words)"
    }
  }

  /// - Parameter place: the worktree's directory as a word of a command.
  fileprivate func command(in place: String) -> String? {
    switch self {
    case .operation(.bisect): "git -C \(place) bisect reset"
    case .operation(let operation): "git -C \(place) \(operation.rawValue) --continue"
    case .held: "preflight unhold \(place)"
    case .missing: "git worktree repair"
    case .cutOff: "git fetch --unshallow"
    default: nil
    }
  }
}

extension LeaveReason.Busy {
  fileprivate var words: DisplayText {
    switch self {
    case .index: "a git has the index locked"
    case .running(let what): what.isEmpty ? "a command is running" : "\(what) is running"
    case .written(let path, let seconds): "'\(bytes: path)' was written \(Int(seconds), "second") ago"
    case .message: "a commit message is being written"
    }
  }
}
