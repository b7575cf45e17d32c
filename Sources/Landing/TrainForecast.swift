import Git
import Inspection
import Plan
import Platform
import Sync

/// The train as it would go: which streams, in which order, and how each would merge onto those before it.
public struct TrainForecast: Sendable {
  public enum Prediction: Hashable, Sendable {
    case clean
    /// The files, and against whose changes: streams, or trunk.
    case conflict([[UInt8]], with: [String])
    /// Nobody knows what it meets: an earlier one conflicts.
    case unknown
    case nothing
  }

  public struct Stop: Hashable, Sendable {
    public var stream: String
    public var issues: [String]
    /// What is known of the tree that its branch holds now.
    public var checks: StreamFacts.Checks
    public var prediction: Prediction
  }

  public private(set) var stops: [Stop] = []
  /// What still waits at the end of the train, and why.
  public let rest: NextMerges

  public var firstBreak: Stop? { stops.first { if case .conflict = $0.prediction { true } else { false } } }

  /// - Parameter streams: as they were named; empty: all that may merge, each time the heaviest.
  public init(_ situation: Situation, environment: Environment, streams: [String] = []) throws {
    let plan = situation.plan
    var facts = try HiveFacts(situation, environment: environment)
    try facts.predictConflicts(situation, environment: environment)
    let rehearsal: TrainRehearsal? =
      if let trunk = situation.trunk { try TrainRehearsal(situation.repository, plan: plan, trunk: trunk) } else { nil }
    if let rehearsal { facts.setConflicts(with: rehearsal.conflicting, among: rehearsal.moving) }
    let (order, rest) = Self.order(plan, facts, streams)
    self.rest = rest
    guard let trunk = situation.trunk, !order.isEmpty else { return }
    if let rehearsal, let predictions = try Self.predictions(of: order.map(\.stream), rehearsal) {
      stops = zip(order, predictions).map { candidate, prediction in
        Stop(
          stream: candidate.stream, issues: candidate.issues, checks: candidate.weight.checks, prediction: prediction)
      }
      return
    }
    let prediction = situation.prediction(onto: trunk, includesUncommitted: false, environment: environment).prediction
    let merges = try prediction.plannedMerges(inOrder: order.map(\.stream))
    for candidate in order {
      stops.append(
        Stop(
          stream: candidate.stream, issues: candidate.issues, checks: candidate.weight.checks,
          prediction: Self.prediction(of: candidate.stream, in: merges)))
    }
  }

  /// Lets one stream after another be merged, on paper.
  static func order(
    _ plan: Plan, _ facts: HiveFacts, _ streams: [String]
  ) -> ([NextMerges.Candidate], rest: NextMerges) {
    var (done, merged) = (facts.ledger.done, facts.ledger.mergedStreams)
    var order: [NextMerges.Candidate] = []
    var wanted = streams[...]
    while true {
      let next = NextMerges(plan, rounds: facts.rounds, done: done, merged: merged, facts: facts.streams)
      let whole = next.candidates.filter { $0.later.isEmpty }
      let choice = streams.isEmpty ? whole.first : wanted.popFirst().flatMap { id in whole.first { $0.stream == id } }
      guard let choice, let stream = plan.stream(choice.stream) else { return (order, next) }
      order.append(choice)
      merged.insert(choice.stream)
      done.formUnion(choice.issues.isEmpty ? stream.issues.filter { !$0.isExternal }.map(\.id) : choice.issues)
    }
  }

  /// As the train would replay them; `nil` where only git can tell.
  private static func predictions(of order: [String], _ rehearsal: TrainRehearsal) throws -> [Prediction]? {
    var predictions: [Prediction] = []
    for stream in order {
      switch try rehearsal.merge(stream) {
      case .clean: predictions.append(.clean)
      case .nothing: predictions.append(.nothing)
      case .conflict(let files, let rivals):
        predictions.append(.conflict(files, with: rivals.isEmpty ? ["trunk"] : rivals))
        return predictions + Array(repeating: .unknown, count: order.count - predictions.count)
      case nil: return nil
      }
    }
    return predictions
  }

  private static func prediction(of stream: String, in merges: PlannedMerges) -> Prediction {
    func name(_ side: Int) -> String {
      merges.sides[side].stream?.id ?? merges.sides[side].branch?.shortBranchName ?? "trunk"
    }
    guard let side = merges.sides.firstIndex(where: { $0.stream?.id == stream }) else { return .unknown }
    if merges.remaining.contains(side) { return .unknown }
    guard let step = merges.steps.first(where: { $0.side == side }) else { return .nothing }
    guard case .conflict(let files) = step.verdict else { return .clean }
    let rivals = merges.firstBreak.map { $0.step.side == side ? $0.rivals : [] } ?? []
    return .conflict(files.map(\.path), with: rivals.map(name))
  }
}
