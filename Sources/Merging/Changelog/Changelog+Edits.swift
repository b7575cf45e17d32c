extension Changelog {
  /// How many texts without a counterpart a version may have for them to be compared with one another.
  private static let comparisonLimit = 500

  /// Tells edited entries from new ones: what is nowhere in the base but shares most of its words with something of the base
  /// that is nowhere here.
  mutating func findEdits(of base: Changelog) {
    let known = Set(base.units.map(\.text))
    let own = Set(units.map(\.text))
    let missing = base.units.filter { !own.contains($0.text) }
    let limit = Self.comparisonLimit
    guard !missing.isEmpty, missing.count <= limit, own.count - own.intersection(known).count <= limit else { return }
    var gone = missing.map(ChangelogWords.init)
    for release in releases.indices {
      for section in releases[release].sections.indices {
        for index in releases[release].sections[section].units.indices {
          let unit = releases[release].sections[section].units[index]
          guard unit.role != .blank, !known.contains(unit.text),
            let match = ChangelogWords(unit).mostAlike(in: gone)
          else { continue }
          releases[release].sections[section].units[index].origin = gone[match].unit.origin
          releases[release].sections[section].units[index].occurrence = gone[match].unit.occurrence
          gone.remove(at: match)
        }
      }
    }
  }

  private var units: [ChangelogUnit] { releases.flatMap(\.sections).flatMap(\.units).filter { $0.role != .blank } }
}

/// An entry or a paragraph as the words that it has.
private struct ChangelogWords {
  let unit: ChangelogUnit
  private let words: Set<Line>

  init(_ unit: ChangelogUnit) {
    self.unit = unit
    words = Set(unit.text.split { $0 < 0x30 || $0 == UInt8(ascii: "`") }.map(Line.init))
  }

  /// The index of the one that shares the most words, where that is three in five of both.
  func mostAlike(in others: [ChangelogWords]) -> Int? {
    var best: (index: Int, share: Double)?
    for (index, other) in others.enumerated() where other.unit.role == unit.role {
      guard !words.isEmpty, !other.words.isEmpty else { continue }
      let total = words.count + other.words.count
      // The smaller one is all that they can share.
      let most = Double(2 * min(words.count, other.words.count)) / Double(total)
      guard most >= 0.6, most > best?.share ?? 0 else { continue }
      let share = Double(2 * words.intersection(other.words).count) / Double(total)
      if share >= 0.6, share > best?.share ?? 0 { best = (index, share) }
    }
    return best?.index
  }
}
