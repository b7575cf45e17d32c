import Git
import Plan

/// What happens when all sides merge into trunk one after another, each on top of what merged before it.
public struct PlannedMerges: Sendable {
  public struct Step: Sendable {
    /// The place in `sides`.
    public var side: Int
    public var verdict: ConflictMap.Verdict
  }

  public struct Break: Sendable {
    public var step: Step
    /// Against whose changes: places in `sides`, 0 for trunk, in the order of merging.
    public var rivals: [Int]
  }

  public let sides: [ConflictMap.Side]
  /// In the order of merging, up to the first that breaks; sides that have nothing to merge are left out.
  public let steps: [Step]
  public let firstBreak: Break?
  /// Those that come after it.
  public let remaining: [Int]
}

extension Prediction {
  func plannedMerges(_ survey: PairSurvey, _ map: ConflictMap) throws(GitError) -> PlannedMerges {
    var sequence = try MergeSequence(survey, map, trunk: trunk.tip)
    return try sequence.run(mergeOrder(of: survey.sides))
  }

  /// The same for some streams of the plan in an order of one's own, given by their ids.
  public func plannedMerges(inOrder ids: [String]) throws(GitError) -> PlannedMerges {
    var survey = try survey()
    let map = try survey.map()
    let order = ids.compactMap { id in survey.sides.firstIndex { $0.stream?.id == id } }
    var sequence = try MergeSequence(survey, map, trunk: trunk.tip)
    return try sequence.run(order)
  }

  /// Prerequisites first, by the plan's rounds where it names some; what it does not name comes last, by path.
  private func mergeOrder(of sides: [ConflictMap.Side]) -> [Int] {
    let graph = DependencyGraph(
      plan.streams.map { stream in
        (stream.id, (stream.base.map { [$0] } ?? []) + plan.waits(of: stream).map(\.stream))
      })
    let ids = graph.order ?? plan.streams.map(\.id)
    func rank(_ side: Int) -> (Int, Int) {
      guard let stream = sides[side].stream, let place = ids.firstIndex(of: stream.id) else { return (.max, side) }
      // A stream merges when the last of its issues is done.
      let names = Set([stream.id] + stream.issues.map(\.id))
      let round = plan.rounds.lastIndex { !names.isDisjoint(with: $0) }
      return (round ?? plan.rounds.count, place)
    }
    return sides.indices.dropFirst().sorted { rank($0) < rank($1) }
  }
}

/// Merges in the scratch repository, each on top of the one before.
private struct MergeSequence {
  private var survey: PairSurvey
  private let map: ConflictMap
  private let scratch: ScratchRepository
  private var onTrunk: ObjectID

  init(_ survey: PairSurvey, _ map: ConflictMap, trunk: ObjectID) throws(GitError) {
    self.survey = survey
    self.map = map
    onTrunk = trunk
    scratch = try survey.scratch.repository()
  }

  mutating func run(_ order: [Int]) throws(GitError) -> PlannedMerges {
    try placeAttributes(order)
    var steps: [PlannedMerges.Step] = []
    for (place, side) in order.enumerated() {
      guard let base = try survey.commonBase(of: 0, and: side) else {
        steps.append(.init(side: side, verdict: .unknown))
        continue
      }
      if try survey.changes(of: side, since: base).changes.isEmpty { continue }
      let paths = try merge(side)
      steps.append(
        .init(side: side, verdict: paths.map { .conflict($0.map { .init(path: $0, regions: []) }) } ?? .clean))
      guard let paths else { continue }
      let rivals = try rivals(of: side, over: paths, among: [0] + steps.dropLast().map(\.side))
      return PlannedMerges(
        sides: survey.sides, steps: steps, firstBreak: .init(step: steps[steps.count - 1], rivals: rivals),
        remaining: Array(order[(place + 1)...]))
    }
    return PlannedMerges(sides: survey.sides, steps: steps, firstBreak: nil, remaining: [])
  }

  private mutating func placeAttributes(_ order: [Int]) throws(GitError) {
    var paths: Set<[UInt8]> = []
    for side in order {
      guard let base = try survey.commonBase(of: 0, and: side) else { continue }
      for end in [0, side] { paths.formUnion(try survey.changes(of: end, since: base).changes.map(\.path)) }
    }
    try scratch.placeAttributes(survey.merges.attributes.files(above: paths))
  }

  /// The paths in conflict; where there are none, trunk has the side from here on.
  private mutating func merge(_ side: Int) throws(GitError) -> [[UInt8]]? {
    var tip = survey.sides[side].tip
    if let snapshot = try survey.snapshot(of: side) { tip = try scratch.commit([snapshot])[0] }
    let merge = try scratch.merges([(onTrunk, tip)])[0]
    if !merge.isClean { return merge.conflicts }
    onTrunk = try scratch.commit([.init(parents: [onTrunk, tip], tree: merge.tree)])[0]
    return nil
  }

  /// Those that conflict with a side in these files by themselves; where none does, those that changed them.
  private mutating func rivals(of side: Int, over paths: [[UInt8]], among merged: [Int]) throws(GitError) -> [Int] {
    let alone = merged.filter { other in
      guard case .conflict(let files)? = map[other, side] else { return false }
      return files.contains { paths.contains($0.path) }
    }
    if !alone.isEmpty { return alone }
    var together: [Int] = []
    for other in merged {
      guard let base = try survey.commonBase(of: other, and: side) else { continue }
      let set = try survey.changes(of: other, since: base)
      if paths.contains(where: { set[$0] != nil }) { together.append(other) }
    }
    return together
  }
}
