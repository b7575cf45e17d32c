extension Changelog {
  /// How many texts without a counterpart a version may have for them to be compared with one another.
  private static let comparisonLimit = 500

  /// Tells edited entries from new ones: what is nowhere in the base but shares most of its words with something of the base
  /// that is nowhere here.
  mutating func findEdits(of base: Changelog) {
    let known = Set(base.units.map(\.text))
    let own = Set(units.map(\.text))
    var gone = base.units.filter { !own.contains($0.text) }
    let limit = Self.comparisonLimit
    guard !gone.isEmpty, gone.count <= limit, own.count - own.intersection(known).count <= limit else { return }
    for release in releases.indices {
      for section in releases[release].sections.indices {
        for index in releases[release].sections[section].units.indices {
          let unit = releases[release].sections[section].units[index]
          guard unit.role != .blank, !known.contains(unit.text), let match = unit.mostAlike(in: gone) else { continue }
          releases[release].sections[section].units[index].origin = gone[match].origin
          releases[release].sections[section].units[index].occurrence = gone[match].occurrence
          gone.remove(at: match)
        }
      }
    }
  }

  private var units: [ChangelogUnit] { releases.flatMap(\.sections).flatMap(\.units).filter { $0.role != .blank } }
}

extension ChangelogUnit {
  private var words: Set<ArraySlice<UInt8>> {
    Set(text.split { $0 < 0x30 || $0 == UInt8(ascii: "`") })
  }

  /// The index of the one that shares the most words, where that is three in five of both.
  fileprivate func mostAlike(in others: [ChangelogUnit]) -> Int? {
    let own = words
    var best: (index: Int, share: Double)?
    for (index, other) in others.enumerated() where other.role == role {
      let words = other.words
      guard !own.isEmpty, !words.isEmpty else { continue }
      let share = Double(2 * own.intersection(words).count) / Double(own.count + words.count)
      if share >= 0.6, share > best?.share ?? 0 { best = (index, share) }
    }
    return best?.index
  }
}
