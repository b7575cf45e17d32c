/// Lines of a text, counted from 1; empty where nothing stands between `first - 1` and `first`.
public struct LineRange: Hashable, Sendable {
  public var first: Int
  public var count: Int

  public init(first: Int, count: Int) {
    self.first = first
    self.count = count
  }

  /// The last line, or the one before the gap.
  public var last: Int { first + count - 1 }
}

/// What two sides changed so that only a person can decide.
public struct ConflictRegion: Hashable, Sendable {
  public var base: LineRange
  public var ours: LineRange
  public var theirs: LineRange

  public init(base: LineRange, ours: LineRange, theirs: LineRange) {
    self.base = base
    self.ours = ours
    self.theirs = theirs
  }
}

/// A three-way merge of text, where it can be decided exactly as git decides it; "ours" and "theirs" mean order only.
public enum TextMerge: Hashable, Sendable {
  case merged([UInt8])
  case conflict([ConflictRegion])
  /// Several diffs are possible, or the file is binary: git must be asked.
  case undecided

  /// Decides where each side, after common head and tail lines are cut, is one replacement whose old and new lines occur
  /// nowhere else in any of the three: then every diff algorithm finds the same hunks. It is clean when an untouched line
  /// lies between the two or both are the same, else a conflict (hunks that touch conflict in git, too).
  public init(base: [UInt8], ours: [UInt8], theirs: [UInt8]) {
    if ours == theirs || theirs == base {
      self = .merged(ours)
    } else if ours == base {
      self = .merged(theirs)
    } else {
      self = Self.decide(Lines(base), Lines(ours), Lines(theirs))
    }
  }

  private static func decide(_ base: Lines, _ ours: Lines, _ theirs: Lines) -> TextMerge {
    // git calls a file binary that has a NUL near its start; to be safe we look at all of it.
    guard !base.hasNUL, !ours.hasNUL, !theirs.hasNUL else { return .undecided }
    let left = Replacement(base, ours)
    let right = Replacement(base, theirs)
    guard areUnambiguous(left, right, base: base, ours: ours, theirs: theirs) else { return .undecided }
    if left.old == right.old, ours[left.new].elementsEqual(theirs[right.new]) { return .merged(ours.bytes) }
    if left.old.upperBound < right.old.lowerBound {
      return .merged(Lines.joined([ours[..<left.new.upperBound], theirs[right.startFollowing(left)...]]))
    }
    if right.old.upperBound < left.old.lowerBound {
      return .merged(Lines.joined([theirs[..<right.new.upperBound], ours[left.startFollowing(right)...]]))
    }
    let start = min(left.old.lowerBound, right.old.lowerBound)
    let end = max(left.old.upperBound, right.old.upperBound)
    return .conflict([
      ConflictRegion(
        base: LineRange(first: start + 1, count: end - start), ours: left.region(covering: start..<end),
        theirs: right.region(covering: start..<end))
    ])
  }

  /// Whether each replaced or new line occurs once among the old lines and the new lines, and nowhere outside them.
  private static func areUnambiguous(
    _ left: Replacement, _ right: Replacement, base: Lines, ours: Lines, theirs: Lines
  ) -> Bool {
    var touched: Set<ArraySlice<UInt8>> = []
    for side in [(left, ours), (right, theirs)] {
      var own: Set<ArraySlice<UInt8>> = []
      for line in base[side.0.old] where !own.insert(line).inserted { return false }
      for line in side.1[side.0.new] where !own.insert(line).inserted { return false }
      touched.formUnion(own)
    }
    func outside(_ lines: Lines, _ range: Range<Int>) -> Bool {
      lines[..<range.lowerBound].allSatisfy { !touched.contains($0) }
        && lines[range.upperBound...].allSatisfy { !touched.contains($0) }
    }
    // What one side touched stands untouched on the other; it must then be there once, as it is in the base.
    var count: [ArraySlice<UInt8>: Int] = [:]
    for line in base[0...] where touched.contains(line) { count[line, default: 0] += 1 }
    guard count.values.allSatisfy({ $0 == 1 }) else { return false }
    let union = min(left.old.lowerBound, right.old.lowerBound)..<max(left.old.upperBound, right.old.upperBound)
    return outside(base, union) && isUnique(touched, in: ours) && isUnique(touched, in: theirs)
  }

  private static func isUnique(_ touched: Set<ArraySlice<UInt8>>, in lines: Lines) -> Bool {
    var seen: Set<ArraySlice<UInt8>> = []
    return lines[0...].allSatisfy { !touched.contains($0) || seen.insert($0).inserted }
  }
}

/// One side's whole change as a single replacement: lines `old` of the base became lines `new`.
private struct Replacement {
  let old: Range<Int>
  let new: Range<Int>

  init(_ base: Lines, _ side: Lines) {
    let shorter = min(base.count, side.count)
    var head = 0
    while head < shorter, base[head] == side[head] { head += 1 }
    var tail = 0
    while tail < shorter - head, base[base.count - 1 - tail] == side[side.count - 1 - tail] { tail += 1 }
    old = head..<(base.count - tail)
    new = head..<(side.count - tail)
  }

  /// Where, on this side, the base goes on after what `earlier` replaced (which ends before our own change begins).
  func startFollowing(_ earlier: Replacement) -> Int { earlier.old.upperBound }

  /// This side's lines for a range of the base that contains our change.
  func region(covering range: Range<Int>) -> LineRange {
    LineRange(first: range.lowerBound + 1, count: range.count - old.count + new.count)
  }
}

/// A text as lines with their ends, without copies.
struct Lines {
  let bytes: [UInt8]
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(index + 1) }
    if starts.last != bytes.count { starts.append(bytes.count) }
    self.starts = starts
  }

  var count: Int { starts.count - 1 }
  var hasNUL: Bool { bytes.contains(0) }

  subscript(index: Int) -> ArraySlice<UInt8> { bytes[starts[index]..<starts[index + 1]] }

  subscript(range: some RangeExpression<Int>) -> [ArraySlice<UInt8>] {
    range.relative(to: 0..<count).map { self[$0] }
  }

  static func joined(_ parts: [[ArraySlice<UInt8>]]) -> [UInt8] { Array(parts.joined().joined()) }
}
