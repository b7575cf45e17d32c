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

  /// Decides where the lines of each side can be paired with the base's in one way only, so that every diff algorithm finds the
  /// same hunks; see `TextChange`. It is clean when an untouched line lies between any two hunks, or the two are the same,
  /// else a conflict (hunks that touch conflict in git, too).
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
    let base = TextBase(base)
    let left = TextChange(base, ours)
    let right = TextChange(base, theirs)
    switch left.meets(right) {
    case .apart: return .merged(left.joined(with: right))
    case .same: return .merged(ours.bytes)
    case .conflict(let regions): return .conflict(regions)
    case .undecided: return .undecided
    }
  }
}

/// One line with its end, for sets and dictionaries: hashed in one go and not byte by byte.
struct Line: Hashable, Sendable {
  let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
}

/// A text as lines with their ends, without copies.
struct Lines {
  let bytes: [UInt8]
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    bytes.withUnsafeBufferPointer { buffer in
      for index in buffer.indices where buffer[index] == UInt8(ascii: "\n") { starts.append(index + 1) }
    }
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
