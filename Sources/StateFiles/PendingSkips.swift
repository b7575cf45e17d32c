import Git
import Platform

/// The rules that the next commit in a worktree passes, as somebody has asked for it.
public struct PendingSkips {
  /// `rule<TAB>reason`, one a line.
  package let file: FilePath

  /// - Parameter state: `RepositoryLayout.worktreeStateDirectory`.
  public init(in state: FilePath) { file = state / "skip" }

  /// After the commit: what was asked for it does not hold for the one after.
  public func clear() { try? file.remove() }
}
