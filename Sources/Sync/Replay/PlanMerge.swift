import ContentMerging
import Git
import Plan
import Platform
import Policies
import StateFiles

/// What the plan makes of files that both sides of a merge in memory have changed: just what git would get from our merge
/// driver, and nothing where git would not call it.
public final class PlanMerge {
  /// What was merged by policy, and what became of it.
  public struct Merged: Hashable, Sendable {
    public var file: PolicyMerge
    public var entry: TreeEntry
  }

  private let repository: Repository
  /// Where what is merged is read and made.
  private let objects: Repository
  private let owners: PathOwners
  private let drivers: DriverAttributes
  private let trunk: Trunk?
  private var merged: [Merged] = []

  /// - Parameter objects: `nil`: the repository's own.
  public init(_ repository: Repository, objects: Repository? = nil, plan: Plan, trunk: Trunk?) {
    self.repository = repository
    self.objects = objects ?? repository
    self.trunk = trunk
    owners = PathOwners(plan)
    drivers = DriverAttributes(repository.layout, git: repository.git)
  }

  /// For `ContentMerge`: `nil` where git decides without us.
  public func verdict(_ file: FileVersions) throws(GitError) -> FileVerdict? {
    if [file.base ?? file.ours, file.ours, file.theirs].allSatisfy(\.isSubmodule) { return pointer(file) }
    guard let shared = owners.sharedFiles(for: file.path), shared.merge.hasDriver, let mode = file.mode,
      try drivers.isOurs(file.path)
    else { return nil }
    let base: [UInt8] = if let base = file.base { try objects.blob(base.id) } else { [] }
    let outcome = try SharedFileMerge(shared, git: repository.git).merge(
      base: base, ours: try objects.blob(file.ours.id), theirs: try objects.blob(file.theirs.id), path: file.path,
      trunk: { () throws(GitError) in try contentsOnTrunk(of: file.path) })
    guard let contents = outcome.content.merged else { return .conflict }
    let entry = TreeEntry(mode: mode, id: try objects.make(.blob, contents))
    if outcome.policy != .text {
      merged.append(Merged(file: PolicyMerge(path: file.path, policy: outcome.policy), entry: entry))
    }
    return .resolved(entry)
  }

  /// git merges two pointers where it has the submodule's history, and a scratch repository never has.
  private func pointer(_ file: FileVersions) -> FileVerdict? {
    guard let base = file.base, let history = SubmoduleHistory(of: file.path, in: repository.layout),
      let id = history.merge(base: base.id, ours: file.ours.id, theirs: file.theirs.id)
    else { return nil }
    let entry = TreeEntry(mode: file.ours.mode, id: id)
    merged.append(Merged(file: PolicyMerge(path: file.path, policy: .submodule), entry: entry))
    return .resolved(entry)
  }

  /// What was merged since this was asked last, each path once.
  public func takeMerged() -> [Merged] {
    defer { merged = [] }
    var seen: Set<[UInt8]> = []
    return merged.reversed().filter { seen.insert($0.file.path).inserted }.reversed()
  }

  private func contentsOnTrunk(of path: [UInt8]) throws(GitError) -> [UInt8]? {
    guard let trunk, let entry = try repository.entry(at: path, in: repository.commit(trunk.tip).tree), entry.isFile
    else { return nil }
    return try repository.blob(entry.id)
  }
}

extension RepositoryLayout {
  /// Notes what policies have merged into this worktree: for the report, and the lock files that are to be made anew.
  func note(_ merged: [PlanMerge.Merged]) throws(GitError) {
    try fileSystem { () throws(SystemError) in
      for merge in merged {
        try MergeLog(of: self).add(merge.file)
        guard merge.file.policy == .regenerate else { continue }
        try OutdatedLocks(self).add(.init(path: merge.file.path, taken: merge.entry.id))
      }
    }
  }
}
