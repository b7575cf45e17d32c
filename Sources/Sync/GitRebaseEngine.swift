import Git
import Platform
import Policies
import StateFiles

/// Moves a worktree by the user's own `git rebase`, run in it, with hooks, signing, filters and merge drivers as ever.
struct GitRebaseEngine: Engine {
  let layout: RepositoryLayout
  let environment: Environment
  let journal: Journal
  let undo: UndoRefs

  /// - Parameter undo: of the sync that this is part of.
  init(_ layout: RepositoryLayout, environment: Environment, undo: UndoRefs) {
    self.layout = layout
    self.environment = GitCommand.scrubbed(environment)
    journal = Journal(layout)
    self.undo = undo
  }

  /// What a person may have configured for rebases typed by hand, and what would hurt in one that nobody watches: a stash
  /// is common to all worktrees, `updateRefs` would move branches of other worktrees, a remembered resolution (rerere) may
  /// be another worktree's and is no decision of this stream's, recursion would check out submodules.
  private static let settings: [Argument] = [
    "rebase.autoStash=false", "rebase.autoSquash=false", "rebase.updateRefs=false", "rebase.rebaseMerges=false",
    "rebase.missingCommitsCheck=ignore", "rebase.abbreviateCommands=false", "rebase.rescheduleFailedExec=false",
    "rerere.enabled=false", "rerere.autoUpdate=false", "submodule.recurse=false", "core.fsmonitor=false", "gc.auto=0",
    "maintenance.auto=false",
  ]

  /// Seconds after which a rebase that still runs is taken to hang (a hook, a signing agent that asks somebody).
  private static let timeout = 600.0

  func move(_ move: SyncPlan.Move, isAlone: Bool) throws(GitError) -> MoveOutcome {
    guard isAlone else { return .onlyAlone }
    let worktree = move.worktree
    let repository = try Repository(worktree.layout, environment: environment)
    // git rebases whatever `HEAD` names, so look once more: somebody may have switched, committed or begun something.
    guard try worktree.layout.worktree()?.branch?.isSameName(as: move.branch) == true, worktree.operation == nil,
      try repository.target(of: move.branch) == move.from
    else { return .changedMeanwhile }
    try undo.keep(move.from, of: move.branch)
    var record = Journal.Record(
      branch: move.branch, gitDirectory: worktree.gitDirectory, path: worktree.path, old: move.from, onto: move.onto,
      owner: CurrentProcess.id, process: nil, began: Clock.nowInNanoseconds())
    try journal.write(record)
    let result = try rebase(move, in: repository, &record)
    let outcome = try conclude(move, record, result, in: repository)
    if case .moved(let tip) = outcome {
      try undo.keepEnd(tip, of: move.branch, base: move.base)
    } else {
      try undo.drop(move.from, of: move.branch)
    }
    try journal.strike(record)
    return outcome
  }

  func git(in worktree: FilePath) -> GitCommand {
    var git = GitCommand(in: worktree, environment: environment)
    git.environment["GIT_EDITOR"] = ":"
    git.environment["GIT_SEQUENCE_EDITOR"] = ":"
    git.environment["GIT_REFLOG_ACTION"] = "preflight sync"
    return git
  }

  static func configured(_ command: [Argument]) -> [Argument] { settings.flatMap { ["-c", $0] } + command }

  private func rebase(
    _ move: SyncPlan.Move, in repository: Repository, _ record: inout Journal.Record
  ) throws(GitError) -> ProcessResult {
    var command: [Argument] = ["rebase", "--merge", "--no-fork-point", "--no-stat", "--quiet"]
    // Merges within a stream keep their shape. With `rebase-cousins` a merge of trunk into the stream, which has nothing
    // left to bring, falls away; without, the commits before it would stay where they are and the stream with them.
    if try hasMerges(move, in: repository) { command.append("--rebase-merges=rebase-cousins") }
    // Only with the new base for an upstream does git look there for commits that are the same patch.
    let isSimple = try repository.mergeBase(move.from, move.onto) == .found(move.base)
    command += ["--onto", "\(move.onto)", "\(isSimple ? move.onto : move.base)"]
    var git = git(in: move.worktree.path)
    git.environment[bytes: MergeLog.variable] = MergeLog(of: move.worktree.layout).file.bytes
    var request = git.request(Self.configured(command))
    request.timeout = Self.timeout
    let child: ChildProcess
    do { child = try ChildProcess(request) } catch { throw GitError(.system(error)) }
    record.process = child.id
    try journal.write(record)
    return child.finish()
  }

