import Git

/// Where a remote has a branch, as it was when the remote was last heard of.
public struct Publication: Hashable, Sendable {
  public var remote: String
  /// The branch there, in full.
  public var branch: String
  /// The remote-tracking ref, with the commit that a forced push has to expect there.
  public var tracking: Reference

  public init(remote: String, branch: String, tracking: Reference) {
    self.remote = remote
    self.branch = branch
    self.tracking = tracking
  }
}
