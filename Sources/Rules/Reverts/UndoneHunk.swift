/// A stretch of lines that is back at what it was before somebody else's change.
public struct UndoneHunk: Hashable, Sendable {
  /// What the change had taken out, and what it had put there; without line ends.
  public var old: [[UInt8]]
  public var new: [[UInt8]]
  /// Where the old lines stand again, from 1; where nothing does, the line before the gap.
  public var line: Int

  /// The hunks from `base` to `now` that are the exact inverse of one from `earlier` to `base`: the same lines out, the same
  /// lines in, at the same place.
  public static func hunks(earlier: [UInt8], base: [UInt8], now: [UInt8]) -> [UndoneHunk] {
    if [earlier, base, now].contains(where: { $0.contains(0) }) { return [] }  // binary
    let (before, after, present) = (lines(of: earlier), lines(of: base), lines(of: now))
    guard let gained = LineHunk.hunks(from: before, to: after), !gained.isEmpty,
      let changed = LineHunk.hunks(from: after, to: present)
    else { return [] }
    let inverses = inverted(gained, before)
    var shift = 0
    var result: [UndoneHunk] = []
    for hunk in changed {
      if inverses.contains(where: { $0 == hunk || areSame($0, hunk, in: after) }) {
        let line = hunk.old.lowerBound + shift + (hunk.new.isEmpty ? 0 : 1)
        result.append(UndoneHunk(old: hunk.new, new: Array(after[hunk.old]), line: max(1, line)))
      }
      shift += hunk.new.count - hunk.old.count
    }
    return result
  }

  /// Whether the change from `before` to `after` is the one that was undone.
  public func isInverse(ofChangeFrom before: [UInt8], to after: [UInt8]) -> Bool {
    let old = Self.lines(of: before)
    return LineHunk.hunks(from: old, to: Self.lines(of: after))?.contains {
      Array(old[$0.old]) == self.old && $0.new == new
    }
      ?? false
  }

  /// What takes `hunks` back, in terms of the lines that they have led to.
  private static func inverted(_ hunks: [LineHunk], _ before: [[UInt8]]) -> [LineHunk] {
    var shift = 0
    return hunks.map { hunk in
      let start = hunk.old.lowerBound + shift
      shift += hunk.new.count - hunk.old.count
      return LineHunk(old: start..<start + hunk.new.count, new: Array(before[hunk.old]))
    }
  }

  /// One change can be written as several hunks: of two equal lines in a row either may be the new one.
  private static func areSame(_ one: LineHunk, _ other: LineHunk, in lines: [[UInt8]]) -> Bool {
    one.old.count == other.old.count && one.new.count == other.new.count
      && LineHunk.apply([one], to: lines) == LineHunk.apply([other], to: lines)
  }

  private static func lines(of bytes: [UInt8]) -> [[UInt8]] { BarrelVersion.lines(of: bytes) }
}
