/// A commit: its headers and the bytes of its message, as they are in the object; see git-commit-tree(1).
public struct Commit: Sendable {
  public let id: ObjectID
  public let tree: ObjectID
  /// In order; empty for a root commit.
  public let parents: [ObjectID]
  /// `Name <mail> seconds zone`.
  public let author: [UInt8]
  public let committer: [UInt8]
  /// The `encoding` header; `nil` means UTF-8.
  public let encoding: [UInt8]?
  public let message: [UInt8]

  public var isMerge: Bool { parents.count > 1 }

  /// Line 1 of the message, as it is.
  public var subject: [UInt8] { firstLine(message.drop { $0 == UInt8(ascii: "\n") }) }

  /// Seconds since 1970; 0 where the header is damaged.
  public var committed: Int64 {
    let fields = committer.split(separator: UInt8(ascii: " "))
    guard fields.count >= 2 else { return 0 }
    return Int64(String(decoding: fields[fields.count - 2], as: UTF8.self)) ?? 0
  }

  init(id: ObjectID, contents: [UInt8]) throws(GitError) {
    var tree: ObjectID?
    var parents: [ObjectID] = []
    var author: [UInt8] = []
    var committer: [UInt8] = []
    var encoding: [UInt8]?
    var rest = contents[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      rest = rest[(end + 1)...]
      if line.isEmpty { break }  // the message follows
      guard let space = line.firstIndex(of: UInt8(ascii: " ")), space > line.startIndex else { continue }
      let value = line[(space + 1)...]
      switch line.count {
      case _ where line.starts(with: "tree ".utf8): tree = ObjectID(hex: value)
      case _ where line.starts(with: "parent ".utf8): if let parent = ObjectID(hex: value) { parents.append(parent) }
      case _ where line.starts(with: "author ".utf8): author = Array(value)
      case _ where line.starts(with: "committer ".utf8): committer = Array(value)
      case _ where line.starts(with: "encoding ".utf8): encoding = Array(value)
      default: break
      }
    }
    guard let tree else { throw GitError(.malformed("commit \(id)")) }
    self.id = id
    self.tree = tree
    self.parents = parents
    self.author = author
    self.committer = committer
    self.encoding = encoding
    message = Array(rest)
  }
}

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
