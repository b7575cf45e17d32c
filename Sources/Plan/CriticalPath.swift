/// The chain of issues that takes longest: nothing that is done beside it makes the whole end earlier.
public struct CriticalPath: Hashable, Sendable {
  /// First things first.
  public let issues: [String]
  /// Hours, from and to; `nil` where none of its streams has an estimate.
  public let estimate: ClosedRange<Double>?

  /// - Parameter done: issues that take no more time.
  ///
  /// A stream's estimate is spread evenly over its issues.
  public init(_ plan: Plan, done: Set<String> = []) {
    let graph = plan.mergeDependencies
    var times: [String: Cost] = [:]
    for stream in plan.streams {
      for issue in stream.issues where !done.contains(issue.id) {
        let share = Double(stream.issues.count)
        times[issue.id] = Cost(
          low: (stream.estimate?.lowerBound ?? 0) / share, high: (stream.estimate?.upperBound ?? 0) / share, count: 1,
          isEstimated: stream.estimate != nil)
      }
    }
    var best: [String: (cost: Cost, before: String?)] = [:]
    for id in graph.order ?? [] {
      guard let own = times[id] else { continue }
      let before = (graph.prerequisites[id] ?? []).filter { best[$0] != nil }.reduce(nil as String?) { one, other in
        guard let one else { return other }
        return best[one]!.cost < best[other]!.cost ? other : one  // both were found: see the filter
      }
      best[id] = (own + (before.flatMap { best[$0]?.cost } ?? Cost()), before)
    }
    var last: String?
    for id in graph.ids {
      guard let cost = best[id]?.cost else { continue }
      if last.flatMap({ best[$0]?.cost < cost }) ?? true { last = id }
    }
    let total = last.flatMap { best[$0]?.cost }
    estimate = total.flatMap { $0.isEstimated ? $0.low...$0.high : nil }
    var chain: [String] = []
    while let id = last {
      chain.append(id)
      last = best[id]?.before
    }
    issues = chain.reversed()
  }

  private struct Cost: Comparable {
    var low = 0.0
    var high = 0.0
    var count = 0
    var isEstimated = false

    static func + (left: Cost, right: Cost) -> Cost {
      Cost(
        low: left.low + right.low, high: left.high + right.high, count: left.count + right.count,
        isEstimated: left.isEstimated || right.isEstimated)
    }

    /// By the longer estimate, then the shorter one, then by how many issues it is.
    static func < (left: Cost, right: Cost) -> Bool {
      (left.high, left.low, left.count) < (right.high, right.low, right.count)
    }
  }
}

extension Optional where Wrapped: Comparable {
  fileprivate static func < (left: Wrapped?, right: Wrapped) -> Bool { left.map { $0 < right } ?? true }
}
