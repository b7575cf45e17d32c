/// Writes merged releases one after the other, with the blank lines that the file has between headings.
struct ChangelogWriter {
  private var writer: MergeWriter
  private let spacesHeadings: Bool
  private let endsWithBlankLine: Bool

  init(_ writer: MergeWriter, _ ours: Changelog, _ theirs: Changelog) {
    self.writer = writer
    let sides = [ours, theirs]
    spacesHeadings = sides.contains { $0.releases.flatMap(\.sections).contains { !$0.spaceBelow.isEmpty } }
    endsWithBlankLine = sides.contains {
      $0.links.isEmpty ? $0.releases.last?.sections.last?.spaceBelow.isEmpty == false : $0.links.last?.role == .blank
    }
  }

  mutating func decide(_ kind: MergeDecision.Kind, _ text: [UInt8]) { writer.decide(kind, text) }

  /// `false` where both sides put its kinds in different orders.
  mutating func append(_ slot: SequenceMerge<ChangelogRelease>.Slot) -> Bool {
    var (ours, theirs) = (slot.ours, slot.theirs)
    if ours == nil || theirs == nil {
      guard let only = ours ?? theirs else { return true }
      guard slot.base != nil else {
        for section in only.sections { appendWhole(section) }
        return true
      }
      guard only.isUnreleased else {
        writer.appendConflict(slot)
        return true
      }
      // Whoever released everything may drop the heading; what is new brings it back.
      var bare = only
      bare.sections = [ChangelogSection(heading: only.sections[0].heading, key: [])]
      (ours, theirs) = (ours ?? bare, theirs ?? bare)
    }
    guard let ours, let theirs,
      let sections = SequenceMerge(base: slot.base?.sections ?? [], ours: ours.sections, theirs: theirs.sections)
    else { return false }
    // Where neither side strays from the usual order of kinds, nor does their merge.
    let isUsual = ours.hasUsualOrder && theirs.hasUsualOrder
    let slots = isUsual ? sections.slots.sorted { $0.sortKey.isOrdered(before: $1.sortKey) } : sections.slots
    for section in slots { guard append(section) else { return false } }
    return true
  }

  private mutating func append(_ slot: SequenceMerge<ChangelogSection>.Slot) -> Bool {
    let (base, ours, theirs) = (slot.base, slot.ours, slot.theirs)
    guard
      let units = SequenceMerge(base: base?.units ?? [], ours: ours?.units ?? [], theirs: theirs?.units ?? [])
    else { return false }
    // An empty kind that one side added, or whose last entry is gone, adds no heading.
    if units.slots.isEmpty, let only = ours == nil ? theirs : theirs == nil ? ours : nil, !only.key.isEmpty {
      writer.decide(.droppedHeading, only.heading)
      return true
    }
    if base == nil, ours != nil, theirs != nil, let key = ours?.key, !key.isEmpty {
      writer.decide(.joinedHeading, ours?.heading ?? [])
    }
    appendSpaceAboveHeading(ours ?? theirs)
    appendHeading(base?.heading, ours?.heading, theirs?.heading)
    let spaceAbove = chosen(base?.spaceAbove, ours.takingSpace?.spaceAbove, theirs.takingSpace?.spaceAbove)
    writer.append(units.slots.isEmpty ? [] : spaceAbove)
    for place in units.sharedPlaces { writer.decide(.keptBoth, place.text) }
    for unit in units.slots { append(unit) }
    let spaceBelow = chosen(base?.spaceBelow, ours?.spaceBelow, theirs?.spaceBelow)
    writer.append(units.slots.isEmpty ? longer(spaceAbove, spaceBelow) : spaceBelow)
    return true
  }

  private mutating func append(_ slot: SequenceMerge<ChangelogUnit>.Slot) {
    switch (slot.ours?.text, slot.theirs?.text) {
    case (let ours?, let theirs?):
      if ours == theirs || theirs == slot.base?.text {
        if slot.base == nil, ours == theirs, slot.ours?.role == .member { writer.decide(.countedOnce, ours) }
        writer.append(ours)
      } else if ours == slot.base?.text {
        writer.append(theirs)
      } else {
        writer.appendConflict(slot)
      }
    case (let only?, nil), (nil, let only?):
      if slot.base == nil { writer.append(only) } else { writer.appendConflict(slot) }
    case (nil, nil): break
    }
  }

  private mutating func appendWhole(_ section: ChangelogSection) {
    appendSpaceAboveHeading(section)
    writer.append(section.text)
  }

  private mutating func appendSpaceAboveHeading(_ section: ChangelogSection?) {
    guard spacesHeadings, section?.heading.isEmpty == false else { return }
    writer.ensureBlankLine()
  }

  private mutating func appendHeading(_ base: [UInt8]?, _ ours: [UInt8]?, _ theirs: [UInt8]?) {
    let (left, right) = (ours ?? theirs ?? [], theirs ?? ours ?? [])
    if left == right || right == base {
      writer.append(left)
    } else if left == base {
      writer.append(right)
    } else {
      writer.appendConflict(base: base, ours: ours, theirs: theirs)
    }
  }

  private func chosen(_ base: [UInt8]?, _ ours: [UInt8]?, _ theirs: [UInt8]?) -> [UInt8] {
    guard let left = ours ?? theirs, let right = theirs ?? ours else { return base ?? [] }
    if left == base { return right }
    return right == base ? left : longer(left, right)
  }

  private func longer(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    if left.count != right.count { return left.count > right.count ? left : right }
    return left.isOrdered(before: right) ? left : right
  }

  mutating func append(links: SequenceMerge<ChangelogUnit>) {
    if !links.slots.isEmpty, spacesHeadings { writer.ensureBlankLine() }
    for slot in links.slots { append(slot) }
  }

  mutating func finish() -> MergeResult {
    if !endsWithBlankLine { writer.dropBlankLinesAtEnd() }
    return writer.finish()
  }
}

extension ChangelogSection? {
  /// Without entries there is nothing that space would be above.
  fileprivate var takingSpace: ChangelogSection? { flatMap { $0.units.isEmpty ? nil : $0 } }
}

extension MergeWriter {
  fileprivate mutating func ensureBlankLine() {
    guard let last = plainText.last else { return }
    if last != 0x0A { append([0x0A]) }
    if plainText.count >= 2, plainText[plainText.count - 2] != 0x0A { append([0x0A]) }
  }
}

extension ChangelogRelease {
  fileprivate var hasUsualOrder: Bool {
    zip(sections, sections.dropFirst()).allSatisfy { $0.sortKey.isOrdered(before: $1.sortKey) }
  }
}

extension SequenceMerge<ChangelogSection>.Slot {
  fileprivate var sortKey: [UInt8] { (ours ?? theirs ?? base)?.sortKey ?? [] }
}
