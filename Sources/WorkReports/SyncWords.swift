import Git
import Platform
import Reporting
import Rules
import Sync

/// A sync's report in words: one line for hooks, a table for the command.
public struct SyncWords {
  let report: SyncReport

  public init(_ report: SyncReport) { self.report = report }

  /// What a hook says: `preflight: 4 moved, ws3 conflicts, ws5 busy (preflight status)`; `nil` when there is nothing to
  /// tell.
  public var line: DisplayText? {
    switch report.state {
    case .diverged: return trouble
    case .noTrunk, .noTarget, .runningElsewhere: return nil
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
      let way = "git rebase \(shellQuoted(remote))"
      let parted: DisplayText = "'\(local)' and '\(remote)' have diverged"
      return "preflight: nothing moved: \(parted) (where '\(local)' is checked out: \(way))"
    case .noTrunk: return "preflight: nothing moved: there is no trunk yet"
    case .noTarget(let revision): return "preflight: nothing moved: '\(revision)' names no commit"
    case .runningElsewhere(let process, let description):
      return "preflight: nothing moved: \(description) is still running (process \(Int(process)))"
    case .done, .predicted: return nil
    }
  }

  /// A row for each worktree, in the order of the plan, and after the rows the commands that go on from there.
  public var table: Table {
    var table = Table([
      .init("stream"), .init("branch", isFlexible: true, cutting: .start), .init("outcome", isFlexible: true),
    ])
    for entry in report.entries {
      table.append([
        "\(Self.name(of: entry))", "\(entry.branch?.shortBranchName ?? "-")", outcome(of: entry),
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
    var lines = report.recoveries.map(\.sentence)
    for entry in report.moved {
      guard case .moved(let move) = entry.outcome else { continue }
      lines += move.dropped.map { "\(Self.name(of: entry)): \($0.sentence)" }
    }
    for entry in report.moved {
      guard case .moved(let move) = entry.outcome else { continue }
      for merge in move.merged {
        lines.append("\(Self.name(of: entry)): merged by policy \(merge.policy.rawValue): \(bytes: merge.path)")
      }
    }
    // A table cuts what does not fit, and git's own words are all that tells why.
    for entry in report.refusals {
      if case .left(let reason) = entry.outcome { lines.append("\(Self.name(of: entry)): \(reason.sentence())") }
    }
    if let failure = report.fetchFailure { lines.append("the remote was not reached, the rest was done: \(failure)") }
    if let trouble { lines.append(trouble) }
    if let branch = report.startedFrom, let fresh = report.entries.first, fresh.branch != branch {
      let verb: DisplayText = report.state == .predicted ? "would be checked out" : "is checked out"
      lines.append(
        "'\(fresh.branch?.shortBranchName ?? "")' \(verb) in \(fresh.path); '\(branch.shortBranchName)' stays as it is")
    }
    return lines
  }

  /// The stream's id, else the branch, else the directory.
  static func name(of entry: SyncReport.Entry) -> String {
    entry.stream ?? entry.branch?.shortBranchName ?? entry.path.lastComponent.description
  }

  private func outcome(of entry: SyncReport.Entry) -> DisplayText {
    let result = Self.outcome(of: entry, target: report.onto)
    switch entry.pushOutcome {
    case .done: return "\(result), pushed"
    case .refused: return "\(result), push refused"
    case nil: return result
    }
  }

  private static func outcome(of entry: SyncReport.Entry, target: String?) -> DisplayText {
    switch entry.outcome {
    case .moved(let move):
      let dropped: DisplayText = move.dropped.isEmpty ? "" : ", \(move.dropped.count) on trunk already"
      return "moved from \(move.from) to \(move.to): \(move.replayed, "commit")\(dropped)"
    case .wouldMove(let move): return "would move from \(move.base) onto \(move.onto)"
    case .conflict(let conflict, _):
      let files = list(conflict.files, total: conflict.files.count)
      let subject = DisplayText(bytes: conflict.subject)
      return conflict.commit.map { "conflicts in \(files) at \($0) \(subject)" } ?? "conflicts in \(files)"
    case .left(let reason): return reason.sentence(target: target)
    }
  }

  static func command(after entry: SyncReport.Entry) -> String? {
    let place = shellQuoted(entry.path.bytes)
    switch entry.outcome {
    case .moved, .left(.upToDate): return entry.pushOutcome == .done ? nil : entry.push?.command(in: entry.path)
    case .wouldMove: return nil
    case .conflict(let conflict, _):
      return "git -C \(place) rebase --no-fork-point --onto \(conflict.onto) \(conflict.base)"
    case .left(let reason): return reason.command(in: place, name: shellQuoted(name(of: entry)))
    }
  }
}

func list(_ paths: [[UInt8]], total: Int) -> DisplayText {
  let names = paths.prefix(3).map { DisplayText(bytes: $0) }.joined(separator: ", ")
  return total > 3 ? "\(names) and \(total - 3) more" : names
}

extension Recovery {
  /// What to say of it on a line of its own.
  var sentence: DisplayText {
    let names = files.isEmpty ? "" : " (\(list(files, total: files.count)))" as DisplayText
    return "an earlier sync died in \(path): \(ending.words)\(names)"
  }
}

extension Recovery.Ending {
  fileprivate var words: DisplayText {
    switch self {
    case .completed: "it had been done"
    case .untouched: "nothing was changed"
    case .undone(let saved): saved.map { "undone, what was in the files is kept in \($0)" } ?? "undone"
    case .pending(_, let message): "still not over: \(message)"
    }
  }
}
