import Platform

/// An object that a repository holds in memory.
public struct MadeObject: Sendable {
  public let type: ObjectType
  public let contents: [UInt8]
}

/// Objects that are made in memory, so that a prediction writes nothing and what comes of it can be read like any other.
struct MadeObjects {
  private var places: [ObjectID: Int] = [:]
  /// What an object names was made before it.
  private(set) var objects: [MadeObject] = []

  subscript(id: ObjectID) -> MadeObject? { places.isEmpty ? nil : places[id].map { objects[$0] } }

  mutating func insert(_ object: MadeObject, named id: ObjectID) {
    guard places[id] == nil else { return }
    places[id] = objects.count
    objects.append(object)
  }
}

extension Repository {
  /// The name that git would give to a blob of these bytes; nothing is written.
  public func blobID(of contents: [UInt8]) throws(GitError) -> ObjectID { try reader.name(of: contents, as: .blob) }

  /// Makes an object that only this value has: its reads find it like any other, and nobody else's do until
  /// `writeMadeObjects`.
  public func make(_ type: ObjectType, _ contents: [UInt8]) throws(GitError) -> ObjectID {
    let id = try reader.name(of: contents, as: type)
    made.insert(MadeObject(type: type, contents: contents), named: id)
    return id
  }

  public func makeTree(_ tree: Tree) throws(GitError) -> ObjectID { try make(.tree, tree.contents) }

  /// The tree that holds these files, with all trees below it.
  ///
  /// - Parameter files: by their paths; none may be empty, or lie below another.
  public func makeTree(of files: [[UInt8]: TreeEntry]) throws(GitError) -> ObjectID {
    try makeTree(of: files.map { ($0.key[...], $0.value) })
  }

  private func makeTree(of files: [(path: ArraySlice<UInt8>, entry: TreeEntry)]) throws(GitError) -> ObjectID {
    var entries: [Tree.Entry] = []
    var directories: [ArraySlice<UInt8>: [(path: ArraySlice<UInt8>, entry: TreeEntry)]] = [:]
    for (path, entry) in files {
      if let slash = path.firstIndex(of: UInt8(ascii: "/")) {
        directories[path[..<slash], default: []].append((path[(slash + 1)...], entry))
      } else {
        entries.append(Tree.Entry(name: path, value: entry))
      }
    }
    for (name, files) in directories {
      entries.append(Tree.Entry(name: name, value: TreeEntry(mode: 0o40000, id: try makeTree(of: files))))
    }
    return try makeTree(Tree(entries: entries.sorted { $0.order(against: $1) < 0 }))
  }

  /// Puts all that was made into the repository, what is named before what names it, and forgets it. Nobody is waiting for a
  /// collection here: git's own commits, fetches and merges start one when there are many loose objects.
  public func writeMadeObjects() throws(GitError) {
    // libgit2 would give them permissions that lock the others of a group out.
    if made.objects.isEmpty { return }
    let isGroups = try configuration().isSet("core.sharedrepository")
    for object in made.objects {
      if isGroups {
        try git.output(["hash-object", "-w", "-t", Argument(object.type.rawValue), "--stdin"], input: object.contents)
      } else {
        try reader.write(object.contents, as: object.type)
      }
    }
    made = MadeObjects()
  }

  /// All that was made and not yet written; what an object names comes before it.
  public var madeObjects: [MadeObject] { made.objects }

  /// Forgets all that was made.
  public func forgetMadeObjects() { made = MadeObjects() }
}
