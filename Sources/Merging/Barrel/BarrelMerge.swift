import Exports

/// Merges a file of exports by the life of each statement: absent, stub, live.
struct BarrelMerge: PolicyMerger {
  let language: Language

  init(_ language: Language) { self.language = language }

  func merge(_ input: MergeInput) -> MergeResult {
    if let base = input.base, ConflictMarkers.stand(in: base) {
      // The base of a criss-cross merge that did conflict: nobody knows what it said.
      return MergeResult(.conflict(ConflictedText(wholeOf: input, trustsBase: false)))
    }
    let plain = PlainInput(input)
    let ours = units(plain.ours)
    let theirs = units(plain.theirs)
    let base = plain.base.map(units) ?? common(ours, theirs)
    guard [base, ours, theirs].joined().contains(where: { $0.export != nil }) else {
      return MergeResult(.undecided(.malformed))
    }
    guard let sequence = SequenceMerge(base: base, ours: ours, theirs: theirs) else {
      return MergeResult(.undecided(.differentOrder))
    }
    guard !bothAddedCode(sequence) else { return MergeResult(.undecided(.otherCode)) }

    var merge = SlotMerge(form: plain.form)
    for place in sequence.sharedPlaces { merge.decide(.keptBoth, place.text) }
    for slot in sequence.slots { merge.append(slot) }
    let result = merge.finish()
    guard case .merged = result.outcome else { return result }
    guard !Census(units(merge.plainText)).exceeds(Census(ours), Census(theirs)) else {
      return MergeResult(.undecided(.duplicateKey))
    }
    return result
  }

  private func units(_ plain: [UInt8]) -> [BarrelUnit] { BarrelUnit.units(of: plain, language) }

  /// What two files have in common that were written without a base: lines that say the same in one order.
  private func common(_ ours: [BarrelUnit], _ theirs: [BarrelUnit]) -> [BarrelUnit] {
    let alignment = Alignment(ours, theirs)
    guard alignment.isInOrder else { return [] }
    return ours.indices.filter { index in
      ours[index].role != .blank && alignment.partner[index].map { theirs[$0].text == ours[index].text } == true
    }.map { ours[$0] }
  }

  private func bothAddedCode(_ sequence: SequenceMerge<BarrelUnit>) -> Bool {
    let added = sequence.slots.filter { $0.base == nil }
    return added.contains { $0.theirs == nil && $0.ours?.role == .code }
      && added.contains { $0.ours == nil && $0.theirs?.role == .code }
  }

  func accepts(_ text: [UInt8], insteadOf decided: [UInt8]?, _ input: MergeInput) -> Bool {
    func said(_ bytes: [UInt8]) -> [BarrelUnit] { units(TextForm.plain(bytes).text).filter { $0.role != .blank } }
    guard !ConflictMarkers.stand(in: text) else { return false }
    if let decided { return said(text).map(\.text).counted == said(decided).map(\.text).counted }
    return !Census(said(text)).exceeds(Census(said(input.ours)), Census(said(input.theirs)))
  }
}

/// How often each statement stands in a barrel, as what.
private struct Census {
  private var live: [ExportStatement.Identity: Int] = [:]
  private var all: [ExportStatement.Identity: Int] = [:]

  init(_ units: [BarrelUnit]) {
    for export in units.compactMap(\.export) {
      all[export.statement.identity, default: 0] += 1
      if export.state == .live { live[export.statement.identity, default: 0] += 1 }
    }
  }

  /// Whether a statement stands here twice, or as stub and live, that is single in both.
  func exceeds(_ ours: Census, _ theirs: Census) -> Bool {
    live.contains { $1 > max(ours.live[$0] ?? 0, theirs.live[$0] ?? 0, 1) }
      || all.contains { $1 > max(ours.all[$0] ?? 0, theirs.all[$0] ?? 0, 1) }
  }
}

/// Puts the merge of a barrel together, unit by unit.
private struct SlotMerge {
  let form: TextForm
  /// What is decided.
  private(set) var plainText: [UInt8] = []
  /// To the last conflict; empty while there is none.
  private var pieces: [ConflictedText.Segment] = []
  private var closed = 0
  private var decisions: [MergeDecision] = []

  init(form: TextForm) { self.form = form }

  mutating func decide(_ kind: MergeDecision.Kind, _ text: [UInt8]) {
    decisions.append(MergeDecision(kind: kind, subject: text.firstLine))
  }

  mutating func append(_ slot: SequenceMerge<BarrelUnit>.Slot) {
    switch (slot.ours, slot.theirs) {
    case (let ours?, let theirs?): append(slot.base, ours, theirs)
    case (let only?, nil), (nil, let only?):
      if slot.base == nil { append(only.text) } else { appendConflict(slot) }
    case (nil, nil): break
    }
  }

  private mutating func append(_ base: BarrelUnit?, _ ours: BarrelUnit, _ theirs: BarrelUnit) {
    if ours.text == theirs.text {
      if base == nil, ours.role == .member { decide(.countedOnce, ours.text) }
      append(ours.text)
    } else if ours.text == base?.text {
      append(theirs.text)
    } else if theirs.text == base?.text {
      append(ours.text)
    } else if let left = ours.export, let right = theirs.export {
      appendExport(base, left, right, ours, theirs)
    } else if ours.role == .member, theirs.role == .member,
      let text = NameList.merged(base: base?.text, ours: ours.text, theirs: theirs.text)
    {
      decide(.combined, text)
      append(text)
    } else {
      appendConflict(.init(base: base, ours: ours, theirs: theirs))
    }
  }

  private mutating func appendExport(
    _ base: BarrelUnit?, _ left: BarrelExport, _ right: BarrelExport, _ ours: BarrelUnit, _ theirs: BarrelUnit
  ) {
    guard base == nil || base?.export != nil,
      let (export, isCombined) = BarrelExport.merged(base: base?.export, ours: left, theirs: right)
    else { return appendConflict(.init(base: base, ours: ours, theirs: theirs)) }
    if base == nil, left.state != right.state {
      decide(.broughtToLife, export.body)
    } else if isCombined {
      decide(.combined, export.body)
    } else {
      decide(base == nil ? .countedOnce : .combined, export.body)
    }
    append(export.text)
  }

  private mutating func append(_ text: [UInt8]) {
    plainText += text
  }

  /// Makes a piece of what was decided since the last conflict.
  private mutating func closeText() {
    guard closed < plainText.count else { return }
    pieces.append(.text(Array(plainText[closed...])))
    closed = plainText.count
  }

  private mutating func appendConflict(_ slot: SequenceMerge<BarrelUnit>.Slot) {
    closeText()
    pieces.append(
      .region(.init(base: slot.base?.text ?? [], ours: slot.ours?.text ?? [], theirs: slot.theirs?.text ?? [])))
  }

  mutating func finish() -> MergeResult {
    guard !pieces.isEmpty else { return MergeResult(.merged(form.written(plainText)), decisions: decisions) }
    closeText()
    return MergeResult(.conflict(ConflictedText(plain: pieces, form)), decisions: decisions)
  }
}
