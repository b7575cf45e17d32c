import Platform

/// A lock file that a merge has set to trunk's, and that its worktree has not made anew since.
public struct OutdatedLock: Hashable, Sendable {
  public var path: [UInt8]
  /// Trunk's short name.
  public var trunk: String
  /// Whether it has been made anew in the worktree, and is only to be committed.
  public var isMadeAnew: Bool
  /// Of a commit that changes lock files, as the plan allows it.
  public var type: String

  public init(path: [UInt8], trunk: String, isMadeAnew: Bool, type: String) {
    self.path = path
    self.trunk = trunk
    self.isMadeAnew = isMadeAnew
    self.type = type
  }
}

/// A lock file tells what the manifests of its commit ask for: after a merge it is made anew.
public enum LockOutdatedRule {
  public static let id: RuleID = "lock.outdated"

  public static func finding(for lock: OutdatedLock) -> Finding {
    Finding(id, .error, lock.isMadeAnew ? .uncommitted(lock) : .outdated(lock), path: lock.path)
  }
}

extension Finding.Message {
  private static func commit(_ lock: OutdatedLock) -> String {
    "git commit -m '\(lock.type): make the lock file anew' -- \(Pathspec(lock.path))"
  }

  fileprivate static func outdated(_ lock: OutdatedLock) -> Self {
    .init(
      "was taken from '\(lock.trunk)' by a merge and knows nothing of what this branch has changed",
      hint:
        "preflight resolve \(shellQuoted(lock.path)) && { git diff --quiet HEAD -- \(Pathspec(lock.path)) || \(commit(lock)); }"
    )
  }

  fileprivate static func uncommitted(_ lock: OutdatedLock) -> Self {
    .init("was made anew after a merge, and not committed", hint: commit(lock))
  }
}
