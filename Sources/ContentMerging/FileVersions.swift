import Git

/// A file that both sides changed, each in its own way.
public struct FileVersions: Hashable, Sendable {
  /// From the top of the repository.
  public var path: [UInt8]
  /// `nil`: both added it.
  public var base: TreeEntry?
  public var ours: TreeEntry
  public var theirs: TreeEntry

  public init(path: [UInt8], base: TreeEntry?, ours: TreeEntry, theirs: TreeEntry) {
    self.path = path
    self.base = base
    self.ours = ours
    self.theirs = theirs
  }
}

/// What became of a file that both sides changed.
public enum FileVerdict: Hashable, Sendable {
  /// As git would have it.
  case merged(TreeEntry)
  /// As a policy would have it, whatever git thinks.
  case resolved(TreeEntry)
  case conflict
  case undecided
}

extension FileVersions {
  /// Where one side changed the mode and the other one the contents.
  package var trivially: TreeEntry? {
    guard let mode, let base else { return nil }
    if base.id == ours.id || ours.id == theirs.id { return TreeEntry(mode: mode, id: theirs.id) }
    if base.id == theirs.id { return TreeEntry(mode: mode, id: ours.id) }
    return nil
  }

  /// The merged mode of what is a regular file everywhere; `nil` where it is not, or was added with two modes.
  public var mode: UInt32? {
    guard ours.isFile, theirs.isFile, base?.isFile ?? true else { return nil }
    if ours.mode == theirs.mode { return ours.mode }
    guard let base else { return nil }
    return base.mode == ours.mode ? theirs.mode : ours.mode
  }
}
