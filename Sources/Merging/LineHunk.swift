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
    let change = TextChange.span(before, after)
    if change.old.isEmpty || change.new.isEmpty || change.old.count + change.new.count > limit {
      return change.old.isEmpty && change.new.isEmpty ? [] : [change]
    }
    return ShortestEdit(from: before[change.old], to: after[change.new]).hunks.map { hunk in
      LineHunk(old: hunk.old.shifted(by: change.old.lowerBound), new: hunk.new.shifted(by: change.new.lowerBound))
    }
  }

  /// Whether both replace lines of one text that overlap, or with none between them: a conflict unless they do the same.
  public func touches(_ other: LineHunk) -> Bool {
    old.lowerBound <= other.old.upperBound && other.old.lowerBound <= old.upperBound
  }

  /// The lines that came in, as people count them.
  public var newLines: LineRange { LineRange(first: new.lowerBound + 1, count: new.count) }
}

extension Range<Int> {
  fileprivate func shifted(by distance: Int) -> Range { lowerBound + distance..<upperBound + distance }
}
