/// Reads a changelog line by line.
struct ChangelogReader {
  private(set) var releases = [ChangelogRelease(key: [], sections: [])]
  private(set) var links: [ChangelogUnit] = []
  /// The one at hand, which is no release's yet.
  private var section = ChangelogSection(heading: [], key: [])
  private var unit: ChangelogUnit?
  /// Blank lines since the last line that was none.
  private var blanks: [[UInt8]] = []
  /// The sign of the code fence that is open.
  private var fence: [UInt8]?

  mutating func read(_ line: [UInt8]) {
    let content = line.drop(while: \.isSpaceOrTab)
    let isIndented = content.count < line.count
    defer { readFence(content) }
    if fence != nil { return carryOn(line) }
    if content.first == 0x0A {
      blanks.append(line)
      return
    }
    if line.starts(with: "## ".utf8) {
      begin(section: line, key: [])
    } else if line.starts(with: "### ".utf8), releases.count > 1 {
      begin(section: line, key: line.dropFirst(4).headingKey)
    } else if !isIndented, Self.beginsEntry(content) {
      begin(ChangelogUnit(.member, line))
    } else if unit?.role == .member && (isIndented || blanks.isEmpty) || unit?.role == .code && blanks.isEmpty {
      carryOn(line)
    } else {
      begin(ChangelogUnit(.code, line))
    }
  }

  private static func beginsEntry(_ content: ArraySlice<UInt8>) -> Bool {
    guard let first = content.first, "-*+".utf8.contains(first) else { return false }
    return content.dropFirst().first?.isSpaceOrTab == true
  }

  private mutating func readFence(_ content: ArraySlice<UInt8>) {
    guard let sign = content.first, sign == UInt8(ascii: "`") || sign == UInt8(ascii: "~") else { return }
    let run = Array(content.prefix { $0 == sign })
    if let open = fence {
      if run.starts(with: open), content.dropFirst(run.count).allSatisfy({ $0.isSpaceOrTab || $0 == 0x0A }) {
        fence = nil
      }
    } else if run.count >= 3 {
      fence = run
    }
  }

  private mutating func carryOn(_ line: [UInt8]) {
    if unit == nil { unit = ChangelogUnit(.code, []) }
    unit?.text += blanks.joined() + line
    blanks = []
  }

  private mutating func begin(_ next: ChangelogUnit) {
    closeUnit()
    placeBlanks()
    unit = next
  }

  private mutating func begin(section heading: [UInt8], key: [UInt8]) {
    closeUnit()
    closeSection()
    placeSection()
    if key.isEmpty {
      releases.append(ChangelogRelease(key: heading.dropFirst(3).releaseKey, sections: []))
    }
    section = ChangelogSection(heading: heading, key: key)
  }

  mutating func finish() {
    closeUnit()
    let units = section.units
    let first = units.lastIndex { $0.role != .blank && !$0.isLinks }.map { $0 + 1 } ?? 0
    if releases.count > 1, let start = units[first...].firstIndex(where: \.isLinks) {
      links = units[start...].flatMap { unit in Lines(unit.text)[0...].map { ChangelogUnit(.member, Array($0)) } }
      let above = units[first..<start].flatMap(\.text)
      section.units.removeSubrange(first...)
      // With nothing above the links their distance is the heading's.
      section.spaceBelow = above + (first == 0 ? section.spaceAbove : [])
      if first == 0 { section.spaceAbove = [] }
    } else {
      closeSection()
    }
    if !links.isEmpty { links += blanks.map { ChangelogUnit(.blank, $0) } }
    placeSection()
    numberUnits()
  }

  private mutating func placeSection() { releases[releases.count - 1].sections.append(section) }

  private mutating func closeUnit() {
    guard var unit else { return }
    unit.origin = unit.text
    section.units.append(unit)
    self.unit = nil
  }

  private mutating func closeSection() {
    section.spaceBelow = Array(blanks.joined())
    blanks = []
  }

  private mutating func placeBlanks() {
    if section.units.isEmpty {
      section.spaceAbove = Array(blanks.joined())
    } else {
      section.units += blanks.map { ChangelogUnit(.blank, $0) }
    }
    blanks = []
  }

  private mutating func numberUnits() {
    for release in releases.indices {
      for section in releases[release].sections.indices {
        var seen: [[UInt8]: Int] = [:]
        for unit in releases[release].sections[section].units.indices {
          let text = releases[release].sections[section].units[unit].text
          releases[release].sections[section].units[unit].occurrence = seen[text, default: 0]
          seen[text, default: 0] += 1
        }
      }
    }
  }
}

extension ChangelogUnit {
  /// Link reference definitions: `[1.1.0]: https://…`.
  fileprivate var isLinks: Bool {
    role == .code
      && Lines(text)[0...].allSatisfy { line in
        // Not `firstRange(of:)`: that is of the library of regular expressions, a megabyte in every hook.
        line.first == UInt8(ascii: "[") && line.indices.contains { line[$0...].starts(with: "]: ".utf8) }
      }
  }
}

extension ArraySlice<UInt8> {
  fileprivate var headingKey: [UInt8] {
    split { $0.isSpaceOrTab || $0 == 0x0A || $0 == 0x0D }.joined(separator: [0x20]).map {
      (0x41...0x5A).contains($0) ? $0 | 0x20 : $0
    }
  }

  /// `[1.1.0] - 2026-01-01`, `v1.1.0 (2026-01-01)`: the first word, without brackets.
  fileprivate var releaseKey: [UInt8] {
    let word = Array(headingKey.prefix { $0 != 0x20 }).filter { !"[]".utf8.contains($0) }
    return Array(word.prefix { $0 != UInt8(ascii: "(") })
  }
}
