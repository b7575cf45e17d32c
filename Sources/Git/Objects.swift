/// What a path is in a tree or an index.
public struct TreeEntry: Hashable, Sendable {
  /// As git writes it: 0o100644, 0o100755, 0o120000 (symbolic link), 0o160000 (submodule), 0o40000 (tree).
  public let mode: UInt32
  public let id: ObjectID

  public init(mode: UInt32, id: ObjectID) {
    self.mode = mode
    self.id = id
  }

  /// Some trees of old hold modes that git reads as one of those above: 0o100664, say.
  init(treeMode mode: UInt32, id: ObjectID) {
    switch mode & 0o170000 {
    case 0o100000: self.init(mode: mode & 0o100 != 0 ? 0o100755 : 0o100644, id: id)
    case 0o120000, 0o40000: self.init(mode: mode & 0o170000, id: id)
    default: self.init(mode: 0o160000, id: id)
    }
  }

  public var isTree: Bool { mode == 0o40000 }
  public var isSubmodule: Bool { mode == 0o160000 }
  public var isSymbolicLink: Bool { mode == 0o120000 }
  /// A regular file, executable or not.
  public var isFile: Bool { mode & 0o170000 == 0o100000 }
}
