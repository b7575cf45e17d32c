/// In which rounds the issues of a plan may merge: what a round merges comes after what the rounds before it have merged.
public struct MergeRounds: Hashable, Sendable {
  /// Ids of issues, in the order of the plan.
  public private(set) var rounds: [[String]] = []
  /// The fewest rounds that the dependencies allow, whatever the plan has written.
  public let fewest: Int
  /// A longest chain of issues, each after the one before: why there are no fewer rounds.
  public let longestChain: [String]
  /// Whether the plan has written its rounds, and they are followed.
  public let isWritten: Bool
  /// What the plan has put into a later round than it would have to wait for.
  public private(set) var early: [Early] = []

  public struct Early: Hashable, Sendable {
    public var issue: String
    /// From 1.
    public var written: Int
    public var possible: Int
  }

  public init(_ plan: Plan) {
    let graph = plan.mergeDependencies
    let order = graph.order ?? graph.ids  // a plan with a ring cannot be read
    var levels: [String: Int] = [:]
    for id in order { levels[id] = 1 + ((graph.prerequisites[id] ?? []).compactMap { levels[$0] }.max() ?? 0) }
    let most = levels.values.max() ?? 0
    let last = graph.ids.first { levels[$0] == most }
    fewest = most
    longestChain = Self.chain(to: last, levels, graph)
    isWritten = !plan.rounds.isEmpty

    let written = Self.writtenRounds(plan)
    var numbers: [String: Int] = [:]
    for id in order {
      // What is not written comes as early as what it comes after allows.
      let earliest = ((graph.prerequisites[id] ?? []).compactMap { numbers[$0] }.max() ?? 0) + 1
      numbers[id] = written[id] ?? earliest
    }
    let count = max(plan.rounds.count, numbers.values.max() ?? 0)
    rounds = (0..<count).map { index in graph.ids.filter { numbers[$0] == index + 1 } }
    for id in graph.ids {
      if let own = numbers[id], let level = levels[id], level < own {
        early.append(Early(issue: id, written: own, possible: level))
      }
    }
  }

  /// From 1; `nil` for an issue that the plan does not have.
  public func round(of issue: String) -> Int? {
    rounds.firstIndex { $0.contains(issue) }.map { $0 + 1 }
  }

  /// The first round with something left to do, from 1; `nil` when all is done.
  public func current(done: Set<String>) -> Int? {
    rounds.firstIndex { !$0.allSatisfy(done.contains) }.map { $0 + 1 }
  }

  /// What the rounds before an issue's own have left to do: with written rounds it waits for all of it.
  public func waits(for issue: String, done: Set<String>) -> [String] {
    guard isWritten, let own = round(of: issue) else { return [] }
    return rounds[..<(own - 1)].joined().filter { !done.contains($0) }
  }

  private static func chain(to last: String?, _ levels: [String: Int], _ graph: DependencyGraph) -> [String] {
    var chain: [String] = []
    var current = last
    while let id = current {
      chain.append(id)
      current = graph.prerequisites[id]?.first { levels[$0] == levels[id]! - 1 }
    }
    return chain.reversed()
  }

  /// An issue's own entry counts before that of its stream.
  private static func writtenRounds(_ plan: Plan) -> [String: Int] {
    var result: [String: Int] = [:]
    for (index, names) in plan.rounds.enumerated() {
      for name in names {
        for issue in plan.stream(name)?.issues ?? [] where result[issue.id] == nil { result[issue.id] = index + 1 }
      }
    }
    for (index, names) in plan.rounds.enumerated() {
      for name in names where plan.issue(name) != nil { result[name] = index + 1 }
    }
    return result
  }
}

extension Plan {
  /// The issues by their `after`; those of a stacked stream also come after the ones that it stands on.
  public var mergeDependencies: DependencyGraph {
    DependencyGraph(
      streams.flatMap { stream in
        let below = stream.base.flatMap { self.stream($0) }?.issues.map(\.id) ?? []
        return stream.issues.map { ($0.id, $0.after + below) }
      })
  }
}
