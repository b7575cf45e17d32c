/// What a side did to its base, blank lines apart.
struct UnitChanges<Unit: MergeUnit> {
  private var removed: Set<Int> = []
  /// The new text by the index in the base.
  private var edited: [Int: [UInt8]] = [:]
  private var added: [[UInt8]: Int] = [:]

  init(from base: [Unit], to side: [Unit], _ alignment: Alignment<Unit>) {
    for index in base.indices where base[index].role != .blank {
      guard let partner = alignment.partner[index] else {
        removed.insert(index)
        continue
      }
      if side[partner].text != base[index].text { edited[index] = side[partner].text }
    }
    for index in side.indices where side[index].role != .blank && alignment.origin[index] == nil {
      added[side[index].text, default: 0] += 1
    }
  }

  /// Whether the other side made all these changes and more: it has merged this side already, or was told the same.
  func areWithin(_ other: UnitChanges) -> Bool {
    guard removed != other.removed || edited != other.edited || added != other.added else { return false }
    guard !removed.isEmpty || !edited.isEmpty || !added.isEmpty else { return false }
    return removed.isSubset(of: other.removed) && edited.allSatisfy { other.edited[$0] == $1 }
      && added.allSatisfy { $1 <= other.added[$0] ?? 0 }
  }
}
