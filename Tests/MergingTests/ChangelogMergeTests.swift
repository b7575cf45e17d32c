import TestSupport
import Testing

@testable import Merging

/// Each case is named by where others met it.
@Suite("Changelogs merge by their entries")
struct ChangelogMergeTests {
  private func bothWays(_ base: String?, _ ours: String, _ theirs: String) -> String {
    let text = merge(base, ours, theirs, policy: .changelog, path: "CHANGELOG.md").text
    #expect(merge(base, theirs, ours, policy: .changelog, path: "CHANGELOG.md").text == text, "swapped")
    return text
  }

  private let base =
    "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- a\n\n## [1.0.0] - 2026-01-01\n\n### Added\n\n- z\n"

  @Test("An entry stays unreleased when the other side cuts a release (btclib #1512, cfpb #2494)")
  func releaseCut() {
    let ours = base.replacing("## [Unreleased]\n", with: "## [Unreleased]\n\n## [1.1.0] - 2026-02-01\n")
    let theirs = base.replacing("- a\n", with: "- a\n- b\n")
    #expect(
      bothWays(base, ours, theirs)
        == base.replacing(
          "### Added\n\n- a\n", with: "### Added\n\n- b\n\n## [1.1.0] - 2026-02-01\n\n### Added\n\n- a\n"))
    let renamed = base.replacing("## [Unreleased]", with: "## [1.1.0] - 2026-02-01")
    #expect(bothWays(base, renamed, theirs) == bothWays(base, ours, theirs))
    let decisions = merge(base, ours, theirs, policy: .changelog).decisions.map(\.kind)
    #expect(decisions == [.released, .keptUnreleased])
  }

  @Test("A flat list is cut in the same way")
  func flatCut() {
    let base = "# Changes\n\n## Unreleased\n\n- a\n\n## 1.0\n\n- z\n"
    let ours = "# Changes\n\n## Unreleased\n\n## 1.1\n\n- a\n\n## 1.0\n\n- z\n"
    let theirs = base.replacing("- a\n", with: "- b\n- a\n")
    #expect(
      bothWays(base, ours, theirs) == "# Changes\n\n## Unreleased\n\n- b\n\n## 1.1\n\n- a\n\n## 1.0\n\n- z\n")
  }

  @Test("One heading a kind (rask #391, FerroEHR #1318, ochakai #622)")
  func headings() {
    let base = "## [Unreleased]\n\n### Changed\n\n- c\n"
    let ours = "## [Unreleased]\n\n### Fixed\n\n- f1\n\n### Changed\n\n- c\n"
    let theirs = "## [Unreleased]\n\n### Changed\n\n- c\n\n### Fixed\n\n- f2\n"
    #expect(bothWays(base, ours, theirs) == "## [Unreleased]\n\n### Fixed\n\n- f1\n- f2\n\n### Changed\n\n- c\n")
  }

  @Test("A clean merge of lines with a heading twice is not taken (rask #391)")
  func textResult() {
    let base = "## [Unreleased]\n\n### Changed\n\n- c\n"
    let ours = "## [Unreleased]\n\n### Fixed\n\n- f1\n\n### Changed\n\n- c\n"
    let theirs = "## [Unreleased]\n\n### Changed\n\n- c\n\n### Fixed\n\n- f2\n"
    let twice = "## [Unreleased]\n\n### Fixed\n\n- f1\n\n### Changed\n\n- c\n\n### Fixed\n\n- f2\n"
    #expect(merge(base, ours, theirs, policy: .changelog, textResult: twice).text == bothWays(base, ours, theirs))
  }

  @Test("Entries released already are not repeated (maven-flow testMerge_unreleasedItemDuplication)")
  func releasedTwice() {
    let base = "## Unreleased\n\n## 0.9\n\n- z\n"
    let ours = "## Unreleased\n\n## 1.0\n\n- Fix 1\n\n## 0.9\n\n- z\n"
    let theirs = "## Unreleased\n\n- Fix 1\n- Fix 2\n\n## 0.9\n\n- z\n"
    #expect(bothWays(base, ours, theirs) == "## Unreleased\n\n- Fix 2\n\n## 1.0\n\n- Fix 1\n\n## 0.9\n\n- z\n")
  }

  @Test("An empty section adds no heading (maven-flow testMerge_dontAddBlankSections)")
  func emptySection() {
    let ours = base.replacing("- a\n", with: "- a\n- b\n")
    let theirs = base.replacing("- a\n", with: "- a\n\n### Fixed\n")
    #expect(bothWays(base, ours, theirs) == ours)
    // A removal of what somebody wrote is declared (found by generated triples: an empty kind in a release of both).
    let decisions = merge(base, ours, theirs, policy: .changelog).decisions
    #expect(decisions.map(\.kind) == [.droppedHeading])
    #expect(decisions.map { String(decoding: $0.subject, as: UTF8.self) } == ["### Fixed"])
  }

  @Test("A deletion and an addition elsewhere are both kept (GNU git-merge-changelog, \"Removals\")")
  func deletion() {
    let ours = base.replacing("- a\n", with: "- n\n- a\n")
    let theirs = base.replacing("- z\n", with: "- y\n- z\n")
    let deleted = theirs.replacing("- z\n", with: "")
    #expect(
      bothWays(theirs, theirs.replacing("- a\n", with: "- n\n- a\n"), deleted)
        == deleted.replacing("- a\n", with: "- n\n- a\n"))
    #expect(bothWays(base, ours, theirs) == theirs.replacing("- a\n", with: "- n\n- a\n"))
  }

  @Test("An edit of a released entry is kept (maven-flow's README names it as lost)")
  func releasedEdit() {
    let base = base.replacing("- z\n", with: "- Reads the plan from trunk only\n")
    let theirs = base.replacing("from trunk only", with: "from the trunk only")
    let ours = base.replacing("- a\n", with: "- a\n- b\n")
    #expect(bothWays(base, ours, theirs) == theirs.replacing("- a\n", with: "- a\n- b\n"))
    let other = base.replacing("from trunk only", with: "from trunk alone")
    #expect(merge(base, other, theirs, policy: .changelog).isConflict)
  }

  @Test("An entry edited here and released there is released as edited")
  func editedAndReleased() {
    let base = base.replacing("- a\n", with: "- Reads the plan from trunk\n")
    let ours = base.replacing("## [Unreleased]\n", with: "## [Unreleased]\n\n## [1.1.0]\n")
    let theirs = base.replacing("from trunk", with: "from trunk only")
    #expect(bothWays(base, ours, theirs) == ours.replacing("from trunk", with: "from trunk only"))
  }

  @Test("Entries of several lines, fences and link references stay whole")
  func longEntries() {
    let base =
      "# Changelog\n\n## [Unreleased]\n\n- a\n  more\n\n  ```\n  ## no heading\n  ```\n\n[Unreleased]: https://x\n"
    let ours = base.replacing("- a\n", with: "- first\n  of ours\n- a\n")
    let theirs = base.replacing("- a\n", with: "- a first\n  of theirs\n- a\n")
    #expect(
      bothWays(base, ours, theirs) == base.replacing("- a\n", with: "- a first\n  of theirs\n- first\n  of ours\n- a\n")
    )
  }

  @Test("Both create a changelog: entries of both under one heading (weave #51)")
  func created() {
    #expect(
      bothWays(nil, "# Changelog\n\n## Unreleased\n\n- a\n", "# Changelog\n\n## Unreleased\n\n- b\n")
        == "# Changelog\n\n## Unreleased\n\n- a\n- b\n")
  }

  @Test("CRLF and a last line without an end stay")
  func lineEnds() {
    let base = base.replacing("\n", with: "\r\n")
    let theirs = String(base.replacing("- z", with: "- y\r\n- z").dropLast())
    #expect(
      bothWays(base, base.replacing("- a\r\n", with: "- a\r\n- b\r\n"), theirs)
        == theirs.replacing("- a\r\n", with: "- a\r\n- b\r\n"))
  }

  @Test("Both sides release different entries, and which side is called ours decides nothing (found by fuzzing)")
  func twoCuts() {
    let base = "## Unreleased\n\n- a\n- b\n\n## 1.0\n\n- z\n"
    let ours = "## Unreleased\n\n- b\n\n## 1.1\n\n- a\n\n## 1.0\n\n- z\n"
    let theirs = "## Unreleased\n\n- a\n\n## 1.2\n\n- b\n\n## 1.0\n\n- z\n"
    #expect(
      bothWays(base, ours, theirs) == "## Unreleased\n\n## 1.2\n\n- b\n\n## 1.1\n\n- a\n\n## 1.0\n\n- z\n")
  }

  @Test("Both cut one release, each with other entries: it has those of both (found by fuzzing)")
  func oneCutWithOtherEntries() {
    let base = "## Unreleased\n\n### Added\n\n- a\n- b\n- c\n\n## 1.0\n\n- z\n"
    let ours = "## Unreleased\n\n### Added\n\n- b\n- c\n\n## 1.1\n\n### Added\n\n- a\n\n## 1.0\n\n- z\n"
    let theirs = "## Unreleased\n\n### Added\n\n- c\n\n## 1.1\n\n### Added\n\n- a\n- b\n\n## 1.0\n\n- z\n"
    #expect(bothWays(base, ours, theirs) == theirs)
    let others = "## Unreleased\n\n### Added\n\n- a\n- c\n\n## 1.1\n\n### Fixed\n\n- b\n\n## 1.0\n\n- z\n"
    #expect(
      bothWays(base, ours, others)
        == "## Unreleased\n\n### Added\n\n- c\n\n## 1.1\n\n### Added\n\n- a\n\n### Fixed\n\n- b\n\n## 1.0\n\n- z\n")
  }

  @Test("Releases of one version under several names, cut on both sides, have one order (found by fuzzing)")
  func namesOfOneVersion() {
    let base = "## Unreleased\n\n- a\n- b\n- c\n"
    let ours = "## Unreleased\n\n- c\n\n## next\n\n- a\n\n## later\n\n- b\n"
    let theirs = "## Unreleased\n\n- a\n- b\n\n## soon\n\n- c\n"
    #expect(
      bothWays(base, ours, theirs)
        == "## Unreleased\n\n## next\n\n- a\n\n## later\n\n- b\n\n## soon\n\n- c\n")
  }

  @Test("Both cut one release under different headings: a conflict on the heading, both ways round (found by fuzzing)")
  func oneCutOnTwoDays() {
    let base = "## Unreleased\n\n- a\n"
    let ours = "## Unreleased\n\n## 1.0 - 2026-01-01\n\n- a\n"
    let theirs = "## Unreleased\n\n## 1.0 - 2026-01-02\n\n- a\n"
    func text(_ one: String, _ other: String) -> String {
      "## Unreleased\n\n<<<<<<< o\n\(one)=======\n\(other)>>>>>>> t\n\n- a\n"
    }
    let (one, other) = ("## 1.0 - 2026-01-01\n", "## 1.0 - 2026-01-02\n")
    #expect(merge(base, ours, theirs, policy: .changelog).text == text(one, other))
    #expect(merge(base, theirs, ours, policy: .changelog).text == text(other, one))
  }

  @Test(
    "An entry that one side lists twice in the release that both cut is released once in the base (found by fuzzing)")
  func oneEntryReleasedTwice() {
    let base = "## Unreleased\n\n- a\n- b\n"
    let ours = "## Unreleased\n\n- b\n\n## 1.0\n\nfirst\n\n- a\n\nthen\n\n- a\n"
    let theirs = "## Unreleased\n\n- b\n- c\n\n## 1.0\n\n- a\n"
    #expect(
      bothWays(base, ours, theirs)
        == "## Unreleased\n\n- b\n- c\n\n## 1.0\n\nfirst\n\n- a\n\nthen\n\n- a\n")
  }

  @Test("An entry that one side took away and the other one released with an edit is a conflict both ways round")
  func releasedAndRemoved() {
    let base = "## Unreleased\n\n- one entry of some words\n- old\n"
    let ours = "## Unreleased\n\n## 1.0\n\n- old\n"
    let theirs = "## Unreleased\n\n## 1.0\n\n- one entry of some more words\n- old\n"
    #expect(merge(base, ours, theirs, policy: .changelog).isConflict)
    #expect(merge(base, theirs, ours, policy: .changelog).isConflict)
  }

  @Test("Twenty thousand entries below one heading are read in linear time", .timeLimit(.minutes(4)))
  func manyEntries() {
    let entries = (0..<20_000).map { "- entry \($0)\n" }.joined()
    let (head, foot) = ("## Unreleased\n\n### Added\n\n", "\n## 1.0\n\n- z\n")
    #expect(
      bothWays(head + entries + foot, head + "- x\n" + entries + foot, head + entries + "- y\n" + foot)
        == head + "- x\n" + entries + "- y\n" + foot)
  }

  @Test("What is no changelog, or has a heading twice, is left to lines")
  func refused() {
    #expect(merge("a\n", "b\n", "c\n", policy: .changelog).outcome == .undecided(.malformed))
    let twice = "## 1.0\n\n### Fixed\n\n- a\n\n### Fixed\n\n- b\n"
    #expect(merge(twice, twice + "- c\n", twice + "- d\n", policy: .changelog).outcome == .undecided(.duplicateKey))
  }

  @Test("A changelog put together again is the file")
  func lossless() {
    let fragments = [
      "## Unreleased\n", "## [1.0]\n", "### Added\n", "- a\n", "  more\n", "\n", "text\n", "```\n", "[1.0]: x\n",
      "# T\n", "-\n", "  \n", "\tx\n",
    ]
    let seed = SeededGenerator.announcedSeed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 0...20, using: &generator)).map { _ in fragments.randomElement(using: &generator)!
      }.joined()
      guard let changelog = Changelog(Array(text.utf8)) else { continue }
      let again = changelog.releases.flatMap(\.text) + changelog.links.flatMap(\.text)
      #expect(String(decoding: again, as: UTF8.self) == text, "seed \(seed)")
    }
  }
}
