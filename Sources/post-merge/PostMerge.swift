import HookSupport

/// git runs `post-merge <squash>` after `git merge` and `git pull`. See githooks(5).
@main struct PostMerge {
  static func main() {
    runHook(.postMerge) { invocation in
      // After a true merge MERGE_HEAD is still there: git is not done with this worktree.
      try TrunkFollow(invocation).run(leavesCurrent: true)
      return .passed
    }
  }
}
