import Git
import Platform

/// Where each stream's own commits begin, as it was when the stream was last looked at.
///
/// Guessing it later goes wrong: once a commit of trunk has been amended, the merge base is older than the commit that the
/// stream was made from, and trunk's own commit would be replayed as the stream's. Never `--fork-point`, which reads a
/// reflog that another clone does not have.
public struct StreamBases {
  private let files: BranchFiles

  public init(_ layout: RepositoryLayout) { files = BranchFiles(directory: layout.stateDirectory / "bases") }

  /// - Parameter branch: in full.
  public func recorded(for branch: String) throws(GitError) -> ObjectID? {
    try files.read(branch).flatMap { ObjectID(hex: firstLine($0)) }
  }

  public func record(_ base: ObjectID, for branch: String) throws(GitError) {
    if try recorded(for: branch) == base { return }
    try files.write(Array("\(base)\n".utf8), for: branch)
  }

  public func forget(_ branch: String) throws(GitError) { try files.remove(branch) }

  /// The commit after which the stream's own commits start, seen from what it stands on (trunk, or another stream).
  ///
  /// The recorded one if it is an ancestor of the stream and not of their merge base, else the merge base.
  public func base(
    of branch: String, tip: ObjectID, onto: ObjectID, in repository: Repository
  ) throws(GitError) -> MergeBase {
    let mergeBase = try repository.mergeBase(tip, onto)
    guard let recorded = try recorded(for: branch), try repository.hasObject(recorded),
      try repository.isAncestor(recorded, of: tip)
    else { return mergeBase }
    if case .found(let common) = mergeBase, try repository.isAncestor(recorded, of: common) { return mergeBase }
    return .found(recorded)
  }
}
