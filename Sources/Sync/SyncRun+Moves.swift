import Git
import Platform
import StateFiles

extension SyncRun {
  /// Decides what is to be done, having looked into the worktrees side by side.
  func makePlan(_ candidates: [Candidate], in repository: Repository) throws(GitError) -> SyncPlan {
    // A first plan, as if nobody were at work anywhere, asks for every worktree that the real one asks for.
    var asked: [Worktree] = []
    _ = try SyncPlan(candidates, policy: plan.sync, isChosen: isChosen) { worktree in
      asked.append(worktree)
      return (nil, nil)
    }
    let busy = try lookSideBySide(asked, in: repository)
    return try SyncPlan(candidates, policy: plan.sync, isChosen: isChosen) { worktree throws(GitError) in
      if let busy = busy[worktree] { return (busy, nil) }
      return (nil, try predictedStop(worktree, among: candidates))
    }
  }

  private func isChosen(_ candidate: Candidate) -> Bool {
    if options.onlyCurrent { return candidate.worktree.gitDirectory == layout.gitDirectory }
    return isChosen(stream: candidate.stream?.id, branch: candidate.worktree.branch?.shortBranchName)
  }

  private func lookSideBySide(
    _ worktrees: [Worktree], in repository: Repository
  ) throws(GitError) -> [Worktree: LeaveReason.Busy] {
    if worktrees.isEmpty { return [:] }
    let look = BusyLook(
      quiet: plan.sync.quiet, processes: MachineProcesses(), isReadByGit: repository.isReadByGit,
      environment: environment)
    let own = layout.gitDirectory
    let found = mapConcurrently(worktrees.count) {
      { index -> Result<LeaveReason.Busy?, GitError> in
        let worktree = worktrees[index]
        do throws(GitError) { return .success(try look.busy(worktree, ownsHands: worktree.gitDirectory == own)) } catch
        {
          return .failure(error)
        }
      }
    }
    var result: [Worktree: LeaveReason.Busy] = [:]
    for (worktree, busy) in zip(worktrees, found) { result[worktree] = try busy.get() }
    return result
  }

  /// What the move itself would find; it looks for itself where it is carried out.
  private func predictedStop(
    _ worktree: Worktree, among candidates: [Candidate]
  ) throws(GitError) -> LeaveReason? {
    guard options.isDryRun || options.isNotice,
      let candidate = candidates.first(where: { $0.worktree.gitDirectory == worktree.gitDirectory }),
      let tip = candidate.tip, let onto = candidate.onto, case .found(let base)? = candidate.base,
      let changes = try engine.predictedChanges(Replay.Stream(base: base, tip: tip, onto: onto))
    else { return nil }
    let repository = try Repository(at: worktree, environment: environment)
    let concerned = try engine.stopping(WorktreeLook(at: changes, in: repository, of: worktree), worktree)
    return concerned.isEmpty ? nil : .concerned(concerned)
  }
}

extension SyncRun {
  /// One entry for each of the plan's, in its order.
  func carryOut(_ syncPlan: SyncPlan, in repository: Repository) throws(GitError) -> [SyncReport.Entry] {
    var outcomes: [SyncReport.Outcome] = []
    for entry in syncPlan.entries {
      switch entry.step {
      case .leave(let reason): outcomes.append(.left(reason))
      case .move(let move): outcomes.append(try predictedOutcome(of: move))
      }
    }
    if !options.isDryRun, !options.isNotice {
      for round in syncPlan.rounds { try carryOut(round, of: syncPlan, &outcomes) }
    }
    let leases = PushLeases(layout)
    var entries: [SyncReport.Entry] = []
    for (entry, outcome) in zip(syncPlan.entries, outcomes) {
      if !options.isDryRun, options.onto == nil { try note(outcome, of: entry) }
      entries.append(
        SyncReport.Entry(
          stream: entry.stream, branch: entry.branch, path: entry.worktree.path, outcome: outcome,
          push: try entry.branch.flatMap { branch throws(GitError) in try leases.pending(for: branch, in: repository) }
        ))
    }
    return entries
  }

  /// Where what a stream is stacked on moves first, nothing is told of its commits.
  private func predictedOutcome(of move: SyncPlan.Move) throws(GitError) -> SyncReport.Outcome {
    guard options.isDryRun, move.follows == nil, let conflict = try engine.predictedConflict(move) else {
      return .wouldMove(move)
    }
    return .conflict(conflict, isNew: false)
  }

  /// Moves side by side what this process can move by itself, then the others one after another.
  private func carryOut(
    _ round: [Int], of syncPlan: SyncPlan, _ outcomes: inout [SyncReport.Outcome]
  ) throws(GitError) {
    let moves = round.compactMap { index in
      if case .move(let move) = syncPlan.entries[index].step { (index: index, move: move) } else { nil }
    }
    if moves.isEmpty { return }
    let site = MoverSite(
      layout: layout, environment: environment, plan: plan, names: names, undo: undo,
      retriesConflicts: options.retriesConflicts, isHome: options.onto == nil)
    let found = mapConcurrently(moves.count) {
      let mover = Mover(site)
      return { index in mover.outcome(of: moves[index].move, isAlone: moves.count == 1) }
    }
    let mover = Mover(site)
    for ((index, move), outcome) in zip(moves, found) {
      // That it is alone now is what the first answer has asked for.
      outcomes[index] = outcome ?? mover.outcome(of: move, isAlone: true) ?? .left(.changedMeanwhile)
    }
  }
}
