import Git
import Plan
import Platform

/// Where a hook or a command finds itself: which worktree, which branch, which stream, where trunk is.
public struct Situation {
  public let repository: Repository
  /// In full; during a rebase the branch that is being rebased; `nil` when HEAD is detached.
  public let branch: String?
  /// `nil` while the branch is unborn.
  public let head: ObjectID?
  public let names: TrunkNames?
  public let trunk: Trunk?
  /// `nil` where neither trunk nor this worktree has one.
  public let loadedPlan: LoadedPlan?
  let source: PlanSource

  public init(_ repository: Repository, source: PlanSource, base: ObjectID? = nil) throws {
    self.repository = repository
    self.source = source
    let head = try repository.head()
    branch = if case .branch(let name) = head { name } else { repository.layout.rebasedBranch }
    self.head = try repository.commit(of: head)
    let names = try repository.trunkNames()
    self.names = names
    if let base {
      // A base that was named stands for trunk: in CI there may be no branch of that name.
      trunk = Trunk(standingAt: base, for: names)
      loadedPlan = try source.load(trunk: trunk)
    } else {
      let known = try names.flatMap { try Self.trunkAndPlan($0, source, repository) }
      trunk = known?.trunk
      loadedPlan = try source.load(trunkPlan: known?.plan)
    }
  }

  private static func trunkAndPlan(
    _ names: TrunkNames, _ source: PlanSource, _ repository: Repository
  ) throws -> TrunkMemory.Entry? {
    let memory = TrunkMemory(repository.layout)
    let (local, remote) = try repository.trunkTargets(names)
    if local == nil, remote == nil { return nil }
    if let known = memory.entry(names, local: local, remote: remote) { return known }
    guard let trunk = try repository.trunk(names) else { return nil }
    let entry = TrunkMemory.Entry(trunk: trunk, plan: try source.blob(at: trunk.tip))
    // What a shallow clone says of two tips may change when it gets more of their history.
    if !repository.isShallow { memory.keep(entry, names: names) }
    return entry
  }

  /// The worktree that we stand in; `nil` in a bare repository.
  public var worktree: Worktree? { (try? repository.layout.worktree()).flatMap { $0 } }

  /// All of the plan; a hook that wants one thing asks `loadedPlan` for it.
  public var plan: Plan { loadedPlan?.plan ?? Plan() }

  /// Project, policies and the worktrees' directory; streams, shared files and checks are left out.
  public var policies: Plan { loadedPlan?.policies ?? Plan() }

  public var ruleSettings: RuleSettings { loadedPlan?.rules ?? RuleSettings() }

  public var checks: [Plan.Check] { loadedPlan?.checks ?? [] }

  /// The first entry of `[[shared]]` with a pattern that matches.
  func sharedFiles(for path: [UInt8]) -> Plan.SharedFiles? { loadedPlan?.sharedFiles(for: path) }

  /// Every stream with a pattern that matches, in the order of the plan.
  func streams(owning path: [UInt8]) -> [Plan.Stream] { loadedPlan?.streams(owning: path) ?? [] }

  /// The planned stream of a branch, given in full.
  public func stream(on branch: String?) -> Plan.Stream? {
    guard let branch, branch.hasPrefix("refs/heads/") else { return nil }
    return loadedPlan?.stream(onBranch: Array(branch.shortBranchName.utf8))
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
