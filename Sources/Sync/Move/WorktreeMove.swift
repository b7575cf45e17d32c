import Git
import Platform
import Policies
import StateFiles

/// Brings one worktree and its branch from one commit to another, in place, with everything that is not committed there.
///
/// Files and index first, the branch last: whoever commits in between commits the new files onto the old tip, which a replay
/// drops again; the other way round the commit would take back, without a word, all that the move had brought. While files
/// are written `index.lock` is ours, so that no commit, `add` or `stash` begins.
struct WorktreeMove {
  struct Request {
    var worktree: Worktree
    /// In full; checked out in the worktree.
    var branch: String
    var old: ObjectID
    var new: ObjectID
    /// Where the branch's own commits began before the move, kept for `undo`.
    var base: ObjectID?
    /// Oldest first.
    var rewritten: [Rewrite] = []
    /// The sync that this move takes back: what was kept of it goes, and nothing new is kept.
    var undoes: String?
    /// What is kept of uncommitted files that were merged; see `KeptWork`.
    var work: ObjectID?
    /// Of the reflogs.
    var message = "preflight sync"
  }

  enum Ending: Hashable {
    case moved
    /// Nothing was changed: work of somebody's own would be lost.
    case stopped([ConcernedPath])
    /// Nothing was changed: the branch, `HEAD` or an operation is not what was planned with.
    case changedMeanwhile
    /// Nothing was changed: a git has the index locked.
    case locked
    /// Nothing was changed; git's own words.
    case refused(String)
  }

  let layout: RepositoryLayout
  let environment: Environment
  let journal: MoveJournal
  let undo: UndoRefs
  /// Merges uncommitted shared files; without, they stop the move like all others.
  let sharing: () throws(GitError) -> UncommittedMerge?

  init(
    layout: RepositoryLayout, environment: Environment, journal: MoveJournal, undo: UndoRefs,
    sharing: @escaping () throws(GitError) -> UncommittedMerge? = { () throws(GitError) in nil }
  ) {
    self.sharing = sharing
    self.layout = layout
    self.environment = GitCommand.scrubbed(environment)
    self.journal = journal
    self.undo = undo
  }

  func carryOut(_ request: Request) throws(GitError) -> Ending {
    let worktree = request.worktree
    let repository = try Repository(at: worktree, environment: environment)
    guard let moving = try MovingLock(in: worktree.gitDirectory) else { return .locked }
    let changes = try repository.changes(
      from: repository.commit(request.old).tree, to: repository.commit(request.new).tree)
    var ending: Ending?
    for _ in 0..<3 where ending == nil {
      guard try isAsPlanned(request, in: repository) else { return .changedMeanwhile }
      if changes.isEmpty {
        ending = try transaction(request, repository).run(moving) ? .moved : .changedMeanwhile
        continue
      }
      let indexTime = indexIdentity(worktree)
      let look = try WorktreeLook(at: changes, in: repository, of: worktree)
      guard let merges = try merges(look, for: request, in: repository) else { return .stopped(look.concerned) }
      ending = try move(request, changes, look, merges, moving, in: repository) {
        self.indexIdentity(worktree) == indexTime
      }
    }
    let aftermath = RewriteAftermath(of: worktree, request.rewritten, in: repository)
    if changes.isEmpty, ending == .moved { try aftermath.copyNotes() }
    if ending == .moved { aftermath.runHook() }
    return ending ?? .changedMeanwhile
  }

  private func transaction(_ request: Request, _ repository: Repository) -> BranchTransaction {
    BranchTransaction(request, stamp: undo.stamp, in: repository, environment: environment)
  }

  /// What becomes of the files that would stop the move, and of those that are to be as they were; `nil` where it has to
  /// stop.
  private func merges(
    _ look: WorktreeLook, for request: Request, in repository: Repository
  ) throws(GitError) -> [SharedMerge]? {
    var merges: [SharedMerge] = []
    if let undone = request.undoes {
      let record = UndoRecord(stamp: undone, branch: request.branch)
      merges = try KeptWork(record.work, in: repository).restorations(look)
    }
    let known = Set(merges.map(\.path))
    let concerned = look.concerned.filter { !known.contains($0.path) }
    if concerned.isEmpty { return merges }
    guard let sharing = try sharing(),
      let others = try sharing.merges(concerned, look, in: request.worktree, as: repository)
    else { return nil }
    try sharing.repository.writeMadeObjects()
    return merges + others
  }

  /// Reads the files that say so: what was true when the move began may not be true any more.
  private func isAsPlanned(_ request: Request, in repository: Repository) throws(GitError) -> Bool {
    guard try repository.head() == .branch(request.branch), request.worktree.operation == nil else { return false }
    return try repository.target(of: request.branch) == request.old
  }

