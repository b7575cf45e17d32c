import Platform
import Reporting
import Sync

/// What taking a sync back has come to, in words and for machines.
public struct UndoWords {
  private let report: UndoReport

  public init(_ report: UndoReport) { self.report = report }

  /// A row for each branch that the sync had moved.
  public var table: Table {
    var table = Table([.init("branch", isFlexible: true), .init("outcome", isFlexible: true)])
    for entry in report.entries { table.append(["\(entry.branch.shortBranchName)", Self.words(for: entry.outcome)]) }
    return table
  }

  /// What to type next, a line for each branch that needs it.
  public var commands: [DisplayText] {
    report.refused.compactMap { entry in
      command(after: entry).map { "\("hint:", .hint) \(entry.branch.shortBranchName): \($0)" }
    }
  }

  /// Syncs that had died.
  public var remarks: [DisplayText] { report.recoveries.map(\.sentence) }

  private static func words(for outcome: UndoReport.Outcome) -> DisplayText {
    switch outcome {
    case .restored(let tip, 0): "back at \(tip)"
    case .restored(let tip, let count): "back, with \(count, "commit") made since: \(tip)"
    case .refused(let refusal): "left: \(words(for: refusal))"
    }
  }

  private static func words(for refusal: UndoReport.Refusal) -> DisplayText {
    switch refusal {
    case .gone: "the branch is gone"
    case .movedSince: "it has been moved since"
    case .notCheckedOut: "it has commits made since, and is in no worktree"
    case .left(.concerned(let paths)): "uncommitted where it would go back (commit it, then undo again): \(list(paths))"
    case .left(let reason): reason.sentence()
    case .conflict(let files): "commits made since conflict in \(list(files, total: files.count))"
    }
  }

  private func command(after entry: UndoReport.Entry) -> String? {
    guard case .refused(let refusal) = entry.outcome else { return nil }
    let name = shellQuoted(entry.branch.shortBranchName)
    switch refusal {
    case .gone, .conflict: return report.sync.map { "git log --oneline refs/preflight/undo/\($0.id)/heads/\(name)" }
    case .movedSince: return "preflight undo --list"
    case .notCheckedOut: return "git worktree add ../\(name) \(name)"
    // Whoever had it in hand is done by then; the reason's own command would sync once more.
    case .left(.busy), .left(.inUse), .left(.changedMeanwhile), .left(.refused):
      return report.sync.map { "preflight undo \($0.id)" }
    case .left(let reason): return entry.path.flatMap { reason.command(in: shellQuoted($0), name: name) }
    }
  }

  /// Members are only ever added.
  public var json: JSONValue {
    [
      "version": 1, "sync": JSONValue(report.sync?.id),
      "entries": .array(
        report.entries.map { entry in
          .object(
            [
              .init("branch", .string(entry.branch.shortBranchName)),
              .init("worktree", JSONValue(entry.path?.description)),
            ] + Self.members(of: entry.outcome) + [.init("command", JSONValue(command(after: entry)))])
        }),
    ]
  }

  private static func members(of outcome: UndoReport.Outcome) -> [JSONValue.Member] {
    switch outcome {
    case .restored(let tip, let count):
      [.init("outcome", "restored"), .init("tip", .string("\(tip)")), .init("replayed", .integer(count))]
    case .refused(let refusal):
      [
        .init("outcome", "refused"), .init("reason", .string(refusal.code)),
        .init("sentence", .string(words(for: refusal).plain)),
      ]
    }
  }
}

extension UndoReport.Refusal {
  fileprivate var code: String {
    switch self {
    case .gone: "gone"
    case .movedSince: "moved-since"
    case .notCheckedOut: "not-checked-out"
    case .left(let reason): reason.code
    case .conflict: "conflict"
    }
  }
}

extension [KeptSync] {
  /// The syncs that can be taken back, the latest first.
  public var table: Table {
    var table = Table([.init("sync"), .init("when"), .init("branches", isFlexible: true)])
    for sync in self {
      let names = sync.branches.map { "\($0.name.shortBranchName)" as DisplayText }
      table.append(["\(sync.id)", "\(utcTime(sync.time))", names.joined(separator: ", ")])
    }
    return table
  }

  public var json: JSONValue {
    [
      "version": 1,
      "syncs": .array(
        map { sync in
          [
            "id": .string(sync.id), "time": .integer(Int(sync.time)),
            "branches": .array(
              sync.branches.map { branch in
                [
                  "branch": .string(branch.name.shortBranchName), "from": .string("\(branch.old)"),
                  "to": JSONValue(branch.new?.description),
                ]
              }),
          ]
        }),
    ]
  }
}

/// `2026-11-22 19:05:00 UTC`, by the civil calendar; see gmtime(3).
private func utcTime(_ seconds: Int64) -> String {
  let (days, rest) = (seconds / 86400, seconds % 86400)
  // Years that begin in March: the leap day is the last one. 719468 days lie between 1 March of year 0 and 1970.
  let shifted = days + 719_468
  let era = shifted / 146_097
  let dayOfEra = shifted % 146_097
  let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
  let month = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * month + 2) / 5 + 1
  let civilMonth = month < 10 ? month + 3 : month - 9
  let civilYear = era * 400 + year + (civilMonth <= 2 ? 1 : 0)
  func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let date = "\(civilYear)-\(two(civilMonth))-\(two(day))"
  return "\(date) \(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60)) UTC"
}
