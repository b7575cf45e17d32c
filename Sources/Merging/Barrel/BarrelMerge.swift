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

    var merge = MergeWriter(form: plain.form)
    for place in sequence.sharedPlaces { merge.decide(.keptBoth, place.text) }
    for slot in sequence.slots { append(slot, to: &merge) }
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
