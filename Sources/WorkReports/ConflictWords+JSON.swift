import Git
import Merging
import Reporting
import Sync

extension ConflictWords {
  /// `{"version":1,"sides":[…],"pairs":[{"one","other","verdict","files"}],"conflicts":[…]}`; sides are named by their place.
  public func json(planned: PlannedMerges? = nil) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("version", 1), .init("sides", .array(map.sides.map { $0.json })),
      .init("pairs", .array(map.cells.map(Self.value))), .init("conflicts", .array(packets.map(Self.value))),
    ]
    if let planned { members.append(.init("planned", PlannedWords(planned).json)) }
    return .object(members)
  }

  private static func value(_ cell: ConflictMap.Cell) -> JSONValue {
    let pair: [JSONValue.Member] = [
      .init("one", .integer(cell.one)), .init("other", .integer(cell.other)),
      .init("base", JSONValue(cell.base?.description)),
    ]
    return .object(pair + cell.verdict.members)
  }

  private static func value(_ packet: ConflictPacket) -> JSONValue {
    [
      "path": .string(String(decoding: packet.path, as: UTF8.self)), "base": JSONValue(packet.base?.description),
      "sides": .array([packet.one, packet.other].map(value)),
    ]
  }

  private static func value(_ part: ConflictPacket.Part) -> JSONValue {
    [
      "side": .integer(part.side), "deleted": .bool(part.isGone), "uncommitted": .bool(part.isUncommitted),
      "lines": .array(part.lines.map { ["first": .integer($0.first), "count": .integer($0.count)] }),
      "commits": .array(
        part.commits.map {
          ["id": .string("\($0.id)"), "subject": .string(String(decoding: $0.subject, as: UTF8.self))]
        }),
    ]
  }
}

extension ConflictMap.Verdict {
  fileprivate var members: [JSONValue.Member] {
    switch self {
    case .clean: [.init("verdict", "clean")]
    case .unknown: [.init("verdict", "unknown")]
    case .conflict(let files):
      [
        .init("verdict", "conflict"),
        .init("files", .array(files.map { .string(String(decoding: $0.path, as: UTF8.self)) })),
      ]
    }
  }
}

extension ConflictMap.Side {
  fileprivate var json: JSONValue {
    [
      "id": JSONValue(stream?.id), "name": JSONValue(stream?.name), "branch": JSONValue(branch?.shortBranchName),
      "worktree": JSONValue(worktree?.path.description), "tip": .string("\(tip)"),
      "uncommitted": JSONValue(uncommitted), "stackedOn": JSONValue(parent),
      "issues": .array((stream?.issues ?? []).map { .string($0.id) }),
    ]
  }
}

/// The merges that are to come, in words.
public struct PlannedWords {
  private let planned: PlannedMerges

  public init(_ planned: PlannedMerges) { self.planned = planned }

  /// A row for each merge, in the order in which they are to come.
  public var table: Table {
    var table = Table([.init("merge", .right), .init("stream", isFlexible: true), .init("outcome", isFlexible: true)])
    for (index, step) in planned.steps.enumerated() {
      table.append(["\(index + 1)", "\(name(step.side))", outcome(step)])
    }
    for side in planned.remaining { table.append(["", "\(name(side))", "not predicted"]) }
    return table
  }

  /// Which merge is the first to break, and with whom.
  public var summary: DisplayText {
    guard let first = planned.firstBreak else {
      return "\(planned.steps.count, "merge"), one after another: none breaks"
    }
    let rivals = first.rivals.map { "\(name($0))" as DisplayText }.joined(separator: ", ")
    let files = paths(first.step).map { DisplayText(bytes: $0) }.joined(separator: ", ")
    let with: DisplayText = rivals.isEmpty ? "" : " with what \(rivals) made of it"
    return "the first that \("breaks", .error) is \(name(first.step.side)): \(files)\(with)"
  }

  private func name(_ side: Int) -> String { side == 0 ? "trunk" : planned.sides[side].shortName }

  private func paths(_ step: PlannedMerges.Step) -> [[UInt8]] {
    if case .conflict(let files) = step.verdict { files.map(\.path) } else { [] }
  }

  private func outcome(_ step: PlannedMerges.Step) -> DisplayText {
    switch step.verdict {
    case .clean: "merges"
    case .unknown: "shares no history with trunk"
    case .conflict: "\("conflicts", .error) in \(paths(step).map { DisplayText(bytes: $0) }.joined(separator: ", "))"
    }
  }

  /// `{"steps":[{"side","verdict"}],"firstBreak":{"side","rivals"}}`
  var json: JSONValue {
    [
      "steps": .array(
        planned.steps.map { .object([.init("side", .integer($0.side))] + $0.verdict.members) }),
      "firstBreak": planned.firstBreak.map {
        ["side": .integer($0.step.side), "rivals": .array($0.rivals.map { .integer($0) })]
      } ?? .null,
      "notPredicted": .array(planned.remaining.map { .integer($0) }),
    ]
  }
}
