import Git
import Platform

/// Where each stream's own commits begin, as it was when the stream was last looked at, and where they began before.
///
/// Guessing it later goes wrong: once a commit of trunk has been amended, the merge base is older than the commit that the
/// stream was made from, and trunk's own commit would be replayed as the stream's. Never `--fork-point`, which reads a
/// reflog that another clone does not have.
public struct StreamBases {
  /// One base of a stream, of those that it has had.
  public struct Record: Hashable, Sendable {
    public var base: ObjectID
    /// The tip that a sync moved to that base; `nil` where the stream came to it otherwise.
    public var movedFrom: ObjectID?

    public init(base: ObjectID, movedFrom: ObjectID? = nil) {
      self.base = base
      self.movedFrom = movedFrom
    }
  }

  /// How many bases are kept of a stream: an old copy of a file that is written back is hardly older.
  package static let limit = 8

  private let files: BranchFiles

  public init(_ layout: RepositoryLayout) { files = BranchFiles(directory: layout.stateDirectory / "bases") }

  /// - Parameter branch: in full.
  public func recorded(for branch: String) throws(GitError) -> ObjectID? { try history(of: branch).first?.base }

  /// The present base and those before it, the newest first.
  ///
  /// - Parameter branch: in full.
  public func history(of branch: String) throws(GitError) -> [Record] {
    guard let bytes = try files.read(branch) else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { Record(line: $0) }
  }

  /// - Parameter tip: the one that a sync has moved there.
  public func record(_ base: ObjectID, for branch: String, movedFrom tip: ObjectID? = nil) throws(GitError) {
    let history = try history(of: branch)
    if history.first?.base == base { return }
    let records = [Record(base: base, movedFrom: tip)] + history.prefix(Self.limit - 1)
    try files.write(Array(records.map(\.line).joined()), for: branch)
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

extension StreamBases.Record {
  /// `BASE` or `BASE sync TIP`.
  fileprivate var line: [UInt8] { Array((movedFrom.map { "\(base) sync \($0)\n" } ?? "\(base)\n").utf8) }

  fileprivate init?(line: ArraySlice<UInt8>) {
    let words = line.split(separator: UInt8(ascii: " "))
    guard let first = words.first, let base = ObjectID(hex: first) else { return nil }
    self.init(base: base, movedFrom: words.count == 3 ? ObjectID(hex: words[2]) : nil)
  }
}
