/// A changelog in plain form: what stands above the first release, the releases, and the link references at its end.
struct Changelog {
  /// The first is what stands above all releases.
  var releases: [ChangelogRelease]
  var links: [ChangelogUnit]

  /// `nil` where nothing is a release: no heading of the second level.
  init?(_ text: [UInt8]) {
    var reader = ChangelogReader()
    for line in Lines(text)[0...] { reader.read(Array(line)) }
    reader.finish()
    releases = reader.releases
    links = reader.links
    guard releases.count > 1 else { return nil }
  }

  /// A file that is not there yet.
  static let empty = Changelog()

  private init() {
    releases = [ChangelogRelease(key: [], sections: [ChangelogSection(heading: [], key: [])])]
    links = []
  }

  var unreleased: ChangelogRelease? { releases.first(where: \.isUnreleased) }

  func texts(ofReleased released: Bool) -> Set<[UInt8]> {
    Set(releases.dropFirst().filter { $0.isUnreleased != released }.flatMap(\.entries).map(\.text))
  }
}

struct ChangelogRelease: MergeUnit {
  /// The version, or `unreleased`, in lower case; empty for what stands above all releases.
  let key: [UInt8]
  /// The first has the release's heading and what stands below it before a kind's.
  var sections: [ChangelogSection]

  var isUnreleased: Bool { key == Array("unreleased".utf8) }
  var entries: [ChangelogUnit] { sections.flatMap(\.units).filter { $0.role == .member } }

  var identity: [UInt8]? { key }
  var nearIdentity: [UInt8]? { nil }
  var role: UnitRole { .member }
  var text: [UInt8] { sections.flatMap(\.text) }

  /// Newer releases stand above older ones, what is unreleased above all; of one version those by name.
  var sortKey: [UInt8] {
    if isUnreleased { return [0] }
    let numbers = key.split { !(0x30...0x39).contains($0) }.map { Array($0.suffix(9)) }
    let padded = numbers.flatMap { Array(repeating: 0x30, count: 9 - $0.count) + $0 }
    return [1] + padded.map { 0xFF - $0 } + [0xFF] + key
  }
}

/// A heading with the entries below it.
struct ChangelogSection: MergeUnit {
  /// The line; empty above the first release.
  var heading: [UInt8]
  /// The kind in lower case; empty for a release's own heading.
  let key: [UInt8]
  /// Blank lines between the heading and the first unit.
  var spaceAbove: [UInt8] = []
  var units: [ChangelogUnit] = []
  /// Blank lines at its end.
  var spaceBelow: [UInt8] = []

  var identity: [UInt8]? { key }
  var nearIdentity: [UInt8]? { nil }
  var role: UnitRole { .member }

  var text: [UInt8] {
    heading + spaceAbove + units.flatMap(\.text) + spaceBelow
  }

  private static let kinds = ["added", "changed", "deprecated", "removed", "fixed", "security"]

  /// A release's own heading, the order of Keep a Changelog, then others by name.
  var sortKey: [UInt8] {
    guard !key.isEmpty else { return [] }
    let place = Self.kinds.firstIndex { $0.utf8.elementsEqual(key) } ?? Self.kinds.count
    return [UInt8(place)] + key
  }
}

/// An entry with the lines that carry it on, a paragraph, or a blank line.
struct ChangelogUnit: MergeUnit {
  var role: UnitRole
  var text: [UInt8]
  /// Its own text, or that of the base's entry that it is an edit of; with how many of the same stand above it.
  var origin: [UInt8]
  var occurrence = 0

  struct Identity: Hashable {
    let origin: [UInt8]
    let occurrence: Int
  }

  var identity: Identity? { role == .blank ? nil : Identity(origin: origin, occurrence: occurrence) }
  var nearIdentity: Identity? { nil }
  var sortKey: [UInt8] { text }

  init(_ role: UnitRole, _ text: [UInt8]) {
    self.role = role
    self.text = text
    origin = text
  }
}
