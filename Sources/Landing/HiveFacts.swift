import Checks
import Git
import Hive
import Inspection
import Plan
import Platform
import Rules
import StateFiles
import Sync

/// What is known of the planned streams, each fact found once: for `next`, `status` and `merge` alike.
public struct HiveFacts {
  public let ledger: IssueLedger
  public let rounds: MergeRounds
  public private(set) var streams: [String: StreamFacts] = [:]
  /// What streams say of themselves, by their ids.
  public private(set) var signals: [String: SpokenSignal] = [:]
  public let claims: [Claim]
  /// Why what was said cannot be read; `nil` where it can.
  public let silence: String?

  public struct SpokenSignal {
    public var signal: Signal
    /// Whether the branch has moved on since.
    public var isStale: Bool
  }

  public init(_ situation: Situation, environment: Environment = .current) throws {
    ledger = try situation.ledger()
    rounds = MergeRounds(situation.plan)
    let words = Self.words(situation, environment)
    (claims, silence) = (words.claims, words.silence)
    // Branches that the plan does not name speak under their own names.
    for signal in words.signals where situation.plan.stream(signal.stream) == nil {
      let tip = try situation.repository.target(of: "refs/heads/\(signal.stream)")
      signals[signal.stream] = SpokenSignal(signal: signal, isStale: try situation.isStale(signal, tip: tip))
    }
    for stream in situation.plan.streams {
      let tip = try situation.tip(of: stream)
      // A stream that was renamed in the plan is known by its branch.
      let signal =
        words.signals.first { $0.stream == stream.id } ?? words.signals.first { $0.origin.branch == stream.branch }
      if let signal {
        signals[stream.id] = SpokenSignal(signal: signal, isStale: try situation.isStale(signal, tip: tip))
      }
      streams[stream.id] = try facts(of: stream, tip: tip, situation, environment)
    }
  }

  /// Predicts with how many other streams each conflicts, and whether with trunk, from what is committed in worktrees.
  public mutating func predictConflicts(_ situation: Situation, environment: Environment = .current) throws {
    guard let trunk = situation.trunk else { return }
    let map = try situation.prediction(onto: trunk, includesUncommitted: false, environment: environment).prediction
      .map()
    for cell in map.conflicts {
      for (side, other) in [(cell.one, cell.other), (cell.other, cell.one)] {
        guard let id = map.sides[side].stream?.id else { continue }
        if map.sides[other].isTrunk { streams[id]?.conflictsWithTrunk = true } else { streams[id]?.conflicts += 1 }
      }
    }
  }

  /// Which of these streams do not go onto trunk, from whoever knows better.
  mutating func setConflicts(with conflicting: Set<String>, among known: Set<String>) {
    for id in known { streams[id]?.conflictsWithTrunk = conflicting.contains(id) }
  }

  public func next(_ plan: Plan) -> NextMerges {
    NextMerges(plan, rounds: rounds, done: ledger.done, merged: ledger.mergedStreams, facts: streams)
  }

  private static func words(_ situation: Situation, _ environment: Environment) -> (
    signals: [Signal], claims: [Claim], silence: String?
  ) {
    let hive = HiveStore(situation.repository, environment: environment)
    do {
      let state = try hive.snapshot()
      return (try state.signals(), try state.claims(liveAt: hive.now), nil)
    } catch {
      return ([], [], String(describing: error))
    }
  }

