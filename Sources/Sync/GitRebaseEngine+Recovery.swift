import Git
import Platform

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
    let repository = try Repository(
      RepositoryLayout(
        gitDirectory: record.gitDirectory, commonDirectory: layout.commonDirectory, workTree: record.path),
      environment: environment)
    guard state.exists, state.isOurs || isBarelyBegun(record) else {
      // None, or one that a person has started since.
      guard let tip = try repository.target(of: record.branch), tip != record.old else { return .untouched }
      return try repository.isAncestor(record.onto, of: tip) ? .completed : .untouched
    }
    try removeStaleLocks(record)
    guard state.isOurs else {
      // Killed while git wrote down what it was about to do: nothing but these notes exists.
      try fileSystem { () throws(SystemError) in try (record.gitDirectory / "rebase-merge").removeRecursively() }
      return .untouched
    }
    let saved = try undo.snapshot(record.path, gitDirectory: record.gitDirectory, branch: record.branch)
    try abort(record)
    return .undone(saved: saved)
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

  /// git writes `head-name`, `onto` and `orig-head` before it touches anything else; see read_basic_state in git's
  /// sequencer.
  private func isBarelyBegun(_ record: Journal.Record) -> Bool {
    let directory = record.gitDirectory / "rebase-merge"
    let names = ["head-name", "onto", "orig-head"]
    guard names.contains(where: { !(directory / $0).exists }) else { return false }
    let branch = Array("ref: \(record.branch)".utf8)
    return (try? (record.gitDirectory / "HEAD").contents()).map { firstLine($0) } == branch
  }

  /// Locks of the git that died. Its own are as old as the move, and nobody holds one of these for long.
  private func removeStaleLocks(_ record: Journal.Record) throws(GitError) {
    let locks = [
      record.gitDirectory / "index.lock", record.gitDirectory / "HEAD.lock",
      layout.commonDirectory / "\(record.branch).lock",
    ]
    for lock in locks {
      for _ in 0..<20 where lock.exists { Clock.sleep(seconds: 0.1) }
      guard let written = try? lock.status()?.modified, written >= record.began else { continue }
      try fileSystem { () throws(SystemError) in try lock.remove() }
    }
  }
}
