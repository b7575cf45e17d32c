import Git
import Merging

/// All that somebody needs who is to settle one file between two sides.
public struct ConflictPacket: Sendable {
  public struct Part: Sendable {
    /// The place in the map's `sides`.
    public var side: Int
    /// In this side's own version; empty where the file is gone, is no text, or lies elsewhere on this side.
    public var lines: [LineRange]
    /// Those that put the lines there or took lines away between them, newest first.
    public var commits: [Commit]
    /// Whether some of it is not committed.
    public var isUncommitted: Bool
    public var isGone: Bool
  }

  public var path: [UInt8]
  /// From where both sides' changes are counted; `nil` where there are several such commits.
  public var base: ObjectID?
  public var one: Part
  public var other: Part
}

/// Reads what is behind a conflict, each file of each side once.
struct PacketReader {
  private var survey: PairSurvey
  private var histories: [HistoryKey: LineHistory] = [:]

  private struct HistoryKey: Hashable {
    let side: Int
    let base: ObjectID
    let path: [UInt8]
  }

  init(_ survey: PairSurvey) { self.survey = survey }

  mutating func packets(for cell: ConflictMap.Cell) throws(GitError) -> [ConflictPacket] {
    guard case .conflict(let files) = cell.verdict else { return [] }
    var packets: [ConflictPacket] = []
    for file in files.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
      packets.append(try packet(for: file, cell))
    }
    return packets
  }

  private mutating func packet(
    for file: ConflictMap.FileConflict, _ cell: ConflictMap.Cell
  ) throws(GitError) -> ConflictPacket {
    func bare(_ side: Int) -> ConflictPacket.Part {
      .init(side: side, lines: [], commits: [], isUncommitted: false, isGone: false)
    }
    var packet = ConflictPacket(path: file.path, base: cell.base, one: bare(cell.one), other: bare(cell.other))
    guard let base = cell.base else { return packet }
    let one = try history(of: file.path, side: cell.one, since: base)
    let other = try history(of: file.path, side: cell.other, since: base)
    let regions = file.regions
    packet.one = part(cell.one, one, lines: regions.isEmpty ? one.lines(against: other) : regions.map(\.ours))
    packet.other = part(cell.other, other, lines: regions.isEmpty ? other.lines(against: one) : regions.map(\.theirs))
    return packet
  }

  private func part(_ side: Int, _ history: LineHistory, lines: [LineRange]) -> ConflictPacket.Part {
    let authors = history.authors(of: lines)
    return .init(
      side: side, lines: lines, commits: authors.commits, isUncommitted: authors.isUncommitted,
      isGone: history.isGone)
  }

  private mutating func history(
    of path: [UInt8], side: Int, since base: ObjectID
  ) throws(GitError) -> LineHistory {
    let key = HistoryKey(side: side, base: base, path: path)
    if let history = histories[key] { return history }
    let change = try survey.changes(of: side, since: base)[path]
    let history = try LineHistory(
      of: path, from: base, to: survey.sides[side].tip, now: change.map { .some($0.new) } ?? nil,
      in: survey.repository)
    histories[key] = history
    return history
  }
}
