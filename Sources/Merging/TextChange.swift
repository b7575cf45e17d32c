/// A text from which several versions were made, prepared once for all of them.
public struct TextBase: Sendable {
  let lines: Lines
  /// Of each line how often it is there, and where first.
  fileprivate let places: [Line: (count: Int, first: Int)]

  public init(_ bytes: [UInt8]) { self.init(Lines(bytes)) }

  init(_ lines: Lines) {
    self.lines = lines
    var places: [Line: (count: Int, first: Int)] = [:]
    places.reserveCapacity(lines.count)
    for index in 0..<lines.count {
      places[Line(lines[index]), default: (0, index)].count += 1
    }
    self.places = places
  }
}

/// A version of a text as what was replaced in it, where every diff algorithm finds the same replacements.
public struct TextChange: Sendable {
  let base: TextBase
  let lines: Lines
  /// In order, an untouched line between any two; `nil` where several diffs are possible, or the file is binary.
  let hunks: [LineHunk]?
  /// The whole change as one hunk.
  let hunk: LineHunk

  public init(_ base: TextBase, _ side: [UInt8]) { self.init(base, Lines(side)) }

  init(_ base: TextBase, _ side: Lines) {
    self.base = base
    lines = side
    hunk = Self.span(base.lines, side)
    // git calls a file binary that has a NUL near its start; to be safe we look at all of it.
    hunks = base.lines.hasNUL || side.hasNUL ? nil : Self.hunks(base, side, in: hunk)
  }

  /// What is left when the lines that both have at the head and at the tail are cut off.
  static func span(_ old: Lines, _ new: Lines) -> LineHunk {
    let shorter = min(old.count, new.count)
    var head = 0
    while head < shorter, old[head] == new[head] { head += 1 }
    var tail = 0
    while tail < shorter - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] { tail += 1 }
    return LineHunk(old: head..<(old.count - tail), new: head..<(new.count - tail))
  }

  /// Of what the two do not share at the head and at the tail, each line must be there once, and nowhere in what they share;
  /// those that both have must be in the same order. Then they are the only ones that can be paired, and each of them only
  /// with itself; and no hunk can slide along lines like its own.
  private static func hunks(_ base: TextBase, _ side: Lines, in span: LineHunk) -> [LineHunk]? {
    guard span.old.allSatisfy({ base.places[Line(base.lines[$0])]?.count == 1 }) else { return nil }
    var hunks: [LineHunk] = []
    var start = (old: span.old.lowerBound, new: span.new.lowerBound)
    var seen: Set<Line> = []
    for index in span.new {
      let line = Line(side[index])
      guard seen.insert(line).inserted else { return nil }
      guard let place = base.places[line] else { continue }
      guard place.count == 1, span.old.contains(place.first), place.first >= start.old else { return nil }
      append(from: start, upTo: (place.first, index), to: &hunks)
      start = (place.first + 1, index + 1)
    }
    append(from: start, upTo: (span.old.upperBound, span.new.upperBound), to: &hunks)
    return hunks
  }

  private static func append(
    from start: (old: Int, new: Int), upTo end: (old: Int, new: Int), to hunks: inout [LineHunk]
  ) {
    guard start != end else { return }
    hunks.append(LineHunk(old: start.old..<end.old, new: start.new..<end.new))
  }

  /// How two changes of one base merge; "ours" is this one.
  public enum Meeting: Hashable, Sendable {
    /// An untouched line lies between all that they do not have in common.
    case apart
    case same
    case conflict([ConflictRegion])
    /// Several diffs are possible, or the file is binary: git must be asked.
    case undecided
  }

  /// Hunks that touch conflict in git, too; those that are the same on both sides count once.
  public func meets(_ other: TextChange) -> Meeting {
    guard let hunks, let others = other.hunks else { return .undecided }
    if lines.bytes == other.lines.bytes { return .same }
    let regions = Self.groups(hunks, others).compactMap { group in
      group.ours.isEmpty || group.theirs.isEmpty || isSame(group, other) ? nil : region(of: group)
    }
    return regions.isEmpty ? .apart : .conflict(regions)
  }

  /// Hunks of both sides that touch one another.
  private struct Group {
    var base: Range<Int>
    var ours: [LineHunk] = []
    var theirs: [LineHunk] = []
  }

  private static func groups(_ ours: [LineHunk], _ theirs: [LineHunk]) -> [Group] {
    var groups: [Group] = []
    var (left, right) = (ours[...], theirs[...])
    while let lead = [left.first, right.first].compactMap({ $0 }).min(by: { $0.old.lowerBound < $1.old.lowerBound }) {
      var group = Group(base: lead.old)
      while true {
        if let hunk = left.first, hunk.old.lowerBound <= group.base.upperBound {
          group.ours.append(left.removeFirst())
          group.base = group.base.lowerBound..<max(group.base.upperBound, hunk.old.upperBound)
        } else if let hunk = right.first, hunk.old.lowerBound <= group.base.upperBound {
          group.theirs.append(right.removeFirst())
          group.base = group.base.lowerBound..<max(group.base.upperBound, hunk.old.upperBound)
        } else {
          break
        }
      }
      groups.append(group)
    }
    return groups
  }

  private func isSame(_ group: Group, _ other: TextChange) -> Bool {
    guard group.ours.count == 1, group.theirs.count == 1 else { return false }
    let (left, right) = (group.ours[0], group.theirs[0])
    return left.old == right.old && lines[left.new].elementsEqual(other.lines[right.new])
  }

  private func region(of group: Group) -> ConflictRegion {
    func range(_ hunks: [LineHunk]) -> LineRange {
      let first = group.base.lowerBound + hunks[0].new.lowerBound - hunks[0].old.lowerBound
      let growth = hunks.reduce(0) { $0 + $1.new.count - $1.old.count }
      return LineRange(first: first + 1, count: group.base.count + growth)
    }
    return ConflictRegion(
      base: LineRange(first: group.base.lowerBound + 1, count: group.base.count), ours: range(group.ours),
      theirs: range(group.theirs))
  }

  /// Both changes in one text, where they are apart.
  public func joined(with other: TextChange) -> [UInt8] {
    var parts: [[ArraySlice<UInt8>]] = []
    var position = 0
    for group in Self.groups(hunks ?? [], other.hunks ?? []) {
      parts.append(base.lines[position..<group.base.lowerBound])
      parts.append(group.ours.first.map { lines[$0.new] } ?? other.lines[group.theirs[0].new])
      position = group.base.upperBound
    }
    return Lines.joined(parts + [base.lines[position...]])
  }
}
