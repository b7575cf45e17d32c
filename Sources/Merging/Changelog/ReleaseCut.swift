/// What a side released: entries that the base has as unreleased and the side under a version.
struct ReleaseCut {
  private struct Place: Hashable {
    let release: [UInt8]
    let kind: [UInt8]
  }

  /// By the entry's text in the base.
  private var places: [[UInt8]: Place] = [:]

  init(_ base: Changelog, _ side: Changelog) {
    let still = Set((side.unreleased?.entries ?? []).map(\.origin))
    let pending = Set((base.unreleased?.entries ?? []).map(\.origin)).subtracting(still)
    for release in side.releases.dropFirst() where !release.isUnreleased {
      let known = Set(base.releases.first { $0.key == release.key }?.entries.map(\.origin) ?? [])
      for section in release.sections {
        for unit in section.units where pending.contains(unit.origin) && !known.contains(unit.origin) {
          places[unit.origin] = Place(release: release.key, kind: section.key)
        }
      }
    }
  }

  var isEmpty: Bool { places.isEmpty }

  /// Whether no entry was released by both sides in different places.
  func agrees(with other: ReleaseCut) -> Bool {
    places.allSatisfy { origin, place in other.places[origin].map { $0 == place } ?? true }
  }

  func entries(in base: Changelog) -> [ChangelogUnit] {
    (base.unreleased?.entries ?? []).filter { places[$0.origin] != nil }
  }

  func touches(_ release: ChangelogRelease) -> Bool { places.values.contains { $0.release == release.key } }

  fileprivate func moves(_ unit: ChangelogUnit) -> Bool { unit.role == .member && places[unit.origin] != nil }
}

extension Changelog {
  /// Releases what either side did, the same whichever comes first. Where both have cut one release under two headings, nobody
  /// knows which of them it had.
  mutating func apply(
    _ cut: ReleaseCut, from side: Changelog, _ otherCut: ReleaseCut, from other: Changelog
  ) {
    let known = Set(releases.map(\.key))
    if side.text.isOrdered(before: other.text) {
      apply(cut, from: side)
      apply(otherCut, from: other)
    } else {
      apply(otherCut, from: other)
      apply(cut, from: side)
    }
    for index in releases.indices where !known.contains(releases[index].key) {
      let headings = Set((side.releases + other.releases).filter { $0.key == releases[index].key }.map(\.heading))
      if headings.count > 1 { releases[index].sections[0].heading = [] }
    }
  }

  private var text: [UInt8] { releases.flatMap(\.text) }

  /// Releases the same entries as `side` did, so that what is left to merge is what each version says of each release.
  mutating func apply(_ cut: ReleaseCut, from side: Changelog) {
    guard !cut.isEmpty else { return }
    let moved = takeUnreleased(by: cut)
    for release in side.releases where cut.touches(release) {
      if let place = releases.firstIndex(where: { $0.key == release.key }) {
        releases[place].take(moved, as: release)
        continue
      }
      var copy = release
      // An entry that stands there twice was released once.
      var rest = moved
      for section in copy.sections.indices {
        copy.sections[section].units = copy.sections[section].units.compactMap { unit in
          cut.moves(unit) ? rest.removeValue(forKey: unit.origin) : unit.role == .blank ? unit : nil
        }
        // Those around what else stands there come with that.
        copy.sections[section].units.trimBlanks()
      }
      copy.sections = copy.sections.withoutEmptyKinds
      // Both sides may have cut one: they follow by version, whichever comes first here.
      var place = releases.firstIndex(where: \.isUnreleased).map { $0 + 1 } ?? 1
      while place < releases.count, releases[place].sortKey.isOrdered(before: copy.sortKey) { place += 1 }
      releases.insert(copy, at: place)
    }
  }
}

extension ChangelogRelease {
  /// The line of its own.
  fileprivate var heading: [UInt8] { sections.first?.heading ?? [] }

  /// Takes in entries, by their texts in the base, that `other` has released too.
  fileprivate mutating func take(_ moved: [[UInt8]: ChangelogUnit], as other: ChangelogRelease) {
    for section in other.sections where section.units.contains(where: { moved[$0.origin] != nil }) {
      let place = place(of: section)
      sections[place].take(moved, as: section)
    }
  }

  /// The index of the section for this kind, which is made where there is none.
  private mutating func place(of section: ChangelogSection) -> Int {
    if let known = sections.firstIndex(where: { $0.key == section.key }) { return known }
    var copy = section
    copy.units = []
    let place = sections.firstIndex { copy.sortKey.isOrdered(before: $0.sortKey) } ?? sections.count
    sections.insert(copy, at: place)
    return place
  }
}

extension ChangelogSection {
  /// Each behind the last entry before it in `other` that is here as well.
  fileprivate mutating func take(_ moved: [[UInt8]: ChangelogUnit], as other: ChangelogSection) {
    let own = Set(units.compactMap(\.identity))
    var texts = Set(units.map(\.text))
    var occurrences = units.map(\.origin).counted
    var followers: [ChangelogUnit.Identity?: [ChangelogUnit]] = [:]
    var last: ChangelogUnit.Identity?
    for unit in other.units where unit.role == .member {
      if var entry = moved[unit.origin], texts.insert(entry.text).inserted {
        entry.occurrence = occurrences[entry.origin, default: 0]
        occurrences[entry.origin, default: 0] += 1
        followers[last, default: []].append(entry)
      } else if let identity = unit.identity, own.contains(identity) {
        last = identity
      }
    }
    units = (followers[nil] ?? []) + units.flatMap { [$0] + ($0.identity.flatMap { followers[$0] } ?? []) }
  }
}

extension Changelog {
  /// Takes the released entries out, by their texts in the base; a kind that this empties goes with them.
  private mutating func takeUnreleased(by cut: ReleaseCut) -> [[UInt8]: ChangelogUnit] {
    guard let pending = releases.firstIndex(where: \.isUnreleased) else { return [:] }
    var moved: [[UInt8]: ChangelogUnit] = [:]
    for section in releases[pending].sections.indices {
      let units = releases[pending].sections[section].units
      for unit in units where cut.moves(unit) { moved[unit.origin] = unit }
      let rest = units.filter { !cut.moves($0) }
      releases[pending].sections[section].units = rest
      if rest.count < units.count { releases[pending].sections[section].units.trimBlanks() }
    }
    releases[pending].sections = releases[pending].sections.withoutEmptyKinds
    return moved
  }
}

extension [ChangelogUnit] {
  fileprivate mutating func trimBlanks() {
    while last?.role == .blank { removeLast() }
    while first?.role == .blank { removeFirst() }
  }
}

extension [ChangelogSection] {
  fileprivate var withoutEmptyKinds: [ChangelogSection] {
    filter { section in section.key.isEmpty || section.units.contains { $0.role != .blank } }
  }
}
