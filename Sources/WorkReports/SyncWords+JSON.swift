import Platform
import Reporting
import StateFiles
import Sync

extension SyncWords {
  /// The report for machines. Members are only ever added to it; `docs/sync.md` lists them.
  public var json: JSONValue {
    [
      "version": 1, "state": .string(stateCode), "trunk": JSONValue(report.trunk?.tip.description),
      "onto": JSONValue(report.onto), "startedFrom": JSONValue(report.startedFrom?.shortBranchName),
      "fetchFailure": JSONValue(report.fetchFailure),
      "entries": .array(
        report.entries.map { entry in
          var members: [JSONValue.Member] = [
            .init("stream", JSONValue(entry.stream)), .init("branch", JSONValue(entry.branch?.shortBranchName)),
            .init("worktree", .string(entry.path.description)), .init("due", .bool(entry.isDue)),
          ]
          members += Self.members(of: entry.outcome)
          members.append(.init("push", entry.push.map { Self.push($0, entry.pushOutcome) } ?? .null))
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
    case .noTarget: "no-target"
    }
  }

  private static func push(_ lease: PushLease, _ outcome: SyncReport.PushOutcome?) -> JSONValue {
    let state: JSONValue =
      switch outcome {
      case .done: "done"
      case .refused: "refused"
      case nil: "due"
      }
    return [
      "state": state, "remote": .string(lease.publication.remote), "ref": .string(lease.publication.branch),
      "expected": .string("\(lease.publication.tracking.target)"), "command": .string(lease.command()),
    ]
  }

  private static func members(of outcome: SyncReport.Outcome) -> [JSONValue.Member] {
    switch outcome {
    case .moved(let move):
      [
        .init("outcome", "moved"), .init("from", .string("\(move.from)")), .init("to", .string("\(move.to)")),
        .init("onto", .string("\(move.onto)")), .init("replayed", .integer(move.replayed)),
        .init("dropped", .array(move.dropped.map(\.json))),
        .init(
          "merged",
          .array(
            move.merged.map {
              ["path": .string(String(decoding: $0.path, as: UTF8.self)), "policy": .string($0.policy.rawValue)]
            })),
      ]
    case .wouldMove(let move):
      [
        .init("outcome", "would-move"), .init("from", .string("\(move.from)")),
        .init("onto", .string("\(move.onto)")), .init("base", .string("\(move.base)")),
      ]
    case .conflict(let conflict, _):
      [
        .init("outcome", "conflict"), .init("onto", .string("\(conflict.onto)")),
        .init("base", .string("\(conflict.base)")), .init("commit", JSONValue(conflict.commit?.description)),
        .init("files", .array(conflict.files.map { .string(String(decoding: $0, as: UTF8.self)) })),
      ]
    case .left(let reason):
      [
        .init("outcome", "left"), .init("reason", .string(reason.code)),
        .init("sentence", .string(reason.sentence().plain)),
      ]
    }
  }
}
