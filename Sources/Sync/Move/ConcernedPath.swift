/// A path that a move would write, and where somebody has work that is nowhere else: it stops the move of that worktree.
public struct ConcernedPath: Hashable, Sendable {
  /// What is there.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// The file is not what is staged.
    case edited
    /// What is staged is neither the old nor the new version.
    case staged
    /// The file is gone, and nothing of that is staged.
    case deleted
    /// Untracked or ignored, where the move would write.
    case inTheWay = "in-the-way"
    /// `git update-index --assume-unchanged`: git would not see an edit.
    case assumedUnchanged = "assumed-unchanged"
    /// `git update-index --skip-worktree`, and not left out by a sparse checkout.
    case skippedInWorktree = "skip-worktree"
    case unmerged
    /// `git add --intent-to-add`.
    case intentToAdd = "intent-to-add"
    /// A submodule that is checked out, with changes, at another commit or without the one that it would have to go to.
    case submodule
  }

  /// From the top of the worktree.
  public var path: [UInt8]
  public var reason: Reason

  public init(_ path: [UInt8], _ reason: Reason) {
    self.path = path
    self.reason = reason
  }
}
