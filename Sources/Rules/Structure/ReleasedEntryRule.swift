import Merging

/// What comes after a release is not listed under it: a merge puts an entry there when the other side has cut the release meanwhile.
///
/// A release that gained no entries was only reworded.
enum ReleasedEntryRule {
  static let id: RuleID = "structure.released"

  static func findings(in change: StructureChange) -> [Finding] {
    guard let outline = ChangelogOutline(change.staged) else { return [] }
    let others = change.others.compactMap { ChangelogOutline($0) }
    return outline.releases.filter { !$0.isUnreleased }.compactMap { release in
      // The release is the change's own where no side has it.
      let versions = others.compactMap { other in
        other.releases.first { $0.version == release.version && !$0.isUnreleased }
      }
      guard !versions.isEmpty, versions.allSatisfy({ $0.entries.count < release.entries.count }) else { return nil }
      let known = Set(versions.flatMap { $0.entries.map(\.text) })
      guard let added = release.entries.first(where: { !known.contains($0.text) }) else { return nil }
      return change.finding(id, .warning, .added(release.version), line: added.line)
    }
  }
}

extension Finding.Message {
  fileprivate static func added(_ version: [UInt8]) -> Self {
    .init(
      "this entry was added to '\(String(decoding: version, as: UTF8.self))', which is released",
      hint: "move it to what is unreleased")
  }
}
