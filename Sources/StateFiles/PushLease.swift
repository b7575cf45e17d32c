import Git
import Platform

/// The one push that brings a branch which a sync has moved to where the remote has it.
///
/// It names what it expects there. `--force-if-includes` would add nothing: git ignores it beside an expected value, and
/// what it asks has been asked before the branch was moved (`Repository.hasIncluded` of the target Sync).
public struct PushLease: Hashable, Sendable {
  /// The local branch, in full.
  public var branch: String
  public var publication: Publication

  public init(branch: String, publication: Publication) {
    self.branch = branch
    self.publication = publication
  }

  /// What `git` is told, word by word.
  public var words: [String] {
    let name = publication.branch
    return [
      "push", "--force-with-lease=\(name):\(publication.tracking.target)", publication.remote, "\(branch):\(name)",
    ]
  }

  /// As it is pasted; without a place, in any worktree of the repository.
  public func command(in place: FilePath? = nil) -> String {
    let start = place.map { "git -C \(shellQuoted($0)) " } ?? "git "
    return start + words.map { shellQuoted($0) }.joined(separator: " ")
  }
}

/// The leases that syncs have left behind, a file for each branch.
///
/// A record outlives its push: it counts as long as the remote-tracking ref still names what was expected and the branch
/// does not hold that. So it may be written before the branch is moved, and an undone sync leaves none that counts.
public struct PushLeases {
  private let files: BranchFiles

  public init(_ layout: RepositoryLayout) { files = BranchFiles(directory: layout.stateDirectory / "leases") }

  /// - Parameter branch: in full.
  public func pending(for branch: String, in repository: Repository) throws(GitError) -> PushLease? {
    guard let lease = try recorded(for: branch) else { return nil }
    return try isPending(lease, in: repository) ? lease : nil
  }

  public func allPending(in repository: Repository) throws(GitError) -> [PushLease] {
    var result: [PushLease] = []
    for bytes in try files.all() {
      if let lease = PushLease(encoded: bytes), try isPending(lease, in: repository) { result.append(lease) }
    }
    return result
  }

  package func recorded(for branch: String) throws(GitError) -> PushLease? {
    try files.read(branch).flatMap { PushLease(encoded: $0) }
  }

  package func record(_ lease: PushLease) throws(GitError) {
    if try recorded(for: lease.branch) == lease { return }
    try files.write(lease.encoded, for: lease.branch)
  }

  private func isPending(_ lease: PushLease, in repository: Repository) throws(GitError) -> Bool {
    let tracking = lease.publication.tracking
    guard let tip = try repository.target(of: lease.branch),
      try repository.target(of: tracking.name) == tracking.target
    else { return false }
    return try !repository.isAncestor(tracking.target, of: tip)
  }
}

extension PushLease {
  /// Fields ended by NUL; the first says which form this is.
  fileprivate var encoded: [UInt8] {
    let tracking = publication.tracking
    let fields = ["lease 1", branch, publication.remote, publication.branch, tracking.name, "\(tracking.target)"]
    return Array(fields.map { Array($0.utf8) + [0] }.joined())
  }

  fileprivate init?(encoded bytes: [UInt8]) {
    let fields = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    guard fields.count == 6, fields[0] == "lease 1", let expected = ObjectID(hex: fields[5].utf8) else { return nil }
    let tracking = Reference(name: fields[4], target: expected)
    self.init(
      branch: fields[1], publication: Publication(remote: fields[2], branch: fields[3], tracking: tracking))
  }
}
