/// The name of `known` that somebody probably meant by `name`, compared without case; `nil` where none is near.
///
/// Near are names that two or fewer insertions, deletions, replacements or swaps of neighbours turn into one another,
/// as long as they leave at least three letters in five alone: `ci` is not meant by `wip`.
func nearestName(to name: some Collection<UInt8>, in known: [String]) -> String? {
  var best: (name: String, distance: Int)?
  let name = name.map(\.asciiLowercased)
  for candidate in known {
    let letters = candidate.utf8.map(\.asciiLowercased)
    let longer = max(name.count, letters.count)
    guard abs(name.count - letters.count) <= 2 else { continue }
    let distance = editDistance(name, letters)
    guard distance <= 2, (longer - distance) * 5 >= longer * 3, distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
  }
  return best?.name
}

/// Optimal string alignment: Levenshtein's distance with swaps of neighbours.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for i in left.indices {
    var row = [i + 1]
    for j in right.indices {
      var cost = min(last[j + 1], row[j]) + 1
      cost = min(cost, last[j] + (left[i] == right[j] ? 0 : 1))
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[right.count]
}

/// Words that people write for a type and that no letters lead to.
private let typeSynonyms: [(word: StaticString, type: String)] = [
  ("feature", "feat"), ("features", "feat"), ("bug", "fix"), ("bugfix", "fix"), ("hotfix", "fix"),
  ("documentation", "docs"), ("performance", "perf"), ("testing", "test"), ("refactoring", "refactor"),
  ("dependencies", "build"), ("deps", "build"), ("pipeline", "ci"),
]

/// The same for types, which have well-known synonyms besides.
func nearestType(to name: some Collection<UInt8>, in types: [String]) -> String? {
  let lowercased = name.map(\.asciiLowercased)
  if let synonym = typeSynonyms.first(where: { lowercased.equals($0.word) }), types.contains(synonym.type) {
    return synonym.type
  }
  return nearestName(to: lowercased, in: types)
}
