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
  fileprivate init(treeMode mode: UInt32, id: ObjectID) {
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

/// The entries of one tree object, in git's order.
struct Tree {
  struct Entry {
    let name: ArraySlice<UInt8>
    let value: TreeEntry
  }

  let entries: [Entry]

  static let empty = Tree(entries: [])

  private init(entries: [Entry]) { self.entries = entries }

  /// `mode SP name NUL id`, again and again.
  init(id: ObjectID, contents: [UInt8]) throws(GitError) {
    var entries: [Entry] = []
    var position = 0
    let width = id.byteCount
    while position < contents.count {
      var mode: UInt32 = 0
      while position < contents.count, contents[position] != UInt8(ascii: " ") {
        let digit = contents[position]
        guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit), mode < 1 << 24 else {
          throw GitError(.malformed("tree \(id)"))
        }
        mode = mode << 3 | UInt32(digit - UInt8(ascii: "0"))
        position += 1
      }
      position += 1
      guard position < contents.count, let end = contents[position...].firstIndex(of: 0),
        end + width < contents.count, let entry = ObjectID(bytes: contents[(end + 1)...(end + width)])
      else { throw GitError(.malformed("tree \(id)")) }
      entries.append(Entry(name: contents[position..<end], value: TreeEntry(treeMode: mode, id: entry)))
      position = end + width + 1
    }
    self.entries = entries
  }

  func entry(named name: some Collection<UInt8>) -> TreeEntry? {
    entries.first { $0.name.elementsEqual(name) }?.value
  }
}