  /// The same as long as nobody has written the index.
  private func indexIdentity(_ worktree: Worktree) -> FileStatus? { try? (worktree.gitDirectory / "index").status() }

  /// `nil`: the index has been written since it was looked at, and nothing was changed.
  private func move(
    _ request: Request, _ changes: [TreeChange], _ look: WorktreeLook, _ merges: [SharedMerge],
    _ moving: borrowing MovingLock, in repository: Repository, isUnchanged: () -> Bool
  ) throws(GitError) -> Ending? {
    var request = request
    if !merges.isEmpty, request.undoes == nil {
      let kept = UndoRecord(stamp: undo.stamp, branch: request.branch).work
      request.work = try KeptWork(kept, in: repository).adding(merges)
      try repository.writeMadeObjects()
    }
    let transaction = transaction(request, repository)
    let merged = Set(merges.map(\.path))
    let record = MoveRecord(
      worktree: request.worktree.path, gitDirectory: request.worktree.gitDirectory, branch: request.branch,
      old: request.old, new: request.new, base: request.base, stamp: undo.stamp, undoes: request.undoes,
      began: Clock.nowInNanoseconds(),
      changes: changes.filter { !merged.contains($0.path) }, rewritten: request.rewritten, merges: merges,
      work: request.work)
    try journal.write(record)
    guard try record.lock.take() else {
      try journal.strike(record)
      return .locked
    }
    guard isUnchanged() else {
      try record.lock.release()
      try journal.strike(record)
      return nil
    }
    var failure: Ending?
    do throws(GitError) {
      failure = try write(request, changes, look, merges, moving, in: repository)
      if failure == nil { failure = try moveBranch(request, transaction, moving, in: repository) }
    } catch {
      try takeBack(record, moving)
      throw error
    }
    if let failure {
      try takeBack(record, moving)
      return failure
    }
    try record.lock.release()
    try RewriteAftermath(of: request.worktree, request.rewritten, in: repository).copyNotes()
    try journal.strike(record)
    if request.undoes == nil, !merges.isEmpty, let names = try sharing()?.names(of: merges) {
      try fileSystem { () throws(SystemError) in
        for name in names { try MergeLog(of: request.worktree.layout).add(name) }
      }
    }
    return .moved
  }

  /// Files, index and submodules. Returns what went wrong.
  private func write(
    _ request: Request, _ changes: [TreeChange], _ look: WorktreeLook, _ merges: [SharedMerge],
    _ moving: borrowing MovingLock, in repository: Repository
  ) throws(GitError) -> Ending? {
    let copy = try IndexCopy(of: request.worktree, named: "move", environment: environment)
    try copy.refresh(look.unrefreshed)
    // What is staged as it shall be is left alone, and so is its file.
    try copy.stage(merges.map { ($0.path, $0.new) })
    let trees = try TreePair(of: changes, in: repository) ?? TreePair(old: request.old, new: request.new)
    let command: [Argument] = ["read-tree", "-m", "-u", "\(trees.old)", "\(trees.new)"]
    let result = try moving.run(copy.git, IndexCopy.settings + command)
    guard result.succeeded else { return .refused(words(result, "read-tree")) }
    guard try SharedFiles(merges, in: request.worktree.path, repository).write() else { return .changedMeanwhile }
    OwnWrites(in: request.worktree).add(merges.map(\.path))
    try copy.stage(merges.filter { $0.stagedAfter != $0.new }.map { ($0.path, $0.stagedAfter) })
    try copy.refresh(merges.filter { $0.fileAfter == $0.stagedAfter.id }.map(\.path))
    try copy.replaceIndex(of: request.worktree.gitDirectory)
    guard let failure = try SubmoduleMove(request.worktree, environment: environment).update(look.submodules, moving)
    else { return nil }
    return .refused(words(failure, "submodule update"))
  }

  private func moveBranch(
    _ request: Request, _ transaction: BranchTransaction, _ moving: borrowing MovingLock, in repository: Repository
  ) throws(GitError) -> Ending? {
    // `switch -c` needs no lock that we hold.
    guard try isAsPlanned(request, in: repository), try transaction.run(moving) else { return .changedMeanwhile }
    if try repository.headCommit() == request.new { return nil }
    try transaction.reverse(moving)
    return .changedMeanwhile
  }

  private func takeBack(_ record: MoveRecord, _ moving: borrowing MovingLock) throws(GitError) {
    try MoveRecovery(layout: layout, environment: environment, journal: journal).takeBack(record, moving)
  }

  private func words(_ result: ProcessResult, _ command: Argument) -> String {
    let words = result.complaint
    return words.isEmpty ? GitCommand.failure([command], result).description : words
  }
}
