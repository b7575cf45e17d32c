import HookSupport

/// git runs `post-rewrite <amend|rebase>` and writes a line for every commit that was rewritten. See githooks(5).
@main struct PostRewrite {
  static func main() {
    runHook(.postRewrite) { invocation in
      try TrunkFollow(invocation).run(leavesCurrent: true)
      return .passed
    }
  }
}
