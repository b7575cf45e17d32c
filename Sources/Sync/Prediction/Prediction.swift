import ContentMerging
import Git
import Plan
import Platform
import StateFiles

/// Finds out who would conflict with whom, without writing anything into the repository.
///
/// Each side's changes are read once. Two sides whose changes meet nowhere, or only in files whose merge can be told in this
/// process, cost no more than looking at two lists; git decides all others together, in one or two processes, and what it
/// said is kept.
public struct Prediction {
  public struct Options: Sendable {
    public var includesUncommitted = true

    public init() {}
  }

  let repository: Repository
  let plan: Plan
  let trunk: Trunk
  private let options: Options
  private let environment: Environment
  private let policy: ContentMerge.Policy

  /// - Parameters:
  ///   - repository: opened from any of the worktrees.
  ///   - policy: what the plan makes of files that git's merge driver is called for.
  public init(
    _ repository: Repository, plan: Plan, trunk: Trunk, options: Options = Options(),
    environment: Environment = .current, policy: @escaping ContentMerge.Policy = { _ in nil }
  ) {
    self.policy = policy
    self.repository = repository
    self.plan = plan
    self.trunk = trunk
    self.options = options
    self.environment = GitCommand.scrubbed(environment)
  }

  public func map() throws(GitError) -> ConflictMap {
    var survey = try survey()
    return try survey.map()
  }

  public struct Report: Sendable {
    public var map: ConflictMap
    /// For every file in conflict: cell by cell, in the order of the paths.
    public var packets: [ConflictPacket]
    public var planned: PlannedMerges?
  }

  /// - Parameter planned: whether the merges to come are predicted, too.
  public func report(planned: Bool) throws(GitError) -> Report {
    var survey = try survey()
    let map = try survey.map()
    var reader = PacketReader(survey)
    var packets: [ConflictPacket] = []
    for cell in map.conflicts { packets += try reader.packets(for: cell) }
    let merges = planned ? try plannedMerges(survey, map) : nil
    return Report(map: map, packets: packets, planned: merges)
  }

  func survey() throws(GitError) -> PairSurvey {
    let merges = try ContentMerge(repository, attributesOf: repository.commit(trunk.tip).tree, policy: policy)
    var sides = try worktreeSides()
    var work: [Int: UncommittedWork] = [:]
    let scratch = Scratch(repository)
    if options.includesUncommitted { work = try uncommitted(&sides, scratch) }
    return try PairSurvey(repository, trunk: trunk.tip, sides: sides, work: work, merges: merges, scratch: scratch)
  }

  /// Trunk, then every worktree whose directory is there and that has a commit.
  private func worktreeSides() throws(GitError) -> [ConflictMap.Side] {
    var found: [(rank: Int, side: ConflictMap.Side)] = []
    for worktree in try repository.layout.worktrees() where !worktree.isMissing {
      let branch = worktree.branch
      if let branch, branch.isSameName(as: trunk.branch) { continue }
      guard let tip = try tip(of: worktree) else { continue }
      let rank = branch.flatMap { branch in
        plan.streams.firstIndex { "refs/heads/\($0.branch)".isSameName(as: branch) }
      }
      found.append(
        (rank ?? .max, .init(branch: branch, stream: rank.map { plan.streams[$0] }, worktree: worktree, tip: tip)))
    }
    found.sort { one, other in
      if one.rank != other.rank { return one.rank < other.rank }
      let (left, right) = (one.side.worktree?.path.bytes ?? [], other.side.worktree?.path.bytes ?? [])
      return left.lexicographicallyPrecedes(right)
    }
    var sides = [ConflictMap.Side(branch: trunk.branch, tip: trunk.tip)] + found.map(\.side)
    for index in sides.indices {
      guard let base = sides[index].stream?.base, let parent = sides.firstIndex(where: { $0.stream?.id == base }),
        try !repository.isAncestor(sides[parent].tip, of: trunk.tip)
      else { continue }
      sides[index].parent = parent
    }
    return sides
  }

  private func tip(of worktree: Worktree) throws(GitError) -> ObjectID? {
    if let branch = worktree.branch { return try repository.target(of: branch) }
    if case .detached(let id)? = worktree.head { return id }
    return nil
  }

  /// Of each worktree in which git is not in the middle of something.
  private func uncommitted(
    _ sides: inout [ConflictMap.Side], _ scratch: Scratch
  ) throws(GitError) -> [Int: UncommittedWork] {
    let asked = sides.indices.filter { sides[$0].worktree.map { $0.operation == nil } ?? false }
    let requests = asked.compactMap { index in
      sides[index].worktree.map { UncommittedWork.request(for: $0, environment: environment) }
    }
    let answers = try fileSystem { () throws(SystemError) in try ChildProcess.run(requests, sideBySide: 2) }
    var found: [Int: UncommittedWork] = [:]
    for (index, answer) in zip(asked, answers) {
      // Where git cannot tell, the table says so: the others are predicted all the same.
      guard let worktree = sides[index].worktree, answer.succeeded else { continue }
      var filters = try ContentFilters(worktree, repository)
      let work = try UncommittedWork(answer, of: worktree, in: repository, filters: &filters, scratch: scratch)
      sides[index].uncommitted = work.replaced.count
      sides[index].passedOver = work.passedOver
      if !work.isEmpty { found[index] = work }
    }
    return found
  }
}
