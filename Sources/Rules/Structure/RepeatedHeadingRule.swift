import Merging

/// A release of a changelog has one heading for each kind: two that each added `### Fixed` leave it with two, without a conflict.
enum RepeatedHeadingRule {
  static let id: RuleID = "structure.heading"

  static func findings(in change: StructureChange) -> [Finding] {
    guard let outline = ChangelogOutline(change.staged) else { return [] }
    let known = change.others.compactMap { ChangelogOutline($0).map(Heading.all(in:)) }.map(\.counted)
    let counts = Heading.all(in: outline).counted
    return outline.releases.flatMap { release -> [Finding] in
      var seen: [[UInt8]: Int] = [:]
      return release.kinds.compactMap { kind -> Finding? in
        guard let first = seen.updateValue(seen[kind.text] ?? kind.line, forKey: kind.text) else { return nil }
        let heading = Heading(version: release.version, kind: kind.text)
        guard !known.contains(where: { $0[heading, default: 0] >= counts[heading, default: 0] }) else { return nil }
        return change.finding(id, .warning, .repeated(heading, first), line: kind.line)
      }
    }
  }
}

private struct Heading: Hashable {
  let version: [UInt8]
  let kind: [UInt8]

  static func all(in outline: ChangelogOutline) -> [Heading] {
    outline.releases.flatMap { release in release.kinds.map { Heading(version: release.version, kind: $0.text) } }
  }
}

extension Finding.Message {
  fileprivate static func repeated(_ heading: Heading, _ first: Int) -> Self {
    let (kind, version) = (
      String(decoding: heading.kind, as: UTF8.self), String(decoding: heading.version, as: UTF8.self)
    )
    return .init(
      "'\(kind)' is a heading of '\(version)' already, at line \(first)",
      hint: "move its entries below the one at line \(first)")
  }
}
