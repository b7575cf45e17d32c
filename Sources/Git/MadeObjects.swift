/// Objects that are made in memory, so that a prediction writes nothing and what comes of it can be read like any other.
struct MadeObjects {
  struct Object {
    let type: ObjectType
    let contents: [UInt8]
  }

  private var objects: [ObjectID: Object] = [:]
  /// What an object names was made before it.
  private(set) var order: [ObjectID] = []

  subscript(id: ObjectID) -> Object? { objects.isEmpty ? nil : objects[id] }

  mutating func insert(_ object: Object, named id: ObjectID) {
    if objects.updateValue(object, forKey: id) == nil { order.append(id) }
  }
}

extension Repository {
  /// The name that git would give to a blob of these bytes; nothing is written.
  public func blobID(of contents: [UInt8]) throws(GitError) -> ObjectID { try reader.name(of: contents, as: .blob) }

  /// Makes an object that only this value has: its reads find it like any other, and nobody else's do until
  /// `writeMadeObjects`.
  public func make(_ type: ObjectType, _ contents: [UInt8]) throws(GitError) -> ObjectID {
    let id = try reader.name(of: contents, as: type)
    madeObjects.insert(.init(type: type, contents: contents), named: id)
    return id
  }

  public func makeTree(_ tree: Tree) throws(GitError) -> ObjectID { try make(.tree, tree.contents) }

  /// Puts all that was made into the repository, what is named before what names it, and forgets it.
  public func writeMadeObjects() throws(GitError) {
    for id in madeObjects.order {
      guard let object = madeObjects[id] else { continue }
      try reader.write(object.contents, as: object.type)
    }
    madeObjects = MadeObjects()
  }

  /// Forgets all that was made.
  public func forgetMadeObjects() { madeObjects = MadeObjects() }
}