  private func facts(of stream: Plan.Stream, tip: ObjectID?, _ situation: Situation, _ environment: Environment) throws
    -> StreamFacts
  {
    var facts = StreamFacts()
    guard let tip else {
      facts.deletedAt = try situation.lastCommit(ofDeleted: "refs/heads/\(stream.branch)")?.description
      return facts
    }
    guard let trunk = situation.trunk else { return facts }
    let own = try situation.repository.commitIDs(reachableFrom: [tip], excluding: trunk.tips)
    facts.hasCommits = !own.isEmpty
    for commit in own {
      let message = CommitMessage(try situation.repository.commit(commit))
      for issue in stream.issues where message.claims(issue: issue.id) { facts.carried.insert(issue.id) }
    }
    let conflict = try StandingConflicts(situation.repository.layout).conflict(of: "refs/heads/\(stream.branch)")
    facts.conflictsWithTrunk = conflict?.tip == tip
    facts.checks = try situation.checks(of: stream, tip: tip, trunk: trunk, environment: environment)
    if let spoken = signals[stream.id], !spoken.isStale { facts.held = spoken.signal.reasonToWait }
    return facts
  }
}

extension Signal {
  /// Why a stream that says this of itself is not to be merged.
  fileprivate var reasonToWait: String? {
    switch state {
    case .working, .ready: nil
    case .abandoned: "abandoned"
    case .blocked: "blocked" + (issue.map { " on \($0)" } ?? "")
    }
  }
}

extension Situation {
  /// Where a stream's branch is: here, else as the remote has it.
  public func tip(of stream: Plan.Stream) throws -> ObjectID? {
    if let tip = try repository.target(of: "refs/heads/\(stream.branch)") { return tip }
    guard let remote = names?.remote else { return nil }
    return try repository.target(of: "refs/remotes/\(remote)/\(stream.branch)")
  }

  /// Where a branch was when it was deleted under its worktree; `nil` where none has it.
  fileprivate func lastCommit(ofDeleted branch: String) throws -> ObjectID? {
    guard let worktree = try repository.layout.worktrees().first(where: { $0.branch == branch }),
      case .branchDeleted(_, let last)? = try worktree.deletedBranch(in: repository)
    else { return nil }
    return last
  }

  /// Who would conflict with whom, as the plan's policies merge shared files.
  public func prediction(
    onto trunk: Trunk, includesUncommitted: Bool, environment: Environment
  ) -> (prediction: Prediction, policies: PlanMerge) {
    var options = Prediction.Options()
    options.includesUncommitted = includesUncommitted
    let policies = PlanMerge(repository, plan: plan, trunk: trunk)
    let prediction = Prediction(
      repository, plan: plan, trunk: trunk, options: options, environment: environment, policy: policies.verdict)
    return (prediction, policies)
  }

  /// What the plan's checks have said of the tree of a stream's tip: passed in whichever worktree, failed in its own.
  fileprivate func checks(
    of stream: Plan.Stream, tip: ObjectID, trunk: Trunk, environment: Environment
  ) throws -> StreamFacts.Checks {
    let layout = repository.layout
    guard !plan.checks.isEmpty, case .found(let base) = try repository.mergeBase(tip, trunk.tip),
      let trust = try? Trust.load(for: layout, environment: environment)
    else { return .unknown }
    let tree = try repository.commit(tip).tree
    let site = CheckSite(
      Placeholders(
        worktree: layout.workTree ?? layout.commonDirectory, stream: Array(stream.id.utf8),
        branch: Array(stream.branch.utf8), base: Array(base.description.utf8)),
      environment: GitCommand.unbound(environment), trust: trust, tree: tree,
      changedPaths: try repository.changes(from: repository.commit(base).tree, to: tree).map(\.path))
    let memory = ResultMemory(common: layout.commonDirectory)
    let requests = plan.checkRequests(on: .preflight, at: site)
    let open = requests.filter { request in
      if case .skipped? = request.foregone { return false }
      return memory.pass(of: request) == nil
    }
    if open.isEmpty { return requests.isEmpty ? .unknown : .passed }
    let worktree = try layout.worktrees().first { $0.branch == "refs/heads/\(stream.branch)" && !$0.isMissing }
    let last = worktree.map { LastResults($0.layout.worktreeStateDirectory).all() } ?? []
    let hasFailed = open.contains { request in
      last.contains { $0.check == request.name && !$0.hasPassed && $0.tree == tree }
    }
    return hasFailed ? .failed : .unknown
  }
}
