import Git
import Plan
import Platform
import StateFiles

/// Gathers what a plan decides on, each fact once.
struct Survey {
  let repository: Repository
  let trunk: Trunk
  let names: TrunkNames
  let streams: [Plan.Stream]
  let bases: StreamBases
  let leases: PushLeases
  /// Whether a stream follows the one that it is stacked on.
  var follows: (_ parent: Plan.Stream) -> Bool = { _ in true }

  /// - Parameter inUse: the git directory of a worktree whose own hook runs us.
  func candidates(_ worktrees: [Worktree], inUse: FilePath?) throws(GitError) -> [Candidate] {
    var result: [Candidate] = []
    let rebased = worktrees.flatMap(\.branchesToUpdate)
    for worktree in worktrees {
      var candidate = Candidate(worktree)
      candidate.isInUse = worktree.gitDirectory == inUse
      guard let branch = worktree.branch else {
        result.append(candidate)
        continue
      }
      candidate.isRebasedElsewhere = rebased.contains { $0.isSameName(as: branch) }
      candidate.isTrunk = branch.isSameName(as: trunk.branch)
      candidate.rank = streams.firstIndex { "refs/heads/\($0.branch)".isSameName(as: branch) }
      candidate.stream = candidate.rank.map { streams[$0] }
      candidate.tip = try repository.target(of: branch)
      if candidate.tip == nil { candidate.deletion = try worktree.deletedBranch(in: repository) }
      candidate.hold = try worktree.isMissing ? nil : Hold(worktree).reason()
      if let tip = candidate.tip, !candidate.isTrunk { try addTarget(to: &candidate, branch: branch, tip: tip) }
      if !candidate.isTrunk { try addPublication(to: &candidate, branch: branch) }
      result.append(candidate)
    }
    return result
  }

  /// Where the stream belongs: on the one that it is stacked on as long as that has commits of its own, else on trunk.
  private func addTarget(to candidate: inout Candidate, branch: String, tip: ObjectID) throws(GitError) {
    var onto = trunk.tip
    if let stream = candidate.stream, let parent = try liveParent(of: stream) {
      candidate.follows = parent.name
      candidate.depth = depth(of: stream)
      onto = parent.target
    }
    candidate.onto = onto
    candidate.base = try bases.base(of: branch, tip: tip, onto: onto, in: repository)
  }

  private func addPublication(to candidate: inout Candidate, branch: String) throws(GitError) {
    guard let tip = candidate.tip, let published = try repository.publication(of: branch, trunk: names) else { return }
    candidate.published = published
    let expected = published.tracking.target
    if try leases.recorded(for: branch)?.publication == published { return }
    candidate.lacksPublished = try !repository.hasIncluded(expected, in: branch, at: tip)
  }

  private func liveParent(of stream: Plan.Stream) throws(GitError) -> Reference? {
    guard depth(of: stream) > 0, let parent = self.parent(of: stream), !parent.branch.isEmpty, follows(parent)
    else { return nil }
    let name = "refs/heads/\(parent.branch)"
    guard let tip = try repository.target(of: name), try !repository.isAncestor(tip, of: trunk.tip),
      try !repository.mergesToNothing(tip, into: trunk.tip)
    else { return nil }
    return Reference(name: name, target: tip)
  }

  private func parent(of stream: Plan.Stream) -> Plan.Stream? {
    stream.base.flatMap { id in streams.first { $0.id == id } }
  }

  /// How many streams a stream stands on; 0 in a ring, which stands on nothing.
  private func depth(of stream: Plan.Stream) -> Int {
    var (depth, current) = (0, stream)
    while let next = parent(of: current) {
      depth += 1
      if depth > streams.count { return 0 }
      current = next
    }
    return depth
  }
}
