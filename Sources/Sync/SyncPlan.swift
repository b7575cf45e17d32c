import Git
import Plan
import Platform
import StateFiles

/// What a sync will do, as data: shown by `--dry-run`, carried out by `SyncRun`, decided without touching anything.
public struct SyncPlan: Sendable {
  /// One worktree's move: its own commits, those after `base`, onto `onto`.
  public struct Move: Hashable, Sendable {
    public var worktree: Worktree
    /// In full.
    public var branch: String
    public var from: ObjectID
    public var onto: ObjectID
    public var base: ObjectID
    /// The branch of the stream that this one is stacked on; its tip is read again when its own move is done.
    public var follows: String?
    /// Where the remote has the branch.
    public var published: Publication?

    /// Whether the stream has commits of its own: without, its new tip is `onto` itself.
    var replaysCommits: Bool { base != from }
  }

  public enum Step: Hashable, Sendable {
    case move(Move)
    case leave(LeaveReason)
  }

  public struct Entry: Hashable, Sendable {
    public var worktree: Worktree
    public var branch: String?
    /// The id of the planned stream on that branch.
    public var stream: String?
    /// Where the branch belongs.
    public var onto: ObjectID?
    public var step: Step
  }

  /// Of those that were chosen, in the order of the plan, then by path.
  public let entries: [Entry]
  /// Indices into `entries`: those of one round wait for nobody but those of earlier rounds, which hold the stream that one
  /// is stacked on.
  let rounds: [[Int]]

  /// What `look` says of a worktree.
  typealias Look = (busy: LeaveReason.Busy?, obstruction: LeaveReason?)

  /// - Parameters:
  ///   - isChosen: whether the step will be carried out.
  ///   - look: what is going on in a worktree; only asked where nothing else decides.
  init(
    _ candidates: [Candidate], policy: Plan.SyncPolicy, isChosen: (Candidate) -> Bool = { _ in true },
    look: (Worktree) throws(GitError) -> Look
  ) throws(GitError) {
    let sorted = candidates.sorted(by: Candidate.precedes)
    var steps: [Step?] = sorted.map { _ in nil }
    var moving: [String] = []
    for index in sorted.indices.sorted(by: { (sorted[$0].depth, $0) < (sorted[$1].depth, $1) }) {
      let candidate = sorted[index]
      guard isChosen(candidate) else { continue }
      let parentMoves = candidate.follows.map { parent in moving.contains { $0.isSameName(as: parent) } } ?? false
      let step = try Self.step(
        for: candidate, twin: Self.twin(of: candidate, in: sorted), parentMoves: parentMoves, policy: policy, look: look
      )
      if case .move(let move) = step { moving.append(move.branch) }
      steps[index] = step
    }
    let chosen = zip(sorted, steps).compactMap { candidate, step in step.map { (candidate: candidate, step: $0) } }
    entries = chosen.map { candidate, step in
      Entry(
        worktree: candidate.worktree, branch: candidate.worktree.branch, stream: candidate.stream?.id,
        onto: candidate.onto, step: step)
    }
    let depths = chosen.map(\.candidate.depth)
    rounds = Set(depths).sorted().map { depth in depths.indices.filter { depths[$0] == depth } }
  }

  private static func step(
    for candidate: Candidate, twin: Worktree?, parentMoves: Bool, policy: Plan.SyncPolicy,
    look: (Worktree) throws(GitError) -> Look
  ) throws(GitError) -> Step {
    let worktree = candidate.worktree
    if candidate.isTrunk { return .leave(.trunk) }
    if let absence = worktree.absence {
      return .leave(absence == .gone ? worktree.lockReason.map { .locked($0) } ?? .missing : .misplaced(absence))
    }
    guard let branch = worktree.branch else {
      return .leave(worktree.operation.map { .operation($0) } ?? .detached)
    }
    guard let tip = candidate.tip else { return .leave(candidate.deletion ?? .unborn) }
    if let twin { return .leave(.checkedOutTwice(other: twin.path)) }
    // git checks out no such branch unless it is forced to, and would find it moved when that rebase ends.
    if candidate.isRebasedElsewhere { return .leave(.operation(.rebase)) }
    if policy.streams == .planned, candidate.stream == nil { return .leave(.notPlanned) }
    guard let onto = candidate.onto, let foundBase = candidate.base else { return .leave(.unrelated) }
    let base: ObjectID
    switch foundBase {
    case .found(let id): base = id
    case .unrelated: return .leave(.unrelated)
    case .cutOff: return .leave(.cutOff)
    }
    // A merge that is being concluded shows its MERGE_HEAD to post-merge: being up to date comes first.
    if base == onto, !parentMoves { return .leave(.upToDate) }
    if let reason = worktree.lockReason { return .leave(.locked(reason)) }
    if let operation = worktree.operation { return .leave(.operation(operation)) }
    if let reason = candidate.hold { return .leave(.held(reason)) }
    if let published = candidate.published {
      if policy.published == .hold { return .leave(.published(published)) }
      if candidate.lacksPublished { return .leave(.behindRemote(published)) }
    }
    if candidate.isInUse { return .leave(.inUse) }
    let (busy, obstruction) = try look(worktree)
    if let busy { return .leave(.busy(busy)) }
    if let obstruction { return .leave(obstruction) }
    return .move(
      Move(
        worktree: worktree, branch: branch, from: tip, onto: onto, base: base, follows: candidate.follows,
        published: candidate.published))
  }

  private static func twin(of candidate: Candidate, in all: [Candidate]) -> Worktree? {
    guard let branch = candidate.worktree.branch else { return nil }
    return all.lazy.map(\.worktree).first {
      $0.gitDirectory != candidate.worktree.gitDirectory && ($0.branch?.isSameName(as: branch) ?? false)
    }
  }
}

/// What is known of a worktree before anybody looks into it.
struct Candidate {
  var worktree: Worktree
  /// The planned stream on its branch, and its place in the plan.
  var stream: Plan.Stream?
  var rank: Int?
  var isTrunk = false
  /// Whether its own hook is what runs us, in the middle of something.
  var isInUse = false
  var tip: ObjectID?
  /// That its branch was deleted under it.
  var deletion: LeaveReason?
  /// Where it belongs now: trunk's tip, or that of the stream that it is stacked on.
  var onto: ObjectID?
  var base: MergeBase?
  /// The branch that it is stacked on.
  var follows: String?
  /// How many streams it stands on.
  var depth = 0
  var hold: String?
  var published: Publication?
  /// Whether the remote has commits of the branch that were never here: moving it would part the two for good.
  var lacksPublished = false
  /// Whether a rebase in another worktree is going to move the branch.
  var isRebasedElsewhere = false

  init(_ worktree: Worktree) { self.worktree = worktree }

  static func precedes(_ one: Candidate, _ other: Candidate) -> Bool {
    let (left, right) = (one.rank ?? .max, other.rank ?? .max)
    if left != right { return left < right }
    return one.worktree.path.bytes.lexicographicallyPrecedes(other.worktree.path.bytes)
  }
}
