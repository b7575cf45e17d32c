import Git
import Merging
import Plan
import Platform

/// Who would conflict with whom if both merged now: trunk and every worktree, each against each.
public struct ConflictMap: Sendable {
  /// Trunk, or a worktree with what is committed there and, where that was asked for, what is not.
  public struct Side: Sendable {
    /// In full; `nil` where `HEAD` is detached.
    public var branch: String?
    public var stream: Plan.Stream?
    /// `nil` for trunk.
    public var worktree: Worktree?
    public var tip: ObjectID
    /// How many paths are not committed; `nil` where nobody looked: trunk, or a worktree in the middle of a rebase, say.
    public var uncommitted: Int?
    /// How many untracked files were passed over because there are so many.
    public var passedOver = 0
    /// The place in `sides` of the stream that this one is stacked on.
    public var parent: Int?

    public var isTrunk: Bool { worktree == nil }
  }

  public enum Verdict: Hashable, Sendable {
    case clean
    case conflict([FileConflict])
    /// Nothing is in reach from which both were made: unrelated, or cut off in a shallow clone.
    case unknown
  }

  public struct FileConflict: Hashable, Sendable {
    public var path: [UInt8]
    /// The lines, where they are known without asking git.
    public var regions: [ConflictRegion]
  }

  /// Two places in `sides`, the lower one first, and how they merge.
  public struct Cell: Sendable {
    public var one: Int
    public var other: Int
    public var verdict: Verdict
    /// From where both sides' changes are counted; `nil` where there is no such commit, or several.
    public var base: ObjectID?
  }

  /// Trunk first, then the worktrees in the order of the plan and by path.
  public let sides: [Side]
  /// Every pair once.
  public let cells: [Cell]
  /// How many cells git had to decide, and how many of those it was asked for this time.
  public let decidedByGit: Int
  public let asked: Int

  public var conflicts: [Cell] { cells.filter { if case .conflict = $0.verdict { true } else { false } } }

  public subscript(one: Int, other: Int) -> Verdict? {
    let (low, high) = (min(one, other), max(one, other))
    // Cells are kept row by row: those of the pairs (0, 1), (0, 2) …, then (1, 2) and so on.
    let place = low * sides.count - low * (low + 1) / 2 + high - low - 1
    return low == high ? nil : cells[place].verdict
  }
}
