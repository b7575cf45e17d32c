/// Lines of a text that another version has replaced; indices from 0.
public struct LineHunk: Hashable, Sendable {
  public var old: Range<Int>
  public var new: Range<Int>

  public init(old: Range<Int>, new: Range<Int>) {
    self.old = old
    self.new = new
  }

  /// More differing lines than this are taken as one hunk: the time grows with their square.
  private static let limit = 4_000

  /// What turns one text into the other, in order.
  public static func hunks(from old: [UInt8], to new: [UInt8]) -> [LineHunk] {
    let (before, after) = (Lines(old), Lines(new))
    let change = TextChange(TextBase(before), after).hunk
    if change.old.isEmpty || change.new.isEmpty || change.old.count + change.new.count > limit {
      return change.old.isEmpty && change.new.isEmpty ? [] : [change]
    }
    let difference = after[change.new].difference(from: before[change.old])
    let removed = Set(difference.removals.map(offset))
    let inserted = Set(difference.insertions.map(offset))
    var hunks: [LineHunk] = []
    var (row, column) = (0, 0)
    while row < change.old.count || column < change.new.count {
      let (start, first) = (row, column)
      while removed.contains(row) { row += 1 }
      while inserted.contains(column) { column += 1 }
      if row > start || column > first {
        hunks.append(
          LineHunk(
            old: change.old.lowerBound + start..<change.old.lowerBound + row,
            new: change.new.lowerBound + first..<change.new.lowerBound + column))
      } else {
        row += 1
        column += 1
      }
    }
    return hunks
  }

  private static func offset(of change: CollectionDifference<ArraySlice<UInt8>>.Change) -> Int {
    switch change {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }

  /// Whether both replace lines of one text that overlap, or with none between them: a conflict unless they do the same.
  public func touches(_ other: LineHunk) -> Bool {
    old.lowerBound <= other.old.upperBound && other.old.lowerBound <= old.upperBound
  }

  /// The lines that came in, as people count them.
  public var newLines: LineRange { LineRange(first: new.lowerBound + 1, count: new.count) }
}
