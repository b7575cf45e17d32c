extension BarrelMerge {
  typealias Slot = SequenceMerge<BarrelUnit>.Slot

  func append(_ slot: Slot, to writer: inout MergeWriter) {
    switch (slot.ours, slot.theirs) {
    case (let ours?, let theirs?):
      if ours.text == theirs.text {
        if slot.base == nil, ours.role == .member { writer.decide(.countedOnce, ours.text) }
        writer.append(ours.text)
      } else if ours.text == slot.base?.text {
        writer.append(theirs.text)
      } else if theirs.text == slot.base?.text {
        writer.append(ours.text)
      } else {
        appendEdited(slot.base, ours, theirs, to: &writer)
      }
    case (let only?, nil), (nil, let only?):
      if slot.base == nil { writer.append(only.text) } else { writer.appendConflict(slot) }
    case (nil, nil): break
    }
  }

  /// What both sides changed, or added, not in the same way.
  private func appendEdited(
    _ base: BarrelUnit?, _ ours: BarrelUnit, _ theirs: BarrelUnit, to writer: inout MergeWriter
  ) {
    if let (kind, subject, text) = BarrelUnit.combined(base: base, ours: ours, theirs: theirs) {
      writer.decide(kind, subject)
      writer.append(text)
    } else {
      writer.appendConflict(Slot(base: base, ours: ours, theirs: theirs))
    }
  }
}

extension MergeWriter {
  mutating func appendConflict<Unit>(_ slot: SequenceMerge<Unit>.Slot) {
    appendConflict(base: slot.base?.text, ours: slot.ours?.text, theirs: slot.theirs?.text)
  }
}
