import Git
import Plan
import Platform
import Policies
import Rules

extension Situation {
  /// The lock files that a merge in a worktree has set to trunk's, as far as a commit of its branch still has them so.
  public func lockFindings(in worktree: Worktree, tip: ObjectID) throws -> [Finding] {
    let tree = try repository.commit(tip).tree
    return try OutdatedLocks(worktree.layout).all().compactMap { note in
      guard try repository.entry(at: note.path, in: tree)?.id == note.taken else { return nil }
      let file = worktree.path.appending(note.path)
      let isMadeAnew = try file.contentsIfPresent().map { try repository.blobID(of: $0) != note.taken } ?? false
      let types = plan.commits.types
      return LockOutdatedRule.finding(
        for: OutdatedLock(
          path: note.path, trunk: trunkName, isMadeAnew: isMadeAnew,
          type: types.contains("build") ? "build" : types.first ?? "chore"))
    }
  }
}
