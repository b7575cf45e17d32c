/// What stands where in a changelog: its releases, their kinds and their entries.
public struct ChangelogOutline: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    /// A kind in lower case, or an entry with the lines that carry it on.
    public var text: [UInt8]
    /// From 1.
    public var line: Int
  }

  public struct Release: Hashable, Sendable {
    /// In lower case, without brackets.
    public var version: [UInt8]
    public var isUnreleased: Bool
    public var kinds: [Line]
    public var entries: [Line]
  }

  /// In the file's order.
  public var releases: [Release] = []

  /// `nil` where nothing is a release.
  public init?(_ bytes: [UInt8]) {
    guard let changelog = Changelog(TextForm.plain(bytes).text) else { return nil }
    var line = 1
    for release in changelog.releases {
      var outline = Release(version: release.key, isUnreleased: release.isUnreleased, kinds: [], entries: [])
      for section in release.sections {
        if !section.key.isEmpty { outline.kinds.append(Line(text: section.key, line: line)) }
        line += Self.lines(in: section.heading) + Self.lines(in: section.spaceAbove)
        for unit in section.units {
          if unit.role == .member { outline.entries.append(Line(text: unit.text, line: line)) }
          line += Self.lines(in: unit.text)
        }
        line += Self.lines(in: section.spaceBelow)
      }
      if !outline.version.isEmpty { releases.append(outline) }
    }
  }

  private static func lines(in text: [UInt8]) -> Int { text.count { $0 == 0x0A } }
}
