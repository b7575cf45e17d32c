import Git
import Merging
import Platform
import Reporting
import Rules
import Sync

/// The conflict map in words: a table, and a packet for each file in conflict.
public struct ConflictWords {
  let map: ConflictMap
  let packets: [ConflictPacket]

  public init(_ map: ConflictMap, _ packets: [ConflictPacket]) {
    self.map = map
    self.packets = packets
  }

  /// So many worktrees still have a column each in 80.
  private static let widestMatrix = 12

  /// A row for each worktree: how many files conflict with trunk and with each other worktree.
  public var table: Table {
    map.sides.count - 1 <= Self.widestMatrix ? matrix : list
  }

  private var matrix: Table {
    let others = Array(map.sides.indices.dropFirst())
    var table = Table(Self.columns + others.map { .init("\($0)", .right) })
    for side in others {
      table.append(head(of: side) + others.map { $0 == side ? "." : count(side, $0) })
    }
    return table
  }

  private var list: Table {
    var table = Table(Self.columns + [.init("conflicts with", isFlexible: true)])
    for side in map.sides.indices.dropFirst() {
      let rivals = map.sides.indices.dropFirst().filter { isConflict(side, $0) }
      let names = rivals.map { "\(name($0)) (\(count(side, $0)))" as DisplayText }.joined(separator: ", ")
      table.append(head(of: side) + [names.isEmpty ? "-" : names])
    }
    return table
  }

  private static var columns: [Table.Column] {
    [.init("#", .right), .init("stream", isFlexible: true), .init("dirty", .right), .init("trunk", .right)]
  }

  private func head(of side: Int) -> [DisplayText] {
    let dirty: DisplayText = map.sides[side].uncommitted.map { $0 == 0 ? "-" : "\($0)" } ?? "?"
    return ["\(side)", "\(name(side))", dirty, count(side, 0)]
  }

  private func isConflict(_ one: Int, _ other: Int) -> Bool {
    if case .conflict? = map[one, other] { true } else { false }
  }

  private func count(_ one: Int, _ other: Int) -> DisplayText {
    switch map[one, other] {
    case .conflict(let files)?: "\("\(max(files.count, 1))", .error)"
    case .unknown?: "?"
    case .clean?, nil: "-"
    }
  }

  func name(_ side: Int) -> String { map.sides[side].shortName }

  /// What the table does not say.
  public var remarks: [DisplayText] {
    var lines: [DisplayText] = []
    let conflicts = map.conflicts.count
    lines.append(
      conflicts == 0
        ? "no conflict in \(map.cells.count, "pair")" : "\(conflicts, "conflict") in \(map.cells.count, "pair")")
    for (index, side) in map.sides.enumerated() {
      if side.passedOver > 0 {
        lines.append("\(name(index)): \(side.passedOver, "untracked file") not looked at (are they to be ignored?)")
      }
      if let parent = side.parent { lines.append("\(name(index)) is stacked on \(name(parent))") }
    }
    if map.cells.contains(where: { $0.verdict == .unknown }) {
      lines.append("?: no common history in reach (a shallow clone, or unrelated branches)")
    }
    return lines
  }

  // MARK: Packets

  public var details: [DisplayText] { packets.flatMap { [""] + lines(of: $0) } }

  private func lines(of packet: ConflictPacket) -> [DisplayText] {
    let (one, other) = (packet.one, packet.other)
    var lines: [DisplayText] = [
      "\("conflict", .error) in \(bytes: packet.path): \(name(one.side)) and \(name(other.side))"
    ]
    for part in [one, other] {
      lines.append("  \(title(of: part.side)): \(place(of: part))")
      if part.isUncommitted { lines.append("    not committed") }
      lines += part.commits.map { "    \($0.id) \(bytes: $0.subject)" }
    }
    return lines + hints(for: packet).map { "\("hint:", .hint) \($0)" }
  }

  /// `ws3 Database (SMI-1446, SMI-1448)`
  private func title(of side: Int) -> DisplayText {
    guard let stream = map.sides[side].stream else { return "\(name(side))" }
    let issues = stream.issues.isEmpty ? "" : " (\(stream.issues.map(\.id).joined(separator: ", ")))"
    return "\(stream.id) \(stream.name)\(issues)"
  }

  private func place(of part: ConflictPacket.Part) -> DisplayText {
    if part.isGone { return "deleted it" }
    let ranges = part.lines.prefix(4).map { range -> DisplayText in
      switch range.count {
      case 0: "after line \(range.first - 1)"
      case 1: "line \(range.first)"
      default: "lines \(range.first) to \(range.last)"
      }
    }
    if ranges.isEmpty { return "changed it" }
    return ranges.joined(separator: ", ") + (part.lines.count > 4 ? " and more" : "")
  }

  /// Commands to paste: how each of the two sees what the other one made of the file, or, against trunk, how to settle it.
  private func hints(for packet: ConflictPacket) -> [DisplayText] {
    guard let base = packet.base else { return [] }
    return [packet.one, packet.other].map { part in
      if let place = map.sides[part.side].worktree?.path {
        let command = "git -C \(shellQuoted(place.bytes)) diff \(base.abbreviated) -- \(Pathspec(packet.path))"
        return "to see \(name(part.side))'s: \(command)"
      }
      let other = map.sides[part.side == packet.one.side ? packet.other.side : packet.one.side]
      let place = other.worktree.map { "-C \(shellQuoted($0.path.bytes)) " } ?? ""
      return
        "to settle it: git \(place)rebase --no-fork-point --onto \(map.sides[0].tip.description) \(base.description)"
    }
  }
}

extension ConflictMap.Side {
  /// The stream's id, else the branch, else the directory.
  var shortName: String {
    stream?.id ?? branch?.shortBranchName ?? worktree?.path.lastComponent.description ?? "trunk"
  }
}
