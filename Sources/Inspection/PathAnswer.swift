import Git
import Hive
import Plan
import Platform
import Rules

/// What there is to know of a path before it is touched.
public struct PathAnswer: Sendable {
  /// Somebody else who is changing it.
  public struct Changer: Hashable, Sendable {
    /// The stream, or the branch where the plan names none.
    public var stream: String
    public var worktree: FilePath
    public var isCommitted: Bool
    public var isUncommitted: Bool
  }

  /// From the top of the repository; empty for all of it.
  public var path: [UInt8]
  /// Whether trunk has changed it since this branch left it.
  public var isStale: Bool
  /// In the order of the worktrees.
  public var changers: [Changer]
  /// The unmerged streams that it belongs to, where this one is not among them; a shared file belongs to nobody.
  public var owners: [StreamReference]
  /// How a shared file is merged.
  public var shared: Plan.SharedFiles.MergePolicy?
  /// Another stream's, which holds now.
  public var claim: Claim?
  /// What a commit of it would be told.
  public var rules: [RuleID: Severity] = [:]

  public var isFree: Bool { !isStale && changers.isEmpty && owners.isEmpty && claim == nil }
}

extension Situation {
  /// What stands against touching `paths` here and now. Nothing is fetched, and no process is started for a plain file.
  ///
  /// - Parameter paths: from the top of the repository.
  public func answers(for paths: [[UInt8]]) throws -> [PathAnswer] {
    let claims =
      HiveStore.mayHoldAnything(repository.layout)
      ? ((try? HiveStore(repository).claims()) ?? []).filter {
        !holds($0, stream: stream?.id, branch: branch?.shortBranchName)
      } : []
    let ignoresCase = try !claims.isEmpty && repository.configuration().boolean("core.ignorecase") == true
    let siblings = try siblings()
    return try paths.map { path in
      let shared = sharedFiles(for: path)
      let owners = shared == nil ? openOwners(of: path) : []
      var answer = PathAnswer(
        path: path, isStale: try isStale(path), changers: try siblings.compactMap { try changer($0, path) },
        owners: owners.contains { $0.id == stream?.id } ? [] : owners.map(StreamReference.init),
        shared: shared?.merge, claim: claims.first { $0.covers(path, ignoringCase: ignoresCase) })
      if !answer.owners.isEmpty { answer.rules[OwnershipRule.id] = severity(OwnershipRule.id) }
      if answer.claim != nil { answer.rules[SharedClaimedRule.id] = severity(SharedClaimedRule.id) }
      if shared != nil, answer.isStale { answer.rules[SharedStaleRule.id] = severity(SharedStaleRule.id) }
      if shared != nil, !answer.changers.isEmpty { answer.rules[SharedOverlapRule.id] = severity(SharedOverlapRule.id) }
      return answer
    }
  }

  private func severity(_ rule: RuleID) -> Severity? { RuleTable.severity(of: rule, in: plan.rules) }

  private func isStale(_ path: [UInt8]) throws -> Bool {
    guard let trunk, let head, case .found(let base) = try repository.mergeBase(head, trunk.tip), base != trunk.tip
    else { return false }
    let theirs = try snapshotEntry(path, in: trunk.tip)
    return try theirs != snapshotEntry(path, in: base) && theirs != snapshotEntry(path, in: head)
  }

  // MARK: Siblings

  private struct Sibling {
    let worktree: Worktree
    let stream: String
    let tip: ObjectID
    let base: ObjectID
  }

  private func siblings() throws -> [Sibling] {
    guard let trunk else { return [] }
    return try repository.layout.worktrees().compactMap { worktree in
      guard worktree.gitDirectory != repository.layout.gitDirectory, !worktree.isMissing,
        let branch = worktree.branch, branch != names?.branch, let tip = try repository.target(of: branch),
        case .found(let base) = try repository.mergeBase(tip, trunk.tip)
      else { return nil }
      return Sibling(
        worktree: worktree, stream: stream(on: branch)?.id ?? branch.shortBranchName, tip: tip, base: base)
    }
  }

  private func changer(_ sibling: Sibling, _ path: [UInt8]) throws -> PathAnswer.Changer? {
    let committed = try snapshotEntry(path, in: sibling.tip)
    let isCommitted =
      try sibling.tip != sibling.base && committed != snapshotEntry(path, in: sibling.base)
      && committed != trunk.flatMap { try snapshotEntry(path, in: $0.tip) }
    let isUncommitted = try isEdited(path, in: sibling.worktree, committed: committed)
    guard isCommitted || isUncommitted else { return nil }
    return PathAnswer.Changer(
      stream: sibling.stream, worktree: sibling.worktree.path, isCommitted: isCommitted, isUncommitted: isUncommitted)
  }

  /// Whether a worktree holds something else than its branch. A plain file is read and named; for all else git is asked.
  private func isEdited(_ path: [UInt8], in worktree: Worktree, committed: TreeEntry?) throws -> Bool {
    let file = worktree.path.appending(path)
    let status = try file.status()
    if status == nil, committed == nil { return false }
    if let status, status.isRegularFile, committed?.isFile ?? true,
      try repository.configuration()["core.autocrlf"].map({ $0 == "false" }) ?? true,
      !AttributeFiles(worktree.layout).mayConvert(path)
    {
      guard let committed else { return true }
      return try repository.blobID(of: file.contents()) != committed.id
    }
    let arguments: [Argument] = [
      "status", "--porcelain=v1", "-z", "--no-renames", "--", Argument(":(top,literal)".utf8 + path),
    ]
    return try !GitCommand(in: worktree.path).output(arguments).isEmpty
  }
}
