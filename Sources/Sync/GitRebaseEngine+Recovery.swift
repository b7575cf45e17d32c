import Git
import Platform
import StateFiles

extension GitRebaseEngine {
  func recover(patience: Double, inUse: FilePath?) throws(GitError) -> [Recovery] {
    let deadline = Clock.monotonic() + patience
    var result: [Recovery] = []
    for record in try journal.records() where record.gitDirectory != inUse {
      let ending: Recovery.Ending
      do { ending = try recover(record, until: deadline) } catch {
        ending = .pending(process: nil, message: error.description)
      }
      if case .pending = ending {} else { try journal.strike(record) }
      result.append(Recovery(branch: record.branch, path: record.path, ending: ending))
    }
    return result
  }

  private func recover(_ record: Journal.Record, until deadline: Double) throws(GitError) -> Recovery.Ending {
    // A process that died may have left its git at work, and that ends well or at a conflict by itself.
    while isAtWork(record) {
      if Clock.monotonic() >= deadline { return .pending(process: record.process, message: "git is still at work") }
      Clock.sleep(seconds: 0.05)
    }
    // A worktree that is gone took the rebase with it; the branch is moved last, so it is where it was.
    guard record.gitDirectory.isDirectory, record.path.isDirectory else { return .untouched }
    let state = RebaseState(record)
    let isUnfinished = state.exists && (state.isOurs || isBarelyBegun(record))
    try removeStaleLocks(record, writtenWithin: isUnfinished ? .infinity : Self.startSeconds)
    let repository = try Repository(
      RepositoryLayout(
        gitDirectory: record.gitDirectory, commonDirectory: layout.commonDirectory, workTree: record.path),
      environment: environment)
    guard isUnfinished else {
      // None, or one that a person has started since.
      guard let tip = try repository.target(of: record.branch), tip != record.old else { return .untouched }
      return try repository.isAncestor(record.onto, of: tip) ? .completed : .untouched
    }
    guard state.isOurs else {
      // Killed while git wrote down what it was about to do: nothing but these notes exists.
      try fileSystem { () throws(SystemError) in try (record.gitDirectory / "rebase-merge").removeRecursively() }
      return .untouched
    }
    let strays = try strayFiles(record, in: repository)
    let saved = try undo.snapshot(
      record.path, gitDirectory: record.gitDirectory, branch: record.branch, adding: strays)
    for path in strays {
      try fileSystem { () throws(SystemError) in try record.path.appending(path).remove() }
    }
    try abort(record)
    return .undone(saved: saved)
  }

  /// Files that a killed git had written and not yet entered in the index: `rebase --abort` would not overwrite those of
  /// the old tip, and those of the new one would stay behind.
  ///
  /// Before the move nothing untracked was in any of these places.
  private func strayFiles(_ record: Journal.Record, in repository: Repository) throws(GitError) -> [[UInt8]] {
    let old = try repository.commit(record.old).tree
    var changes = try repository.changes(from: old, to: repository.commit(record.onto).tree)
    if let head = try repository.headCommit() {
      changes += try repository.changes(from: old, to: repository.commit(head).tree)
    }
    let indexed = Set(
      try git(in: record.path).output(Self.configured(["ls-files", "-z"])).split(separator: 0).map(Array.init))
    var strays: [[UInt8]] = []
    for path in Set(changes.map(\.path)).subtracting(indexed) {
      let status = try fileSystem { () throws(SystemError) in try record.path.appending(path).status() }
      if let status, !status.isDirectory { strays.append(path) }
    }
    return strays
  }

  /// Whether the git that a dead sync started may still run.
  ///
  /// Its process is in the journal but for the instant between start and note; then the worktree's own files tell: they are
  /// still for a second once nobody works there.
  private func isAtWork(_ record: Journal.Record) -> Bool {
    if let process = record.process {
      // A number comes round again; no rebase runs for an hour after its time-out.
      let age = Double(Clock.nowInNanoseconds() - record.began) / 1e9
      return age < 3600 && CurrentProcess.isAlive(process)
    }
    let files = ["HEAD", "index", "index.lock", "rebase-merge", "rebase-merge/done"]
    let newest = files.compactMap { try? (record.gitDirectory / $0).status()?.modified }.max() ?? 0
    return Double(Clock.nowInNanoseconds() - max(newest, record.began)) / 1e9 < 1
  }

  /// Whether git died while it wrote down what it was about to do: it touches nothing before `head-name`, `onto` and
  /// `orig-head` are complete; see write_basic_state in git's sequencer.
  private func isBarelyBegun(_ record: Journal.Record) -> Bool {
    guard RebaseState(record).isPartlyOurs else { return false }
    let branch = Array("ref: \(record.branch)".utf8)
    return (try? (record.gitDirectory / "HEAD").contents()).map { firstLine($0) } == branch
  }

  /// Seconds in which a rebase has looked at the worktree and written its first notes.
  private static let startSeconds = 10.0

  /// Removes the locks of the git that died: no other could have been taken beside them.
  ///
  /// - Parameter limit: seconds after the move began up to which a lock is taken for its own. Where its rebase is still
  ///   there, any is; where it is not, it can only have died while it started, and a later lock is somebody else's.
  private func removeStaleLocks(_ record: Journal.Record, writtenWithin limit: Double) throws(GitError) {
    let names = ["index", "HEAD", "ORIG_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD", "AUTO_MERGE", "MERGE_MSG"]
    // To remove a pseudo-ref git takes the lock on packed-refs for an instant, too; who packs refs is done in a second.
    let shared = ["packed-refs.lock", "\(record.branch).lock"].map { layout.commonDirectory / $0 }
    let locks = names.map { record.gitDirectory / "\($0).lock" } + shared
    for lock in locks {
      for _ in 0..<15 where lock.exists { Clock.sleep(seconds: 0.1) }
      guard let written = try? lock.status()?.modified, written >= record.began,
        Double(written - record.began) / 1e9 < limit
      else { continue }
      try fileSystem { () throws(SystemError) in try lock.remove() }
    }
  }
}
