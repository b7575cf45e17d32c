import Merging
import TestSupport
import Testing

/// What holds for every merge of changelogs.
@Suite("Laws of merging changelogs")
struct ChangelogLawTests {
  /// A changelog as values: releases, newest first, of kinds, of entries.
  private struct Log: Hashable {
    struct Release: Hashable {
      var name: String
      var kinds: [String: [String]] = [:]
    }

    static let kinds = ["Added", "Changed", "Fixed"]
    var releases = [Release(name: "Unreleased")]

    var text: String {
      releases.reduce(into: "# Changelog\n") { text, release in
        text += "\n## [\(release.name)]\n"
        for kind in Self.kinds {
          guard let entries = release.kinds[kind], !entries.isEmpty else { continue }
          text += "\n### \(kind)\n\n" + entries.map { "- \($0)\n" }.joined()
        }
      }
    }

    mutating func cut(_ name: String) {
      releases.insert(Release(name: name, kinds: releases[0].kinds), at: 1)
      releases[0].kinds = [:]
    }

    /// Where each entry stands.
    var places: [String: String] {
      var places: [String: String] = [:]
      for release in releases {
        for (kind, entries) in release.kinds { for entry in entries { places[entry] = "\(release.name)/\(kind)" } }
      }
      return places
    }
  }

  private struct Maker {
    var generator: SeededGenerator
    var count = 0

    mutating func log() -> Log {
      var log = Log()
      for release in 0..<Int.random(in: 0...2, using: &generator) {
        add(to: &log, Int.random(in: 1...3, using: &generator))
        log.cut("1.\(release).0")
      }
      add(to: &log, Int.random(in: 0...3, using: &generator))
      return log
    }

    /// Each entry has words of its own, so that none is taken for an edit of another.
    mutating func add(to log: inout Log, _ entries: Int) {
      for _ in 0..<entries {
        count += 1
        let kind = Log.kinds.randomElement(using: &generator)!
        let place = Int.random(in: 0...(log.releases[0].kinds[kind]?.count ?? 0), using: &generator)
        log.releases[0].kinds[kind, default: []].insert("entry\(count) words\(count) own\(count)", at: place)
      }
    }

    mutating func removeOne(from log: inout Log) {
      let release = Int.random(in: 0..<log.releases.count, using: &generator)
      guard
        let kind = Log.kinds.filter({ log.releases[release].kinds[$0]?.isEmpty == false }).randomElement(
          using: &generator)
      else { return }
      log.releases[release].kinds[kind]?.removeFirst()
    }
  }

  @Test("Generated merges put each entry where it belongs, whichever side is which, and again")
  func generated() {
    let seed = SeededGenerator.announcedSeed()
    var maker = Maker(generator: SeededGenerator(seed: seed))
    for number in 0..<tripleCount {
      let base = maker.log()
      var (ours, theirs) = (base, base)
      if Bool.random(using: &maker.generator) { maker.removeOne(from: &theirs) }
      if Bool.random(using: &maker.generator) { maker.add(to: &ours, 1) }
      let cuts = Int.random(in: 0...2, using: &maker.generator) == 0
      if cuts { ours.cut("2.0.0") }
      maker.add(to: &ours, Int.random(in: 0...2, using: &maker.generator))
      maker.add(to: &theirs, Int.random(in: 0...3, using: &maker.generator))

      func merged(_ ours: String, _ theirs: String) -> String {
        merge(base.text, ours, theirs, policy: .changelog, path: "CHANGELOG.md").text
      }
      let text = merged(ours.text, theirs.text)
      var expected = ours.places
      for (entry, place) in theirs.places where base.places[entry] == nil { expected[entry] = place }
      for entry in base.places.keys where theirs.places[entry] == nil { expected[entry] = nil }
      let isRight =
        places(in: text) == expected && merged(theirs.text, ours.text) == text && merged(ours.text, text) == text
        && merged(theirs.text, text) == text
      guard isRight else {
        Issue.record(
          "seed \(seed), triple \(number):\n\(base.text)---\n\(ours.text)---\n\(theirs.text)gives\n\(text)again\n\(merged(ours.text, text))and\n\(merged(theirs.text, text))"
        )
        return
      }
    }
    print("laws of changelogs: seed \(seed), \(tripleCount) triples")
  }

  /// `nil` where a heading or an entry stands twice, or what is neither is there.
  private func places(in text: String) -> [String: String]? {
    var places: [String: String] = [:]
    var headings: Set<String> = []
    var (release, kind) = ("", "")
    for line in text.split(separator: "\n").dropFirst() {
      if line.hasPrefix("## [") {
        release = String(line.dropFirst(4).dropLast())
        guard headings.insert(release).inserted else { return nil }
      } else if line.hasPrefix("### ") {
        kind = String(line.dropFirst(4))
        guard headings.insert("\(release)/\(kind)").inserted else { return nil }
      } else if line.hasPrefix("- ") {
        guard places.updateValue("\(release)/\(kind)", forKey: String(line.dropFirst(2))) == nil else { return nil }
      } else {
        return nil
      }
    }
    return places
  }
}
