import HookSupport

/// git runs `post-merge <squash>` after `git merge` and `git pull`. See githooks(5).
@main struct PostMerge {
  static func main() {
    runHook(.postMerge) { _ in .passed }  // it only asks, as every hook does, whether trunk has moved
  }
}
