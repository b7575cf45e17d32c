/// What a side did to its base, blank lines apart.
struct UnitChanges<Unit: MergeUnit> {
  private struct Edit: Hashable {
    let base: Unit
    let unit: Unit
  }

  private var removed: Set<Int> = []
  /// By the index in the base.
  private var edited: [Int: Edit] = [:]
  private var added: [Unit.Identity: Unit] = [:]
  /// How often each text was added that has no identity.
  private var addedTexts: [[UInt8]: Int] = [:]

  init(from base: [Unit], to side: [Unit], _ alignment: Alignment<Unit>) {
    for index in base.indices where base[index].role != .blank {
      guard let partner = alignment.partner[index] else {
        removed.insert(index)
        continue
      }
      if side[partner].text != base[index].text { edited[index] = Edit(base: base[index], unit: side[partner]) }
    }
    for index in side.indices where side[index].role != .blank && alignment.origin[index] == nil {
      if let identity = side[index].identity {
        added[identity] = side[index]
      } else {
        addedTexts[side[index].text, default: 0] += 1
      }
    }
  }

  /// Whether the other side made all these changes and more: it has merged this side already, or was told the same.
  func areWithin(_ other: UnitChanges) -> Bool {
    guard !isEmpty, !says(other) else { return false }
    return removed.isSubset(of: other.removed)
      && edited.allSatisfy { other.edited[$0]?.unit.includes($1.unit, since: $1.base) == true }
      && added.allSatisfy { other.added[$0]?.includes($1, since: nil) == true }
      && addedTexts.allSatisfy { $1 <= other.addedTexts[$0] ?? 0 }
  }

  private var isEmpty: Bool { removed.isEmpty && edited.isEmpty && added.isEmpty && addedTexts.isEmpty }

  private func says(_ other: UnitChanges) -> Bool {
    removed == other.removed && edited.mapValues(\.unit.text) == other.edited.mapValues(\.unit.text)
      && added.mapValues(\.text) == other.added.mapValues(\.text) && addedTexts == other.addedTexts
  }
}
