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

    let difference = after.difference(from: before)
    let removed = Set(difference.removals.map(offset))
    let inserted = Set(difference.insertions.map(offset))
    var hunks: [LineHunk] = []
    var (i, j) = (0, 0)
    while i < before.count || j < after.count {
      let (start, first) = (i, j)
      while removed.contains(i) { i += 1 }
      while inserted.contains(j) { j += 1 }
      if i > start || j > first {
        hunks.append(LineHunk(old: head + start..<head + i, new: Array(after[head + first..<head + j])))
      } else {
        i += 1
        j += 1
      }
    }
    return hunks
  }

  private static func offset(of change: CollectionDifference<[UInt8]>.Change) -> Int {
    switch change {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
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
