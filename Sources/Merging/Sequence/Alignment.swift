/// Which units of two versions are the same.
struct Alignment<Unit: MergeUnit> {
  /// For each left unit its right one.
  private(set) var partner: [Int?]
  /// For each right unit its left one.
  private(set) var origin: [Int?]
  /// Whether no unit was moved past another.
  let isInOrder: Bool

  /// Rows times columns up to which lines without an identity are paired by their longest common subsequence.
  private static var tableLimit: Int { 1 << 20 }

  init(_ left: [Unit], _ right: [Unit]) {
    partner = Array(repeating: nil, count: left.count)
    origin = Array(repeating: nil, count: right.count)
    let pairs = Self.pairsByIdentity(left, right)
    let kept = Self.longestIncreasing(pairs.map(\.1))
    isInOrder = kept.count == pairs.count
    for (left, right) in pairs {
      partner[left] = right
      origin[right] = left
    }
    let anchors = kept.map { pairs[$0] }
    for (from, to) in zip([(-1, -1)] + anchors, anchors + [(left.count, right.count)]) {
      let rows = (from.0 + 1..<to.0).filter { left[$0].identity == nil }
      let columns = (from.1 + 1..<to.1).filter { right[$0].identity == nil }
      for (row, column) in Self.pairsByText(rows, columns, left, right) {
        partner[row] = column
        origin[column] = row
      }
    }
  }

  /// In the left order.
  private static func pairsByIdentity(_ left: [Unit], _ right: [Unit]) -> [(Int, Int)] {
    let columns = Dictionary(
      right.indices.compactMap { index in right[index].identity.map { ($0, index) } }, uniquingKeysWith: { $1 })
    var pairs: [(Int, Int)] = []
    for row in left.indices {
      if let identity = left[row].identity, let column = columns[identity] { pairs.append((row, column)) }
    }
    let rows = loneByNearIdentity(left, except: Set(pairs.map(\.0)))
    let others = loneByNearIdentity(right, except: Set(pairs.map(\.1)))
    for (near, row) in rows { if let column = others[near] { pairs.append((row, column)) } }
    return pairs.sorted { $0.0 < $1.0 }
  }

  private static func loneByNearIdentity(_ units: [Unit], except taken: Set<Int>) -> [Unit.Identity: Int] {
    var found: [Unit.Identity: Int?] = [:]
    for index in units.indices where !taken.contains(index) {
      guard let near = units[index].nearIdentity else { continue }
      found.updateValue(found.keys.contains(near) ? nil : index, forKey: near)
    }
    return found.compactMapValues { $0 }
  }

  /// Indices into `values` of a longest increasing subsequence.
  private static func longestIncreasing(_ values: [Int]) -> [Int] {
    var tails: [Int] = []
    var previous: [Int?] = []
    for index in values.indices {
      var low = 0
      var high = tails.count
      while low < high {
        let middle = (low + high) / 2
        if values[tails[middle]] < values[index] { low = middle + 1 } else { high = middle }
      }
      previous.append(low > 0 ? tails[low - 1] : nil)
      if low == tails.count { tails.append(index) } else { tails[low] = index }
    }
    var result: [Int] = []
    var next = tails.last
    while let index = next {
      result.append(index)
      next = previous[index]
    }
    return result.reversed()
  }

  /// Equal ends first, the end before the start: a paragraph added before a blank line then begins with one of its own.
  private static func pairsByText(
    _ rows: [Int], _ columns: [Int], _ left: [Unit], _ right: [Unit]
  ) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    var rows = rows[...]
    var columns = columns[...]
    while let row = rows.last, let column = columns.last, left[row].text == right[column].text {
      pairs.append((row, column))
      rows.removeLast()
      columns.removeLast()
    }
    while let row = rows.first, let column = columns.first, left[row].text == right[column].text {
      pairs.append((row, column))
      rows.removeFirst()
      columns.removeFirst()
    }
    guard rows.count <= tableLimit / max(columns.count, 1) else { return pairs }
    return pairs + longestCommon(Array(rows), Array(columns)) { left[$0].text == right[$1].text }
  }

  private static func longestCommon(
    _ rows: [Int], _ columns: [Int], areEqual: (Int, Int) -> Bool
  ) -> [(Int, Int)] {
    guard !rows.isEmpty, !columns.isEmpty else { return [] }
    let width = columns.count + 1
    var lengths = Array(repeating: 0, count: (rows.count + 1) * width)
    for row in rows.indices.reversed() {
      for column in columns.indices.reversed() {
        lengths[row * width + column] =
          areEqual(rows[row], columns[column])
          ? lengths[(row + 1) * width + column + 1] + 1
          : max(lengths[(row + 1) * width + column], lengths[row * width + column + 1])
      }
    }
    var pairs: [(Int, Int)] = []
    var row = 0
    var column = 0
    while row < rows.count, column < columns.count {
      if areEqual(rows[row], columns[column]) {
        pairs.append((rows[row], columns[column]))
        row += 1
        column += 1
      } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
        row += 1
      } else {
        column += 1
      }
    }
    return pairs
  }

  /// The right units without a partner, by the left unit that they follow; -1 for those at the start.
  func runs(count: Int) -> [Int: [Int]] {
    var runs: [Int: [Int]] = [:]
    var anchor = -1
    for index in 0..<count {
      if let left = origin[index] { anchor = left } else { runs[anchor, default: []].append(index) }
    }
    return runs
  }
}
