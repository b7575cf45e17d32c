import Git

/// Two trees for `git read-tree -m -u OLD NEW`, which goes over all of both: of 10,000 files that is most of its time.
///
/// A path that is in neither stays as it is in the index (cases 2 and 3 of "Two Tree Merge" in git-read-tree(1)), which is
/// what git does with one that is the same in both. So trees of the paths that change do as well as those of the commits.
struct TreePair {
  var old: ObjectID
  var new: ObjectID

  init(old: ObjectID, new: ObjectID) {
    self.old = old
    self.new = new
  }

  /// Writes them, to be collected as garbage some day: git may note one in the index for a directory's tree, so that it has to be
  /// where every git finds it.
  ///
  /// `nil` where that is no gain, or no good: a sparse index has directories for entries, which git would take for
  /// changed; where git makes every object for us, it is slower.
  init?(of changes: [TreeChange], in repository: Repository) throws(GitError) {
    let configuration = try repository.configuration()
    guard !repository.isReadByGit, configuration.boolean("core.sparsecheckout") != true,
      try !configuration.isSet("core.sharedrepository")
    else { return nil }
    old = try repository.makeTree(of: Self.files(changes, \.old))
    new = try repository.makeTree(of: Self.files(changes, \.new))
    try repository.writeMadeObjects()
  }

  private static func files(
    _ changes: [TreeChange], _ side: KeyPath<TreeChange, TreeEntry?>
  ) -> [[UInt8]: TreeEntry] {
    var result: [[UInt8]: TreeEntry] = [:]
    for change in changes { result[change.path] = change[keyPath: side] }
    return result
  }
}
