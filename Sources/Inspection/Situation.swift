import Git
import Plan
import Platform

/// Where a hook or a command finds itself: which worktree, which branch, which stream, where trunk is.
public struct Situation {
  public let repository: Repository
  public let worktree: Worktree?
  /// In full; during a rebase the branch that is being rebased; `nil` when HEAD is detached.
  public let branch: String?
  /// `nil` while the branch is unborn.
  public let head: ObjectID?
  public let names: TrunkNames?
  public let trunk: Trunk?
  /// `nil` where neither trunk nor this worktree has one.
  public let loadedPlan: LoadedPlan?
  public let plan: Plan
  let owners: PathOwners
  let source: PlanSource

  public init(_ repository: Repository, source: PlanSource, base: ObjectID? = nil) throws {
    self.repository = repository
    self.source = source
    worktree = try repository.layout.worktree()
    branch = worktree?.branch
    head = try repository.headCommit()
    names = try repository.trunkNames()
    if let base {
      // A base that was named stands for trunk: in CI there may be no branch of that name.
      trunk = Trunk(standingAt: base, for: names)
    } else {
      trunk = if let names { try repository.trunk(names) } else { nil }
    }
    loadedPlan = try source.load(trunk: trunk)
    plan = loadedPlan?.plan ?? Plan()
    owners = PathOwners(plan)
  }

  /// The planned stream of a branch, given in full.
  public func stream(on branch: String?) -> Plan.Stream? {
    guard let branch, branch.hasPrefix("refs/heads/") else { return nil }
    return plan.stream(onBranch: Array(branch.shortBranchName.utf8))
  }

  /// The stream of this worktree's branch.
  public var stream: Plan.Stream? { stream(on: branch) }

  public var isOnTrunk: Bool { branch != nil && branch == names?.branch }

  /// Trunk's short name, for people.
  public var trunkName: String { names?.branch.shortBranchName ?? "trunk" }

  /// What to call trunk in a command that merges it: the remote-tracking ref where that is ahead of the local branch.
  public var trunkForCommands: String {
    guard let trunk, let remote = trunk.remoteBranch, trunk.tip != trunk.local else { return trunkName }
    return String(remote.dropFirst("refs/remotes/".count))
  }

  /// What commits that are still to come stand on: those for trunk itself on what its remote has, others on trunk.
  public func upstreamForCommands(isForTrunk: Bool) -> String {
    guard isForTrunk, let trunk, trunk.remote != nil, let remote = trunk.remoteBranch else { return trunkForCommands }
    return String(remote.dropFirst("refs/remotes/".count))
  }
}
