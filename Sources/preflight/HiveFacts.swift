import Checks
import Git
import Hive
import Inspection
import Plan
import Platform
import Rules
import Sync

/// What is known of the planned streams, each fact found once: for `next` and `status` alike.
struct HiveFacts {
  let ledger: IssueLedger
  let rounds: MergeRounds
  private(set) var streams: [String: StreamFacts] = [:]
  /// What streams say of themselves, by their ids.
  private(set) var signals: [String: SpokenSignal] = [:]
  let claims: [Claim]
  /// Why what was said cannot be read; `nil` where it can.
  let silence: String?

  struct SpokenSignal {
    var signal: Signal
    /// Whether the branch has moved on since.
    var isStale: Bool
  }

  init(_ bench: Workbench) throws {
    ledger = try bench.situation.ledger()
    rounds = MergeRounds(bench.plan)
    let words = Self.words(bench)
    (claims, silence) = (words.claims, words.silence)
    // Branches that the plan does not name speak under their own names.
    for signal in words.signals where bench.plan.stream(signal.stream) == nil {
      let tip = try bench.repository.target(of: "refs/heads/\(signal.stream)")
      signals[signal.stream] = SpokenSignal(signal: signal, isStale: try bench.situation.isStale(signal, tip: tip))
    }
    for stream in bench.plan.streams {
      let tip = try bench.tip(of: stream)
      // A stream that was renamed in the plan is known by its branch.
      let signal =
        words.signals.first { $0.stream == stream.id } ?? words.signals.first { $0.origin.branch == stream.branch }
      if let signal {
        signals[stream.id] = SpokenSignal(signal: signal, isStale: try bench.situation.isStale(signal, tip: tip))
      }
      streams[stream.id] = try facts(of: stream, tip: tip, bench)
    }
  }

  /// Predicts with how many other streams each conflicts, and whether with trunk, from what is committed in worktrees.
  mutating func predictConflicts(_ bench: Workbench) throws {
    guard let trunk = bench.situation.trunk else { return }
    let map = try bench.prediction(onto: trunk, includesUncommitted: false).prediction.map()
    for cell in map.conflicts {
      for (side, other) in [(cell.one, cell.other), (cell.other, cell.one)] {
        guard let id = map.sides[side].stream?.id else { continue }
        if map.sides[other].isTrunk { streams[id]?.conflictsWithTrunk = true } else { streams[id]?.conflicts += 1 }
      }
    }
  }

  var next: (Plan) -> NextMerges {
    { plan in
      NextMerges(plan, rounds: rounds, done: ledger.done, merged: ledger.mergedStreams, facts: streams)
    }
  }

  private static func words(_ bench: Workbench) -> (signals: [Signal], claims: [Claim], silence: String?) {
    do {
      let state = try bench.hive.snapshot()
      return (try state.signals(), try state.claims(liveAt: bench.hive.now), nil)
    } catch {
      return ([], [], String(describing: error))
    }
  }

  private func facts(of stream: Plan.Stream, tip: ObjectID?, _ bench: Workbench) throws -> StreamFacts {
    var facts = StreamFacts()
    guard let tip, let trunk = bench.situation.trunk else { return facts }
    let own = try bench.repository.commitIDs(reachableFrom: [tip], excluding: trunk.tips)
    facts.hasCommits = !own.isEmpty
    for commit in own {
      let message = CommitMessage(try bench.repository.commit(commit))
      for issue in stream.issues where message.claims(issue: issue.id) { facts.carried.insert(issue.id) }
    }
    let conflict = try StandingConflicts(bench.layout).conflict(of: "refs/heads/\(stream.branch)")
    facts.conflictsWithTrunk = conflict?.tip == tip
    facts.checks = try bench.checks(of: stream, tip: tip, trunk: trunk)
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

extension Workbench {
  /// Where a stream's branch is: here, else as the remote has it.
  func tip(of stream: Plan.Stream) throws -> ObjectID? {
    if let tip = try repository.target(of: "refs/heads/\(stream.branch)") { return tip }
    guard let remote = situation.names?.remote else { return nil }
    return try repository.target(of: "refs/remotes/\(remote)/\(stream.branch)")
  }

  /// Whether all of the plan's checks have passed on the tree of a stream's tip, in whichever worktree.
  fileprivate func checks(of stream: Plan.Stream, tip: ObjectID, trunk: Trunk) throws -> StreamFacts.Checks {
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
    let passed = requests.allSatisfy { request in
      if case .skipped? = request.foregone { return true }
      return memory.pass(of: request) != nil
    }
    return passed && !requests.isEmpty ? .passed : .unknown
  }
}
