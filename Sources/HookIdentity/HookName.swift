import Platform

/// The git hooks that preflight brings; see githooks(5).
public enum HookName: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  case preCommit = "pre-commit"
  case commitMsg = "commit-msg"
  case prePush = "pre-push"
  case postMerge = "post-merge"
  case postRewrite = "post-rewrite"
  case postCommit = "post-commit"

  public var description: String { rawValue }

  /// Set by `preflight hook NAME`: another manager calls us, so no chained hook is looked for.
  public static let managedVariable = "PREFLIGHT_MANAGED"

  /// Where a hook is kept that was there before ours: its bytes and mode unchanged, run after ours when it is executable.
  public static func chained(beside hook: FilePath) -> FilePath {
    FilePath(hook.bytes + Array(".preflight-chained".utf8))
  }
}
