/// What somebody probably meant to write.
public enum Spelling {
  /// The candidate nearest to `word`, compared without case, the first of several; `nil` when none is near enough to be worth
  /// saying: two letters in three have to stay as they are, and three slips are the most.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let scalars = Array(word.lowercased().unicodeScalars)
    let limit = min(max(1, scalars.count / 3), 3)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let letters = Array(candidate.lowercased().unicodeScalars)
      // What is longer by more takes at least as many insertions; and a word may be a megabyte long.
      guard abs(letters.count - scalars.count) <= limit else { continue }
      let distance = distance(scalars, letters)
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// Insertions, deletions, replacements and exchanges of neighbours that turn one into the other.
  static func distance<Element: Equatable>(_ left: [Element], _ right: [Element]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        var cost = min(last[column + 1], current[column]) + 1
        cost = min(cost, last[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
