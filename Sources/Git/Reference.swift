/// What a worktree's `HEAD` leads to.
public enum Head: Hashable, Sendable {
  /// A branch by its full name (`refs/heads/…`), which may be unborn.
  case branch(String)
  case detached(ObjectID)
}

/// A ref and the object that it names.
public struct Reference: Hashable, Sendable {
  /// In full: `refs/heads/main`.
  public let name: String
  public let target: ObjectID

  public init(name: String, target: ObjectID) {
    self.name = name
    self.target = target
  }
}

extension String {
  /// `refs/heads/topic` as `topic`; anything else as it is.
  public var shortBranchName: String {
    hasPrefix("refs/heads/") ? String(dropFirst("refs/heads/".count)) : self
  }
}