  private func hasMerges(_ move: SyncPlan.Move, in repository: Repository) throws(GitError) -> Bool {
    for id in try repository.commitIDs(reachableFrom: [move.from], excluding: [move.base]) {
      if try repository.commit(id).isMerge { return true }
    }
    return false
  }

  /// Reads off the repository, not off the exit status, what the rebase has done, and undoes what it left half done.
  private func conclude(
    _ move: SyncPlan.Move, _ record: Journal.Record, _ result: ProcessResult, in repository: Repository
  ) throws(GitError) -> MoveOutcome {
    let message = GitCommand.failure(["rebase"], result)
    let words = result.complaint
    guard RebaseState(record).isOurs else {
      guard let tip = try repository.target(of: move.branch) else { throw message }
      if tip == move.from, move.from != move.onto { return .refused(words.isEmpty ? message.description : words) }
      guard try repository.isAncestor(move.onto, of: tip) else {
        throw GitError(.malformed("'\(move.branch)': it is at \(tip), which does not stand on \(move.onto)"))
      }
      return .moved(to: tip)
    }
    var conflict = try self.conflict(of: move, in: repository)
    conflict.saved = try saveEdits(move, except: conflict.files)
    try abort(record)
    guard try repository.target(of: move.branch) == move.from else {
      throw GitError(.malformed("'\(move.branch)': it is not back at \(move.from)"))
    }
    return conflict.files.isEmpty ? .refused(words.isEmpty ? message.description : words) : .conflict(conflict)
  }

  private func conflict(of move: SyncPlan.Move, in repository: Repository) throws(GitError) -> Conflict {
    let git = git(in: move.worktree.path)
    let unmerged = try git.output(
      Self.configured(["diff", "--name-only", "--no-ext-diff", "--diff-filter=U", "-z"]))
    let stopped = ObjectID(hex: try git.lineIfAny(["rev-parse", "--verify", "--quiet", "REBASE_HEAD"]) ?? "")
    return Conflict(
      branch: move.branch, tip: move.from, onto: move.onto, base: move.base, commit: stopped,
      subject: try stopped.map { id throws(GitError) in try repository.commit(id).subject } ?? [],
      files: unmerged.split(separator: 0).map(Array.init))
  }

  /// Somebody may have started to write while git was at work; undoing the rebase would take that along.
  private func saveEdits(_ move: SyncPlan.Move, except unmerged: [[UInt8]]) throws(GitError) -> String? {
    let git = git(in: move.worktree.path)
    let changed = try git.output(Self.configured(["diff", "--name-only", "--no-ext-diff", "-z"]))
      .split(separator: 0).map(Array.init)
    if Set(changed).isSubset(of: unmerged) { return nil }
    return try undo.snapshot(move.worktree.path, gitDirectory: move.worktree.gitDirectory, branch: move.branch)
  }

  /// Undoes a rebase that is proven to be ours; another git may hold a lock for an instant.
  func abort(_ record: Journal.Record) throws(GitError) {
    let git = git(in: record.path)
    let command = Self.configured(["rebase", "--abort"])
    var result = try git.run(command)
    for _ in 0..<10 where !result.succeeded && RebaseState(record).isOurs {
      Clock.sleep(seconds: 0.1)
      result = try git.run(command)
    }
    if RebaseState(record).isOurs { throw GitCommand.failure(["rebase", "--abort"], result) }
  }
}

/// What `rebase-merge` in a worktree's git directory says of an unfinished rebase.
struct RebaseState {
  let exists: Bool
  /// Whether it is the one that `record` announced: the same branch, tip and target. There was none before it.
  let isOurs: Bool
  /// Whether it may be that one, for what has been written of these three so far does not say otherwise.
  let isPartlyOurs: Bool

  init(_ record: Journal.Record) {
    let directory = record.gitDirectory / "rebase-merge"
    exists = directory.exists
    let expected = ["head-name": record.branch, "orig-head": "\(record.old)", "onto": "\(record.onto)"]
    let lines = expected.map { name, value in
      (found: (try? (directory / name).contentsIfPresent()).map { firstLine($0) } ?? [], expected: Array(value.utf8))
    }
    isOurs = lines.allSatisfy { $0.found == $0.expected }
    isPartlyOurs = exists && !isOurs && lines.allSatisfy { $0.found.isEmpty || $0.found == $0.expected }
  }
}
