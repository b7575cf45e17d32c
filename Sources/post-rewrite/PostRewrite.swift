import HookSupport

/// git runs `post-rewrite <amend|rebase>` and writes a line for every commit that was rewritten. See githooks(5).
@main struct PostRewrite {
  static func main() {
    runHook(.postRewrite) { _ in .passed }  // it only asks, as every hook does, whether trunk has moved
  }
}
