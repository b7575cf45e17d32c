/// Merges a changelog by its entries: each belongs to a kind of a release.
struct ChangelogMerge: PolicyMerger {
  func merge(_ input: MergeInput) -> MergeResult {
    if let base = input.base, ConflictMarkers.stand(in: base) {
      // The base of a criss-cross merge that did conflict: nobody knows what it said.
      return MergeResult(.conflict(ConflictedText(wholeOf: input, trustsBase: false)))
    }
    let plain = PlainInput(input)
    guard var base = plain.base.map(Changelog.init) ?? .empty, var ours = Changelog(plain.ours),
      var theirs = Changelog(plain.theirs)
    else { return MergeResult(.undecided(.malformed)) }
    guard ![base, ours, theirs].contains(where: \.repeatsHeadings) else {
      return MergeResult(.undecided(.duplicateKey))
    }

    var writer = ChangelogWriter(MergeWriter(form: plain.form), ours, theirs)
    ours.findEdits(of: base)
    theirs.findEdits(of: base)
    let ourCut = ReleaseCut(base, ours)
    let theirCut = ReleaseCut(base, theirs)
    guard ourCut.agrees(with: theirCut) else {
      return MergeResult(.conflict(ConflictedText(wholeOf: input)))
    }
    let kept = theirs.unreleasedAdditions(to: base).count + ours.unreleasedAdditions(to: base).count
    for (cut, side) in [(ourCut, ours), (theirCut, theirs)] where !cut.isEmpty {
      for entry in cut.entries(in: base) { writer.decide(.released, entry.text) }
      if kept > 0 { writer.decide(.keptUnreleased, side.releases.first { cut.touches($0) }?.text ?? []) }
    }
    let (cutOurs, cutTheirs) = (ours, theirs)
    base.apply(ourCut, from: cutOurs, theirCut, from: cutTheirs)
    theirs.apply(ourCut, from: cutOurs)
    ours.apply(theirCut, from: cutTheirs)
    for entry in theirs.dropAdditions(to: base, releasedIn: ours) + ours.dropAdditions(to: base, releasedIn: theirs) {
      writer.decide(.droppedReleased, entry.text)
    }

    guard let releases = SequenceMerge(base: base.releases, ours: ours.releases, theirs: theirs.releases),
      let links = SequenceMerge(base: base.links, ours: ours.links, theirs: theirs.links)
    else { return MergeResult(.undecided(.differentOrder)) }
    for slot in releases.slots { guard writer.append(slot) else { return MergeResult(.undecided(.differentOrder)) } }
    writer.append(links: links)
    return writer.finish()
  }

  func accepts(_ text: [UInt8], insteadOf decided: [UInt8]?, _ input: MergeInput) -> Bool {
    guard !ConflictMarkers.stand(in: text) else { return false }
    guard let decided else { return Changelog(TextForm.plain(text).text).map { !$0.repeatsHeadings } ?? true }
    func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
      Lines(TextForm.plain(bytes).text)[0...].filter { !$0.allSatisfy { $0.isSpaceOrTab || $0 == 0x0A || $0 == 0x0D } }
    }
    return lines(text) == lines(decided)
  }
}

extension Changelog {
  /// A release, or a kind in one, that stands there twice: which of them an entry belongs to, nobody knows.
  fileprivate var repeatsHeadings: Bool {
    Set(releases.map(\.key)).count < releases.count
      || releases.contains { Set($0.sections.map(\.key)).count < $0.sections.count }
  }

  fileprivate func unreleasedAdditions(to base: Changelog) -> [ChangelogUnit] {
    let known = Set((base.unreleased?.entries ?? []).map(\.origin))
    return (unreleased?.entries ?? []).filter { !known.contains($0.origin) }
  }

  /// Takes back what this side added as unreleased and the other side has released.
  fileprivate mutating func dropAdditions(to base: Changelog, releasedIn other: Changelog) -> [ChangelogUnit] {
    guard let index = releases.firstIndex(where: \.isUnreleased) else { return [] }
    let released = other.texts(ofReleased: true).subtracting(base.texts(ofReleased: true))
    let dropped = unreleasedAdditions(to: base).filter { released.contains($0.text) }
    for section in releases[index].sections.indices {
      releases[index].sections[section].units.removeAll { dropped.contains($0) }
    }
    return dropped
  }
}
