/// What both sides added at one place, in an order that does not depend on who came first.
///
/// A run is cut into single members, which go with the paragraph above, then paragraphs (a blank line or a comment with
/// what stands below it), then comments that belong to what follows the run. Of two runs the lesser head goes first, again
/// and again: no run's own order changes, and merging any number of runs gives the same in any order.
enum AddedRun<Unit: MergeUnit> {
  typealias Slot = SequenceMerge<Unit>.Slot

  static func merged(_ ours: [Unit], _ theirs: [Unit]) -> [Slot] {
    if let slots = takenIn(ours, by: theirs) { return slots }
    if let slots = takenIn(theirs, by: ours) { return slots.map { Slot(base: nil, ours: $0.theirs, theirs: $0.ours) } }
    var slots: [Slot] = []
    var (left, right) = (0, 0)
    for (ourIndex, theirIndex) in sharedMembers(ours, theirs) + [(ours.count, theirs.count)] {
      slots += interleaved(Array(ours[left..<ourIndex]), Array(theirs[right..<theirIndex]))
      if ourIndex < ours.count { slots.append(Slot(base: nil, ours: ours[ourIndex], theirs: theirs[theirIndex])) }
      (left, right) = (ourIndex + 1, theirIndex + 1)
    }
    return slots
  }

  /// The larger run where it holds all of the smaller, in order: that side has merged the other already.
  private static func takenIn(_ ours: [Unit], by theirs: [Unit]) -> [Slot]? {
    guard ours.count <= theirs.count else { return nil }
    var next = 0
    var slots: [Slot] = []
    for unit in theirs {
      let isShared = next < ours.count && ours[next].text == unit.text
      slots.append(Slot(base: nil, ours: isShared ? ours[next] : nil, theirs: unit))
      if isShared { next += 1 }
    }
    return next == ours.count ? slots : nil
  }

  private static func sharedMembers(_ ours: [Unit], _ theirs: [Unit]) -> [(Int, Int)] {
    let places = Dictionary(
      theirs.indices.compactMap { index in theirs[index].identity.map { ($0, index) } }, uniquingKeysWith: { $1 })
    var pairs: [(Int, Int)] = []
    for index in ours.indices {
      guard let place = ours[index].identity.flatMap({ places[$0] }), place > pairs.last?.1 ?? -1 else { continue }
      pairs.append((index, place))
    }
    return pairs
  }

  private static func interleaved(_ ours: [Unit], _ theirs: [Unit]) -> [Slot] {
    let left = Cut(ours)
    let right = Cut(theirs)
    return heads(left.members, right.members) + heads(left.paragraphs, right.paragraphs)
      + heads([left.tail], [right.tail])
  }

  /// Takes the lesser of the two first blocks until both rows are empty; equal blocks count once.
  private static func heads(_ ours: [[Unit]], _ theirs: [[Unit]]) -> [Slot] {
    var slots: [Slot] = []
    var (left, right) = (ours.map { Block($0) }[...], theirs.map { Block($0) }[...])
    while let mine = left.first, let other = right.first {
      if mine.says(other) {
        slots += zip(mine.units, other.units).map { Slot(base: nil, ours: $0, theirs: $1) }
        left.removeFirst()
        right.removeFirst()
      } else if mine.precedes(other) {
        slots += left.removeFirst().units.map { Slot(base: nil, ours: $0, theirs: nil) }
      } else {
        slots += right.removeFirst().units.map { Slot(base: nil, ours: nil, theirs: $0) }
      }
    }
    slots += left.flatMap(\.units).map { Slot(base: nil, ours: $0, theirs: nil) }
    slots += right.flatMap(\.units).map { Slot(base: nil, ours: nil, theirs: $0) }
    return slots
  }

  /// A long one may wait while many short ones go first: comparing it reads no more of it than of them.
  private struct Block {
    let units: [Unit]
    private let key: [UInt8]

    init(_ units: [Unit]) {
      self.units = units
      key = units.first { $0.role != .blank && $0.role != .comment }?.sortKey ?? []
    }

    func says(_ other: Block) -> Bool { units.elementsEqual(other.units) { $0.text == $1.text } }

    func precedes(_ other: Block) -> Bool {
      if key != other.key { return key.isOrdered(before: other.key) }
      return units.lazy.flatMap(\.text).lexicographicallyPrecedes(other.units.lazy.flatMap(\.text))
    }
  }

  private struct Cut {
    var members: [[Unit]] = []
    var paragraphs: [[Unit]] = []
    /// Blanks and comments with nothing below them.
    var tail: [Unit] = []

    init(_ run: [Unit]) {
      var isInParagraph = false
      for unit in run {
        if unit.role == .blank || unit.role == .comment {
          tail.append(unit)
        } else if !tail.isEmpty {
          paragraphs.append(tail + [unit])
          tail = []
          isInParagraph = true
        } else if isInParagraph {
          paragraphs[paragraphs.count - 1].append(unit)
        } else if unit.role == .code, members.last?.last?.role == .code {
          members[members.count - 1].append(unit)
        } else {
          members.append([unit])
        }
      }
    }
  }
}
