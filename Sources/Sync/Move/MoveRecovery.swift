import Git
import Platform

/// Ends moves in place that a sync which died has left: completes what was written as a whole, takes back the rest.
///
/// A killed `read-tree` cannot simply be run again, in either direction: it leaves files that are neither the old nor the
/// new version, and refuses them. So every path is looked at.
struct MoveRecovery {
  let layout: RepositoryLayout
  let environment: Environment
  let journal: MoveJournal

  init(layout: RepositoryLayout, environment: Environment, journal: MoveJournal) {
    self.layout = layout
    self.environment = GitCommand.scrubbed(environment)
    self.journal = journal
  }

  /// - Parameters:
  ///   - patience: seconds to wait for a git that is still at work.
  ///   - inUse: the git directory of a worktree whose own hook runs us: it is left for later.
  func recover(patience: Double, inUse: FilePath?) throws(GitError) -> [Recovery] {
    let deadline = Clock.monotonic() + patience
    var result: [Recovery] = []
    journal.removeUnfinished()
    for record in try journal.records() where record.gitDirectory != inUse {
      let recovery = recover(record, until: deadline)
      if case .pending = recovery.ending {} else { try journal.strike(record) }
      result.append(recovery)
    }
    return result
  }

  private func recover(_ record: MoveRecord, until deadline: Double) -> Recovery {
    var recovery = Recovery(branch: record.branch, path: record.worktree, ending: .untouched)
    do throws(GitError) {
      // A worktree that is gone took its files with it, and the branch moves as a whole.
      guard let worktree = try find(record) else { return recovery }
      if let absence = worktree.absence {
        recovery.ending = .pending(process: nil, message: absence.sentence)
        return recovery
      }
      guard let moving = try MovingLock(in: record.gitDirectory, waitingUntil: deadline) else {
        let process = MovingLock.process(in: record.gitDirectory).flatMap { $0 == 0 ? nil : $0 }
        recovery.ending = .pending(process: process, message: "git is still at work")
        return recovery
      }
      try settle(record, worktree, moving, &recovery)
    } catch {
      recovery.ending = .pending(process: nil, message: error.description)
    }
    return recovery
  }

  /// The worktree; `nil` where it is gone.
  private func find(_ record: MoveRecord) throws(GitError) -> Worktree? {
    guard record.gitDirectory.isDirectory else { return nil }
    let layout = RepositoryLayout(
      gitDirectory: record.gitDirectory, commonDirectory: layout.commonDirectory, workTree: record.worktree)
    guard let worktree = try layout.worktree(), worktree.absence != .gone else { return nil }
    return worktree
  }

  /// Undoes what this process itself has not brought to an end.
  func takeBack(_ record: MoveRecord, _ moving: borrowing MovingLock) throws(GitError) {
    guard let worktree = try find(record) else { return try journal.strike(record) }
    IndexCopy.removeAll(in: record.gitDirectory)
    let repository = try Repository(at: worktree, environment: environment)
    _ = try takeBack(record, worktree, in: repository, moving, isOwn: true)
    try record.lock.release()
    try journal.strike(record)
  }

  private func settle(
    _ record: MoveRecord, _ worktree: Worktree, _ moving: borrowing MovingLock, _ recovery: inout Recovery
  ) throws(GitError) {
    IndexCopy.removeAll(in: record.gitDirectory)
    let repository = try Repository(at: worktree, environment: environment)
    let wasLocked = record.lock.isOurs
    if wasLocked { try transaction(record, worktree, repository).locks.remove(since: record.began) }
    if try repository.target(of: record.branch) == record.new {
      recovery.ending = .completed
      try transaction(record, worktree, repository).conclude(moving)
      return try finish(record, worktree, in: repository)
    }
    let isLocked = if wasLocked { true } else { try record.lock.take() }
    guard isLocked else {
      recovery.ending = .pending(process: nil, message: "'\(record.lock.path)' is in the way")
      return
    }
    if try complete(record, worktree, in: repository, moving) {
      recovery.ending = .completed
      return try finish(record, worktree, in: repository)
    }
    let restored = try takeBack(record, worktree, in: repository, moving, wasLocked: wasLocked)
    try record.lock.release()
    if restored.isEmpty { return }
    recovery.ending = .undone(saved: restored.saved)
    recovery.files = restored.found
  }

  private func finish(_ record: MoveRecord, _ worktree: Worktree, in repository: Repository) throws(GitError) {
    try record.lock.release()
    try RewriteAftermath(of: worktree, record.rewritten, in: repository).copyNotes(again: true)
  }

  /// The rest of a move whose files and index are written; `false` where it is not at that point, or the branch is elsewhere.
  private func complete(
    _ record: MoveRecord, _ worktree: Worktree, in repository: Repository, _ moving: borrowing MovingLock
  ) throws(GitError) -> Bool {
    let index = try repository.indexEntries(at: record.paths)
    guard record.isNew(index), index.unmerged.isEmpty,
      try repository.head() == .branch(record.branch), worktree.operation == nil
    else { return false }
    if try SubmoduleMove(worktree, environment: environment).update(record.movedSubmodules, moving) != nil {
      return false
    }
    return try transaction(record, worktree, repository).run(moving)
  }

  private func transaction(_ record: MoveRecord, _ worktree: Worktree, _ repository: Repository) -> BranchTransaction {
    var request = WorktreeMove.Request(
      worktree: worktree, branch: record.branch, old: record.old, new: record.new, base: record.base)
    request.undoes = record.undoes
    request.work = record.work
    return BranchTransaction(request, stamp: record.stamp, in: repository, environment: environment)
  }

  private func takeBack(
    _ record: MoveRecord, _ worktree: Worktree, in repository: Repository, _ moving: borrowing MovingLock,
    wasLocked: Bool = true, isOwn: Bool = false
  ) throws(GitError) -> RestoredFiles {
    let copy = try IndexCopy(of: worktree, named: "back", environment: environment)
    defer { copy.remove() }
    var restoration = WorktreeRestoration(record, repository, wasLocked: wasLocked, isOwn: isOwn)
    let restored = try restoration.run(copy, moving)
    try transaction(record, worktree, repository).forget(moving)
    return restored
  }
}

extension MoveRecord {
  /// All that the move brings to the index, and all that it may find there when it was cut off.
  var paths: [[UInt8]] { changes.map(\.path) + merges.map(\.path) }

  /// Whether the index has what the move brings.
  func isNew(_ index: IndexEntries) -> Bool {
    changes.allSatisfy { index[$0.path]?.staged == $0.new }
      && merges.allSatisfy { index[$0.path]?.staged == $0.stagedAfter }
  }

  /// Submodules that are checked out and whose commit changes.
  var movedSubmodules: [TreeChange] {
    changes.filter { change in
      change.old?.isSubmodule == true && change.new?.isSubmodule == true
        && worktree.appending(change.path + Array("/.git".utf8)).exists
    }
  }
}
