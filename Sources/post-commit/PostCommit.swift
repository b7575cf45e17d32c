import HookSupport

/// git runs `post-commit` without arguments once the commit is made. See githooks(5).
@main struct PostCommit {
  static func main() {
    runHook(.postCommit) { invocation in
      try CommitAftermath(invocation).run()
      return .passed
    }
  }
}
