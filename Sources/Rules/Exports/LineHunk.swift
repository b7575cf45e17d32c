import Merging

/// A stretch of lines that was replaced.
struct LineHunk: Hashable {
  /// Indices of lines before the change.
  var old: Range<Int>
  var new: [[UInt8]]

  /// More differing lines than this are not compared: the time grows with their square.
  private static let limit = 4_000

  /// What turns `old` into `new`, in order; `nil` where too much of it differs.
  static func hunks(from old: [[UInt8]], to new: [[UInt8]]) -> [LineHunk]? {
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old[head...].reversed(), new[head...].reversed()).prefix { $0 == $1 }.count
    let before = old[head..<old.count - tail]
    let after = new[head..<new.count - tail]
    guard before.count + after.count <= limit else { return nil }

    return ShortestEdit(from: before.map { $0[...] }, to: after.map { $0[...] }).hunks.map { hunk in
      LineHunk(
        old: head + hunk.old.lowerBound..<head + hunk.old.upperBound,
        new: Array(after[head + hunk.new.lowerBound..<head + hunk.new.upperBound]))
    }
  }

  static func apply(_ hunks: [LineHunk], to lines: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var next = 0
    for hunk in hunks {
      result += lines[next..<hunk.old.lowerBound]
      result += hunk.new
      next = hunk.old.upperBound
    }
    return result + lines[next...]
  }
}
