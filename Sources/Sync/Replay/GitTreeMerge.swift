import Git

/// Merges trees by git itself, in a scratch repository: renames, merge drivers and all. Nothing is written to the user's.
///
/// Each merge is one of two synthetic commits whose parent holds the base: `git merge-tree` takes `--merge-base` only since
/// git 2.40. That is how git merges at a pick of a rebase, too.
final class GitTreeMerge {
  enum Outcome {
    /// The merged tree, which is now among the objects that the repository has made.
    case merged(ObjectID)
    /// The unmerged paths as git lists them; for some conflicts over directories there are none.
    case conflict(paths: [[UInt8]])
  }

  private let repository: Repository
  private var scratch: (repository: ScratchRepository, objects: Repository)?

  init(_ repository: Repository) { self.repository = repository }

  /// - Parameter attributes: those of what is merged onto.
  func merge(
    base: ObjectID, ours: ObjectID, theirs: ObjectID, attributes: MergeAttributes
  ) throws(GitError) -> Outcome {
    let scratch = try openScratch()
    for object in repository.madeObjects { _ = try scratch.objects.make(object.type, object.contents) }
    let parent = try commit(base, parent: nil, in: scratch.objects)
    let sides = try [ours, theirs].map { side throws(GitError) in try commit(side, parent: parent, in: scratch.objects)
    }
    try scratch.objects.writeMadeObjects()
    let changes = try repository.changes(from: base, to: ours) + repository.changes(from: base, to: theirs)
    try scratch.repository.placeAttributes(attributes.files(above: changes.map(\.path)))
    let merge = try scratch.repository.merges([(sides[0], sides[1])])[0]
    guard merge.isClean else { return .conflict(paths: merge.conflicts) }
    let marked = try markedFiles(ours, merge.tree, sides, in: scratch.objects)
    guard marked.isEmpty else { return .conflict(paths: marked) }
    try takeOver(TreeEntry(mode: 0o40000, id: merge.tree), from: scratch.objects)
    return .merged(merge.tree)
  }

  /// Files that git calls merged although it has left conflict markers in them, which happens where a file is renamed to a
  /// path that both sides have added: they name a side by its commit here.
  private func markedFiles(
    _ before: ObjectID, _ tree: ObjectID, _ sides: [ObjectID], in objects: Repository
  ) throws(GitError) -> [[UInt8]] {
    let names = sides.map(\.description)
    var marked: [[UInt8]] = []
    for change in try objects.changes(from: before, to: tree) {
      guard let new = change.new, new.isFile, try !repository.hasObject(new.id) else { continue }
      let contents = try objects.blob(new.id)
      if names.contains(where: { contents.mentions($0) }) { marked.append(change.path) }
    }
    return marked
  }

  private func openScratch() throws(GitError) -> (repository: ScratchRepository, objects: Repository) {
    if let scratch { return scratch }
    let made = try ScratchRepository(borrowingFrom: repository, hasOwnAttributes: true)
    let result = (made, try made.objects())
    scratch = result
    return result
  }

  private func commit(_ tree: ObjectID, parent: ObjectID?, in objects: Repository) throws(GitError) -> ObjectID {
    let person = "preflight <preflight@localhost> 0 +0000"
    let parentLine = parent.map { "parent \($0)\n" } ?? ""
    return try objects.make(
      .commit, Array("tree \(tree)\n\(parentLine)author \(person)\ncommitter \(person)\n\n".utf8))
  }

  /// Makes what git has written there and the repository has not, so that it outlives the scratch repository.
  private func takeOver(_ entry: TreeEntry, from objects: Repository) throws(GitError) {
    if entry.isSubmodule { return }
    if try repository.hasObject(entry.id) { return }
    if entry.isTree {
      let tree = try objects.tree(entry.id)
      for entry in tree.entries { try takeOver(entry.value, from: objects) }
      _ = try repository.makeTree(tree)
    } else {
      _ = try repository.make(.blob, objects.blob(entry.id))
    }
  }
}
