/// A text from which several versions were made, prepared once for all of them.
public struct TextBase: Sendable {
  let lines: Lines
  /// Of each line how often it is there, and where first.
  fileprivate let places: [ArraySlice<UInt8>: (count: Int, first: Int)]

  public init(_ bytes: [UInt8]) { self.init(Lines(bytes)) }

  init(_ lines: Lines) {
    self.lines = lines
    var places: [ArraySlice<UInt8>: (count: Int, first: Int)] = [:]
    for index in 0..<lines.count {
      let known = places[lines[index]]
      places[lines[index]] = ((known?.count ?? 0) + 1, known?.first ?? index)
    }
    self.places = places
  }
}

/// A version of a text as a single replacement: what is left when the lines that it has in common with its base at the head
/// and at the tail are cut off.
public struct TextChange: Sendable {
  private let base: TextBase
  private let lines: Lines
  /// Lines `old` of the base became lines `new`.
  private let old: Range<Int>
  private let new: Range<Int>
  private let oldLines: Set<ArraySlice<UInt8>>
  private let newLines: Set<ArraySlice<UInt8>>
  /// Whether no line occurs twice among those replaced and those put in their place, and there is no NUL.
  private let isPlain: Bool

  public init(_ base: TextBase, _ side: [UInt8]) { self.init(base, Lines(side)) }

  init(_ base: TextBase, _ side: Lines) {
    self.base = base
    lines = side
    let shorter = min(base.lines.count, side.count)
    var head = 0
    while head < shorter, base.lines[head] == side[head] { head += 1 }
    var tail = 0
    while tail < shorter - head, base.lines[base.lines.count - 1 - tail] == side[side.count - 1 - tail] { tail += 1 }
    old = head..<(base.lines.count - tail)
    new = head..<(side.count - tail)
    oldLines = Set(base.lines[old])
    newLines = Set(side[new])
    // git calls a file binary that has a NUL near its start; to be safe we look at all of it.
    isPlain =
      oldLines.count == old.count && newLines.count == new.count && oldLines.isDisjoint(with: newLines)
      && !base.lines.hasNUL && !side.hasNUL
  }

  /// The whole change as one hunk.
  var hunk: LineHunk { LineHunk(old: old, new: new) }

  /// How two changes of one base merge; "ours" is this one.
  public enum Meeting: Hashable, Sendable {
    /// An untouched line lies between them.
    case apart
    case same
    case conflict(ConflictRegion)
    /// Several diffs are possible, or the file is binary: git must be asked.
    case undecided
  }

  /// Exact where each replaced or new line of both occurs nowhere else in any of the three texts: then every diff algorithm
  /// finds the same hunks. Hunks that touch conflict in git, too.
  public func meets(_ other: TextChange) -> Meeting {
    let union = min(old.lowerBound, other.old.lowerBound)..<max(old.upperBound, other.old.upperBound)
    guard isPlain, other.isPlain, isUnambiguous(within: union, other), other.isUnambiguous(within: union, self) else {
      return .undecided
    }
    if old == other.old, lines[new].elementsEqual(other.lines[other.new]) { return .same }
    if old.upperBound < other.old.lowerBound || other.old.upperBound < old.lowerBound { return .apart }
    return .conflict(
      ConflictRegion(
        base: LineRange(first: union.lowerBound + 1, count: union.count), ours: region(covering: union),
        theirs: other.region(covering: union)))
  }

  /// Whether the lines that this change touches are there at most once in the base, within `range`, and in both versions.
  private func isUnambiguous(within range: Range<Int>, _ other: TextChange) -> Bool {
    for line in [oldLines, newLines].joined() {
      let place = base.places[line]
      if let place, place.count > 1 || !range.contains(place.first) { return false }
      if count(of: line, place?.count) > 1 || other.count(of: line, place?.count) > 1 { return false }
    }
    return true
  }

  /// How often a line is in this version, from how often it is in the base.
  private func count(of line: ArraySlice<UInt8>, _ before: Int?) -> Int {
    (before ?? 0) - (oldLines.contains(line) ? 1 : 0) + (newLines.contains(line) ? 1 : 0)
  }

  /// This version's lines for a range of the base that contains the change.
  private func region(covering range: Range<Int>) -> LineRange {
    LineRange(first: range.lowerBound + 1, count: range.count - old.count + new.count)
  }

  /// Both changes in one text, where they are apart.
  public func joined(with other: TextChange) -> [UInt8] {
    let (first, last) = old.upperBound < other.old.lowerBound ? (self, other) : (other, self)
    // On the later side the base's lines are where they were up to its own change.
    return Lines.joined([first.lines[..<first.new.upperBound], last.lines[first.old.upperBound...]])
  }
}
