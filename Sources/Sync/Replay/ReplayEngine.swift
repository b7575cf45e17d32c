import Git
import Plan
import Platform

/// Replays a stream in memory and brings its worktree to the outcome in place, dirty or not; a conflict touches nothing. What
/// only git can do, git does: then the worktree must be clean.
final class ReplayEngine: Engine {
  private let layout: RepositoryLayout
  private let environment: Environment
  private let rebase: GitRebaseEngine
  private let undo: UndoRefs
  private let plan: Plan
  private let names: TrunkNames?
  private var opened: (replay: Replay, policies: PlanMerge)?

  /// - Parameters:
  ///   - plan: whose policies merge the shared files that both sides have changed.
  ///   - names: of trunk, whose versions some policies look at.
  ///   - undo: of the sync that this is part of.
  init(_ layout: RepositoryLayout, environment: Environment, plan: Plan, names: TrunkNames?, undo: UndoRefs) {
    self.layout = layout
    self.environment = GitCommand.scrubbed(environment)
    self.plan = plan
    self.names = names
    rebase = GitRebaseEngine(layout, environment: environment, undo: undo)
    self.undo = undo
  }

  /// Moves worktrees to tips that have been made, with what is not committed there.
  var mover: WorktreeMove {
    WorktreeMove(layout: layout, environment: environment, journal: MoveJournal(layout), undo: undo) {
      [self] () throws(GitError) in try sharing()
    }
  }

  private func sharing() throws(GitError) -> UncommittedMerge {
    let (replay, policies) = try open()
    return UncommittedMerge(
      repository: replay.repository, policy: policies.verdict, owners: PathOwners(plan))
  }

  func stopping(_ look: WorktreeLook, _ worktree: Worktree) throws(GitError) -> [ConcernedPath] {
    if look.concerned.isEmpty { return [] }
    let sharing = try sharing()
    defer { forgetWhatWasMade() }
    let place = try Repository(at: worktree, environment: environment)
    return try sharing.merges(look.concerned, look, in: worktree, as: place) == nil ? look.concerned : []
  }

  private func forgetWhatWasMade() {
    opened?.replay.repository.forgetMadeObjects()
    _ = opened?.policies.takeMerged()
  }

  func move(_ move: SyncPlan.Move, isAlone: Bool) throws(GitError) -> MoveOutcome {
    defer { forgetWhatWasMade() }
    guard move.replaysCommits else { return try self.move(move, to: move.onto, rewritten: [], dropped: []) }
    let (replay, _) = try open()
    switch try replay.outcome(of: Replay.Stream(base: move.base, tip: move.from, onto: move.onto)) {
    case .replayed(let replayed):
      try replay.repository.writeMadeObjects()
      let rewritten = replayed.rewritten.map { Rewrite(old: $0.old, new: $0.new) }
      return try self.move(move, to: replayed.tip, rewritten: rewritten, dropped: replayed.dropped)
    case .conflict(let stop): return .conflict(Conflict(stop, of: move))
    case .needsGit(_, let base, let dropped):
      guard isAlone else { return .onlyAlone }
      var rest = move
      rest.base = base
      return try rebaseByGit(rest, dropped: dropped)
    }
  }

  /// Moves a worktree to a tip that has been made.
  private func move(
    _ move: SyncPlan.Move, to tip: ObjectID, rewritten: [Rewrite], dropped: [DroppedCommit]
  ) throws(GitError) -> MoveOutcome {
    let request = WorktreeMove.Request(
      worktree: move.worktree, branch: move.branch, old: move.from, new: tip, base: move.base, rewritten: rewritten)
    switch try mover.carryOut(request) {
    case .moved:
      if let opened { try move.worktree.layout.note(opened.policies.takeMerged()) }
      return .replayed(to: tip, dropped: dropped)
    case .stopped(let paths): return .stopped(paths)
    case .changedMeanwhile: return .changedMeanwhile
    case .locked: return .locked
    case .refused(let words): return .refused(words)
    }
  }

  func recover(patience: Double, inUse: FilePath?) throws(GitError) -> [Recovery] {
    let recovery = MoveRecovery(layout: layout, environment: environment, journal: MoveJournal(layout))
    return try recovery.recover(patience: patience, inUse: inUse) + rebase.recover(patience: patience, inUse: inUse)
  }

  func predictedChanges(_ stream: Replay.Stream) throws(GitError) -> [TreeChange]? {
    let (replay, _) = try open()
    let repository = replay.repository
    defer { forgetWhatWasMade() }
    guard case .replayed(let replayed) = try replay.outcome(of: stream) else { return nil }
    return try repository.changes(from: repository.commit(stream.tip).tree, to: repository.commit(replayed.tip).tree)
  }

