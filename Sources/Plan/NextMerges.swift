/// What is known of a stream beside the plan.
public struct StreamFacts: Hashable, Sendable {
  public enum Checks: String, Hashable, Sendable {
    /// On the very tree that the branch holds.
    case passed
    case failed
    case unknown
  }

  /// Whether its branch has commits of its own; without any there is nothing to merge.
  public var hasCommits = false
  /// The issues that these commits name.
  public var carried: Set<String> = []
  /// Whether it does not go onto trunk as it is.
  public var conflictsWithTrunk = false
  /// With how many other streams it is predicted to conflict.
  public var conflicts = 0
  public var checks = Checks.unknown
  /// Why whoever works on it says that it is not to be merged; `nil`: nobody says so.
  public var held: String?
  /// The commit that its branch was on when it was deleted under its worktree; `nil`: it was not.
  public var deletedAt: String?

  public init() {}
}

/// Which streams may merge now, in which order, and what the others wait for.
public struct NextMerges: Hashable, Sendable {
  public struct Candidate: Hashable, Sendable {
    public var stream: String
    /// In the order of the plan.
    public var issues: [String]
    /// What its branch carries besides, and what that waits for: the branch must be merged in parts.
    public var later: [Wait]
    public var weight: Weight
  }

  /// Why something may not merge yet.
  public struct Wait: Hashable, Sendable {
    public var issue: String
    /// Issues that are not done.
    public var on: [String]
    /// Whether only the plan's rounds have it wait.
    public var isRoundOnly: Bool
  }

  public enum Reason: Hashable, Sendable {
    case notBegun
    /// Under its worktree, where it was last on that commit.
    case branchDeleted(String, last: String)
    case conflictsWithTrunk
    case held(String)
    /// The stream that it is stacked on is not merged.
    case stackedOn(String)
    case waits([Wait])
  }

  /// The heaviest first.
  public private(set) var candidates: [Candidate] = []
  /// The other unmerged streams, in the order of the plan.
  public var waiting: [Waiting] = []

  public struct Waiting: Hashable, Sendable {
    public var stream: String
    public var reason: Reason
  }

  /// - Parameters:
  ///   - done: issues whose work is on trunk, or was said to be done.
  ///   - facts: by the streams' ids.
  public init(
    _ plan: Plan, rounds: MergeRounds, done: Set<String>, merged: Set<String>, facts: [String: StreamFacts]
  ) {
    let graph = plan.mergeDependencies
    for stream in plan.streams where !merged.contains(stream.id) {
      let own = facts[stream.id] ?? StreamFacts()
      if let reason = Self.obstacle(stream, own, merged: merged) {
        waiting.append(Waiting(stream: stream.id, reason: reason))
        continue
      }
      // A branch whose commits name none of its issues is offered as a whole.
      let carried = (graph.order ?? []).filter { id in
        own.carried.contains(id) && !done.contains(id) && stream.issues.contains { $0.id == id }
      }
      var free: [String] = []
      var waits: [Wait] = []
      for issue in carried {
        let missing = (graph.prerequisites[issue] ?? []).filter { !done.contains($0) && !free.contains($0) }
        let earlier = rounds.waits(for: issue, done: done.union(free)).filter { !missing.contains($0) }
        if missing.isEmpty, earlier.isEmpty {
          free.append(issue)
        } else {
          waits.append(Wait(issue: issue, on: missing.isEmpty ? earlier : missing, isRoundOnly: missing.isEmpty))
        }
      }
      if free.isEmpty, !waits.isEmpty {
        waiting.append(Waiting(stream: stream.id, reason: .waits(waits)))
        continue
      }
      let weight = Weight(plan, stream, free: free, done: done, facts: own)
      candidates.append(
        Candidate(
          stream: stream.id, issues: stream.issues.map(\.id).filter(free.contains), later: waits, weight: weight))
    }
    candidates = candidates.enumerated().sorted {
      ($1.element.weight.total, $0.offset) < ($0.element.weight.total, $1.offset)
    }.map(\.element)
  }

  private static func obstacle(_ stream: Plan.Stream, _ facts: StreamFacts, merged: Set<String>) -> Reason? {
    if let last = facts.deletedAt { return .branchDeleted(stream.branch, last: last) }
    if !facts.hasCommits { return .notBegun }
    if let held = facts.held { return .held(held) }
    if let base = stream.base, !merged.contains(base) { return .stackedOn(base) }
    return facts.conflictsWithTrunk ? .conflictsWithTrunk : nil
  }
}

extension NextMerges {
  /// How much is to be said for merging a stream before others, and why.
  public struct Weight: Hashable, Sendable {
    /// 0 to 4 for the most urgent of its issues: P4 or none, P3 or Low, P2 or Medium, P1 or High, P0 or Urgent.
    public var priority: Int
    /// How many unfinished issues wait for these, directly or not.
    public var waiting: Int
    /// How many streams it is predicted to conflict with.
    public var conflicts: Int
    public var checks: StreamFacts.Checks

    public var total: Int {
      3 * priority + 2 * waiting - 2 * conflicts + (checks == .passed ? 1 : checks == .failed ? -4 : 0)
    }

    /// The sum in words, as it is printed below the table.
    public static let formula =
      "3 x priority + 2 x issues that wait for it - 2 x conflicts + 1 if its checks passed, - 4 if they failed"

    init(_ plan: Plan, _ stream: Plan.Stream, free: [String], done: Set<String>, facts: StreamFacts) {
      let chosen = free.isEmpty ? stream.issues.map(\.id).filter { !done.contains($0) } : free
      priority = chosen.compactMap { plan.issue($0).map { Self.urgency($0.priority) } }.max() ?? 0
      waiting = Self.dependents(of: chosen, in: plan.mergeDependencies).subtracting(chosen).subtracting(done).count
      conflicts = facts.conflicts
      checks = facts.checks
    }

    /// An issue without a priority is like most.
    static func urgency(_ priority: String?) -> Int {
      switch (priority ?? "medium").lowercased() {
      case "p0", "urgent", "critical", "blocker": 4
      case "p1", "high": 3
      case "p3", "low": 1
      case "p4", "none", "no priority": 0
      default: 2
      }
    }

    private static func dependents(of issues: [String], in graph: DependencyGraph) -> Set<String> {
      var result = Set(issues)
      for id in graph.order ?? [] where graph.prerequisites[id]?.contains(where: result.contains) == true {
        result.insert(id)
      }
      return result
    }
  }
}
