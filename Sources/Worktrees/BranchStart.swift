import Git
import Plan
import Platform
import Sync

/// Where the branch of a new worktree comes from.
public enum BranchStart: Hashable, Sendable {
  /// It is there.
  case existing(ObjectID)
  /// The remote has it; the tracking ref in full.
  case remote(String, ObjectID)
  /// It begins on another stream's tip.
  case stream(String, ObjectID)
  case trunk(ObjectID)

  public var commit: ObjectID {
    switch self {
    case .existing(let id), .remote(_, let id), .stream(_, let id), .trunk(let id): id
    }
  }
}

/// Finds out where streams begin.
struct BranchStarts {
  let repository: Repository
  let plan: Plan
  let trunk: Trunk
  let remote: String?

  /// `nil` where the stream that it is stacked on has no branch and is not among those that are made together with it.
  ///
  /// - Parameter made: ids of streams.
  func start(of stream: Plan.Stream, makingToo made: Set<String>) throws -> BranchStart? {
    if let tip = try repository.target(of: "refs/heads/\(stream.branch)") { return .existing(tip) }
    if let reference = remoteBranch(of: stream), let tip = try repository.target(of: reference) {
      return .remote(reference, tip)
    }
    guard let parent = parent(of: stream) else { return .trunk(trunk.tip) }
    guard let start = try start(of: parent, makingToo: made) else { return nil }
    if case .existing(let tip) = start { return try isOnTrunk(tip) ? .trunk(trunk.tip) : .stream(parent.id, tip) }
    guard made.contains(parent.id) else { return nil }
    return try isOnTrunk(start.commit) ? .trunk(trunk.tip) : .stream(parent.id, start.commit)
  }

  /// What the stream stands on now: what its own commits are counted from.
  func ground(of stream: Plan.Stream) throws -> ObjectID {
    guard let parent = parent(of: stream), let tip = try repository.target(of: "refs/heads/\(parent.branch)"),
      try !isOnTrunk(tip)
    else { return trunk.tip }
    return tip
  }

  private func remoteBranch(of stream: Plan.Stream) -> String? {
    remote.map { "refs/remotes/\($0)/\(stream.branch)" }
  }

  /// The same as for a sync: a stream that trunk has is nobody's ground any more.
  private func isOnTrunk(_ tip: ObjectID) throws -> Bool {
    if try repository.isAncestor(tip, of: trunk.tip) { return true }
    return try repository.mergesToNothing(tip, into: trunk.tip)
  }

  /// `nil` in a ring, which the plan's reader refuses.
  private func parent(of stream: Plan.Stream) -> Plan.Stream? {
    guard let id = stream.base, id != stream.id else { return nil }
    return plan.streams.first { $0.id == id }
  }
}