  func predictedConflict(_ move: SyncPlan.Move) throws(GitError) -> Conflict? {
    guard move.replaysCommits else { return nil }
    let (replay, _) = try open()
    defer { forgetWhatWasMade() }
    let outcome = try replay.outcome(of: Replay.Stream(base: move.base, tip: move.from, onto: move.onto))
    guard case .conflict(let stop) = outcome else { return nil }
    return Conflict(stop, of: move)
  }

  /// Opened at the first move: one that was opened before a fetch might not know what came with it.
  private func open() throws(GitError) -> (replay: Replay, policies: PlanMerge) {
    if let opened { return opened }
    let repository = try Repository(layout, environment: environment)
    let policies = PlanMerge(
      repository, plan: plan, trunk: try names.flatMap { names throws(GitError) in try repository.trunk(names) })
    let result = (replay: Replay(repository, policy: policies.verdict), policies: policies)
    opened = result
    return result
  }
}

// MARK: - By git

extension ReplayEngine {
  private func rebaseByGit(_ move: SyncPlan.Move, dropped: [DroppedCommit]) throws(GitError) -> MoveOutcome {
    if let reason = try hindrance(move) { return .left(reason) }
    switch try rebase.move(move, isAlone: true) {
    case .moved(let tip): return .replayed(to: tip, dropped: dropped + (try leftOut(move, tip)))
    case .conflict(let conflict):
      let repository = try repository(of: move)
      guard try repository.mergesToNothing(move.from, into: move.onto) else { return .conflict(conflict) }
      let own = try repository.commitIDs(since: move.base, upTo: move.from).reversed()
      let merged = try own.map { id throws(GitError) in try droppedCommit(id, .merged, move) }
      return try self.move(move, to: move.onto, rewritten: [], dropped: dropped + merged)
    case let outcome: return outcome
    }
  }

  private func repository(of move: SyncPlan.Move) throws(GitError) -> Repository {
    try Repository(at: move.worktree, environment: environment)
  }

  /// What git would refuse to rebase over, or would overwrite without a word.
  private func hindrance(_ move: SyncPlan.Move) throws(GitError) -> LeaveReason? {
    let worktree = move.worktree
    if let reason = try DirtyPaths(of: worktree, environment: environment).reason { return reason }
    let repository = try repository(of: move)
    let own = try repository.commitIDs(since: move.base, upTo: move.from)
    let git = GitCommand(in: worktree.path, environment: environment)
    return try Obstruction(repository: repository, git: git, worktree: worktree)
      .reason(tip: move.from, onto: move.onto, own: own)
  }

  /// The stream's commits that are not among the rebased ones: git keeps their authors, times and messages.
  private func leftOut(_ move: SyncPlan.Move, _ tip: ObjectID) throws(GitError) -> [DroppedCommit] {
    let repository = try repository(of: move)
    var kept: [[UInt8]] = []
    for id in try repository.commitIDs(since: move.onto, upTo: tip) {
      let commit = try repository.commit(id)
      kept.append(commit.author + commit.message)
    }
    var dropped: [DroppedCommit] = []
    for id in try repository.commitIDs(since: move.base, upTo: move.from).reversed() {
      let commit = try repository.commit(id)
      if let place = kept.firstIndex(of: commit.author + commit.message) {
        kept.remove(at: place)
      } else if !commit.isMerge {
        dropped.append(try droppedCommit(id, .leftOutByGit, move))
      }
    }
    return dropped
  }

  private func droppedCommit(
    _ id: ObjectID, _ reason: DroppedCommit.Reason, _ move: SyncPlan.Move
  ) throws(GitError) -> DroppedCommit {
    DroppedCommit(commit: id, subject: try repository(of: move).commit(id).subject, reason: reason)
  }
}

extension Repository {
  /// Whether merging `tip` into `commit` would change nothing: its commits are there, squashed into one, say. Needs git 2.38;
  /// an older one finds no such merge.
  public func mergesToNothing(_ tip: ObjectID, into commit: ObjectID) throws(GitError) -> Bool {
    let result = try git.run(["merge-tree", "--write-tree", "\(commit)", "\(tip)"])
    guard result.succeeded, let tree = ObjectID(hex: result.output.prefix { $0 != UInt8(ascii: "\n") }) else {
      return false
    }
    return try tree == self.commit(commit).tree
  }
}

extension Conflict {
  fileprivate init(_ stop: Replay.Stop, of move: SyncPlan.Move) {
    self.init(
      branch: move.branch, tip: move.from, onto: move.onto, base: stop.dropped.squashEnd ?? move.base,
      commit: stop.commit, subject: stop.subject, files: stop.files)
  }
}

extension [DroppedCommit] {
  /// The last commit of the stream's squashed beginning.
  fileprivate var squashEnd: ObjectID? {
    last { if case .squashed = $0.reason { true } else { false } }?.commit
  }
}
