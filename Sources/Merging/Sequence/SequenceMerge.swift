/// Three versions of a row of units, put in one order.
///
/// Where nobody moves units past one another, the base gives the order; where one side does, that side. What a side adds
/// stays behind the unit that it follows there; what both add behind one unit is ordered by `AddedRun`.
struct SequenceMerge<Unit: MergeUnit> {
  /// What has become of one unit.
  struct Slot: Hashable {
    var base: Unit?
    var ours: Unit?
    var theirs: Unit?

    /// Gone from one side and unchanged on the other.
    var isRemoved: Bool {
      guard let base else { return false }
      return ours.map { $0.text == base.text } ?? true && theirs.map { $0.text == base.text } ?? true
        && (ours == nil || theirs == nil)
    }
  }

  /// In order, without those that are removed.
  private(set) var slots: [Slot] = []
  /// The first addition of each place where both sides added something different.
  private(set) var sharedPlaces: [Unit] = []

  /// `nil` where both sides moved units, each in its own way.
  init?(base: [Unit], ours: [Unit], theirs: [Unit]) {
    let left = Alignment(base, ours)
    let right = Alignment(base, theirs)
    let leftChanges = UnitChanges(from: base, to: ours, left)
    let rightChanges = UnitChanges(from: base, to: theirs, right)
    if left.isInOrder, leftChanges.areWithin(rightChanges) {
      slots = theirs.map { Slot(base: nil, ours: nil, theirs: $0) }
      return
    }
    if right.isInOrder, rightChanges.areWithin(leftChanges) {
      slots = ours.map { Slot(base: nil, ours: $0, theirs: nil) }
      return
    }
    guard let order = Self.order(left, right) else { return nil }
    let leftRuns = left.runs(count: ours.count).mapValues { $0.map { ours[$0] } }
    let rightRuns = right.runs(count: theirs.count).mapValues { $0.map { theirs[$0] } }
    var oursAdded = leftRuns[-1] ?? []
    var theirsAdded = rightRuns[-1] ?? []
    for index in order {
      let slot = Slot(
        base: base[index], ours: left.partner[index].map { ours[$0] }, theirs: right.partner[index].map { theirs[$0] })
      if !slot.isRemoved {
        append(oursAdded, theirsAdded)
        slots.append(slot)
        (oursAdded, theirsAdded) = ([], [])
      }
      oursAdded += leftRuns[index] ?? []
      theirsAdded += rightRuns[index] ?? []
    }
    append(oursAdded, theirsAdded)
    joinSameAdditions()
  }

  private mutating func append(_ ours: [Unit], _ theirs: [Unit]) {
    let added = AddedRun.merged(ours, theirs)
    let members = added.filter { ($0.ours ?? $0.theirs)?.role == .member }
    if members.contains(where: { $0.ours == nil }), members.contains(where: { $0.theirs == nil }),
      let first = members[0].ours ?? members[0].theirs
    {
      sharedPlaces.append(first)
    }
    slots += added
  }

  /// The base's units in the order of whoever moved any.
  private static func order(_ left: Alignment<Unit>, _ right: Alignment<Unit>) -> [Int]? {
    if left.isInOrder, right.isInOrder { return Array(left.partner.indices) }
    if right.isInOrder { return order(of: left) }
    if left.isInOrder { return order(of: right) }
    let order = order(of: left)
    return order == Self.order(of: right) ? order : nil
  }

  /// Units that the side removed stay behind the one that they followed in the base.
  private static func order(of side: Alignment<Unit>) -> [Int] {
    var followers: [Int: [Int]] = [:]
    var last = -1
    for index in side.partner.indices {
      if side.partner[index] == nil { followers[last, default: []].append(index) } else { last = index }
    }
    return (followers[-1] ?? []) + side.origin.compactMap { $0 }.flatMap { [$0] + (followers[$0] ?? []) }
  }

  /// What both sides added in different places stands at the first of them.
  private mutating func joinSameAdditions() {
    var first: [Unit.Identity: Int] = [:]
    var dropped: Set<Int> = []
    for index in slots.indices
    where slots[index].base == nil && (slots[index].ours == nil || slots[index].theirs == nil) {
      guard let identity = (slots[index].ours ?? slots[index].theirs)?.identity else { continue }
      guard let earlier = first[identity], (slots[earlier].ours == nil) != (slots[index].ours == nil) else {
        first[identity] = index
        continue
      }
      slots[earlier].ours = slots[earlier].ours ?? slots[index].ours
      slots[earlier].theirs = slots[earlier].theirs ?? slots[index].theirs
      dropped.insert(index)
      dropped.formUnion(commentsAbove(index, sameAsAbove: earlier))
    }
    slots = slots.indices.filter { !dropped.contains($0) }.map { slots[$0] }
  }

  private func commentsAbove(_ index: Int, sameAsAbove other: Int) -> Set<Int> {
    var result: Set<Int> = []
    var (index, other) = (index - 1, other - 1)
    while index >= 0, other >= 0, let comment = slots[index].addedComment, comment == slots[other].addedComment {
      result.insert(index)
      (index, other) = (index - 1, other - 1)
    }
    return result
  }
}

extension SequenceMerge.Slot {
  fileprivate var addedComment: [UInt8]? {
    guard base == nil, let unit = ours ?? theirs, unit.role == .comment else { return nil }
    return unit.text
  }
}
