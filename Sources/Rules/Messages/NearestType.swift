import Plan

/// Words that people write for a type and that no letters lead to.
private let typeSynonyms: [(word: StaticString, type: String)] = [
  ("feature", "feat"), ("features", "feat"), ("bug", "fix"), ("bugfix", "fix"), ("hotfix", "fix"),
  ("documentation", "docs"), ("performance", "perf"), ("testing", "test"), ("refactoring", "refactor"),
  ("dependencies", "build"), ("deps", "build"), ("pipeline", "ci"),
]

/// The type that somebody probably meant by `name`; `nil` where none is near.
func nearestType(to name: some Collection<UInt8>, in types: [String]) -> String? {
  let lowercased = name.map(\.asciiLowercased)
  if let synonym = typeSynonyms.first(where: { lowercased.equals($0.word) }), types.contains(synonym.type) {
    return synonym.type
  }
  return Spelling.nearest(to: String(decoding: lowercased, as: UTF8.self), among: types)
}
