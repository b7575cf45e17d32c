import Git
import Platform
import StateFiles

extension SyncRun {
  /// What came of bringing trunk forward.
  public enum Advance: Hashable, Sendable {
    case done
    /// Somebody else was faster; nothing was changed.
    case overtaken
    /// Uncommitted work in trunk's own worktree is in the way; nothing was changed.
    case stopped(FilePath, [ConcernedPath])
    /// Trunk's own worktree cannot be moved just now, for this reason; nothing was changed.
    case left(FilePath, LeaveReason)
    case runningElsewhere(String)
  }

  /// Brings trunk's local branch from one commit to another that contains it, and the worktree that has it checked out with it:
  /// as a sync moves any worktree, with a journal, by compare-and-swap, and with whatever is not committed there left alone.
  ///
  /// - Parameters:
  ///   - old: where the branch is; `nil`: it is not there yet.
  ///   - message: for the reflogs.
  public func advanceTrunk(from old: ObjectID?, to new: ObjectID, message: String) throws(GitError) -> Advance {
    if old == new { return .done }
    var advance = Advance.overtaken
    let holder = try SyncLock.hold(
      in: layout, as: message, wait: options.wait, waiting: { waiting($0.process, $0.description) }
    ) { () throws(GitError) in
      _ = try engine.recover(patience: max(options.wait, 2), inUse: inUse)
      advance = try lockedAdvance(from: old, to: new, message)
    }
    return holder.map { .runningElsewhere($0.description) } ?? advance
  }

  private func lockedAdvance(from old: ObjectID?, to new: ObjectID, _ message: String) throws(GitError) -> Advance {
    guard try openRepository().target(of: names.branch) == old else { return .overtaken }
    let homes = try layout.worktrees().filter { $0.branch?.isSameName(as: names.branch) ?? false }
    guard let home = homes.first(where: { !$0.isMissing }), let old else {
      if let missing = homes.first, let absence = missing.absence { return .left(missing.path, LeaveReason(absence)) }
      let result = try GitCommand(onRefsOf: layout, environment: environment).run([
        "update-ref", "--create-reflog", "-m", Argument(message), Argument(names.branch), "\(new)",
        Argument(old?.description ?? String(repeating: "0", count: new.description.utf8.count)),
      ])
      return result.succeeded ? .done : .overtaken
    }
    if let other = homes.first(where: { $0.gitDirectory != home.gitDirectory }) {
      return .left(home.path, .checkedOutTwice(other: other.path))
    }
    if let operation = home.operation { return .left(home.path, .operation(operation)) }
    let mover = WorktreeMove(
      layout: layout, environment: environment, journal: MoveJournal(layout),
      undo: UndoRefs(layout, environment: environment))
    let request = WorktreeMove.Request(worktree: home, branch: names.branch, old: old, new: new, message: message)
    switch try mover.carryOut(request) {
    case .moved: return .done
    case .stopped(let paths): return .stopped(home.path, paths)
    case .changedMeanwhile: return .overtaken
    case .locked: return .left(home.path, .busy(.index))
    case .refused(let words): return .left(home.path, .refused(words))
    }
  }
}
