import Git
import Platform

extension Environment {
  /// For a command of the plan that runs in a worktree: bound to no repository, otherwise the user's, and with
  /// `PREFLIGHT_STREAM` (where the branch is a stream of the plan), `PREFLIGHT_WORKTREE` and `PREFLIGHT_SLOT`.
  ///
  /// - Parameter stream: the id of the stream.
  public func forCommand(in layout: RepositoryLayout, stream: String?) -> Environment {
    var result = GitCommand.unbound(self)
    // Also to clear what another worktree's launch has set: a launched program may well go elsewhere.
    result["PREFLIGHT_STREAM"] = stream
    result[bytes: "PREFLIGHT_WORKTREE"] = layout.workTree?.bytes
    // Where nothing can be written nobody can be given a number of his own: then there is none rather than a wrong one.
    result["PREFLIGHT_SLOT"] = (try? WorktreeSlot(of: layout).number()).map(String.init)
    return result
  }
}
