import Git
import Platform
import StateFiles

/// Looks whether somebody is at work in a worktree just now.
///
/// A commit counts as hands off: what was written before it never makes a worktree busy. Nor does what git writes (a new
/// worktree, a switch, our own move), for git notes the times of its own writes in the index; and of uncommitted files that
/// a move has merged we note them ourselves. What is left, and looked at, are the files that were written since: untracked
/// ones, and tracked ones whose times are not the index's.
struct BusyLook: Sendable {
  /// Seconds for which nobody may have written a file.
  let quiet: Double
  let processes: MachineProcesses
  /// Whether git has to read the indexes of this repository.
  let isReadByGit: Bool
  let environment: Environment

  /// - Parameter ownsHands: whether it is the worktree of whoever asks, who has just finished something there.
  func busy(_ worktree: Worktree, ownsHands: Bool) throws(GitError) -> LeaveReason.Busy? {
    if (worktree.gitDirectory / "index.lock").exists { return .index }
    if let running = try Activity.current(in: worktree, besides: ownsHands ? Activity.launch : nil) {
      return .running(running)
    }
    if ownsHands { return nil }
    if let running = processes.git(in: worktree) { return .git(running) }
    guard quiet > 0 else { return nil }
    return isMessageOpen(worktree) ? .message : try recentWrite(in: worktree)
  }

  /// `git commit` writes its message file before the editor opens and `HEAD`'s reflog when it is done. Only where no process
  /// can be seen does this say more than the commit itself, which runs as long as its editor.
  private func isMessageOpen(_ worktree: Worktree) -> Bool {
    let message = worktree.gitDirectory / "COMMIT_EDITMSG"
    guard let written = try? message.status()?.modified, age(of: written) < quiet,
      let moved = try? (worktree.gitDirectory / "logs/HEAD").status()?.modified
    else { return false }
    return written > moved
  }

  /// Seconds since the last write. A time in the future, as from another machine's clock, is as old as it is far ahead.
  private func age(of modified: Int64) -> Double { abs(Double(Clock.nowInNanoseconds() - modified)) / 1e9 }
}

extension BusyLook {
  private func recentWrite(in worktree: Worktree) throws(GitError) -> LeaveReason.Busy? {
    let (now, span) = (Clock.nowInNanoseconds(), Int64(min(quiet, 1e9) * 1e9))
    guard !isReadByGit, let scan = WorktreeScan(of: worktree.layout, writtenIn: now - span...now + span) else {
      return try recent(untracked(in: worktree) + touched(in: worktree), worktree)
    }
    if let file = scan.written.first(where: { !OwnWrites(in: worktree).contain($0.path) }) {
      return .written(path: file.path, seconds: age(of: file.modified))
    }
    var paths: [[UInt8]] = []
    // Only git knows what is ignored, and what a file is to it.
    if !scan.untracked.isEmpty { paths = try untracked(in: worktree, below: scan.untracked) }
    if !scan.uncertain.isEmpty { paths += try touched(in: worktree, among: scan.uncertain.map(\.path)) }
    return try recent(paths, worktree)
  }

  private func recent(_ paths: [[UInt8]], _ worktree: Worktree) throws(GitError) -> LeaveReason.Busy? {
    for path in paths {
      guard let status = try? worktree.path.appending(path).status() else { continue }
      let seconds = age(of: status.modified)
      if seconds < quiet, !OwnWrites(in: worktree).contain(path) { return .written(path: path, seconds: seconds) }
    }
    return nil
  }

  /// Files that are neither tracked nor ignored.
  private func untracked(in worktree: Worktree, below paths: [[UInt8]] = []) throws(GitError) -> [[UInt8]] {
    let output = try list(["ls-files", "--others", "--exclude-standard", "-z"], paths, worktree)
    // A directory is another repository, or another worktree of this one: git looks into all others.
    return output.filter { $0.last != UInt8(ascii: "/") }
  }

  /// Tracked files whose times are not the index's, or whose contents are not where times do not tell.
  private func touched(in worktree: Worktree, among paths: [[UInt8]] = []) throws(GitError) -> [[UInt8]] {
    try list(["diff-files", "--name-only", "-z", "--ignore-submodules=all"], paths, worktree)
  }

  private func list(
    _ command: [Argument], _ paths: [[UInt8]], _ worktree: Worktree
  ) throws(GitError) -> [[UInt8]] {
    let git = GitCommand(at: worktree, environment: environment)
    // A file system monitor may hang or lie, and 10,000 files are looked at in a few milliseconds. Of very many paths a
    // command line cannot be told, and it hardly pays.
    let limits = paths.count > 500 ? [] : ["--"] + paths.map { Argument($0) }
    let settings: [Argument] = ["-c", "core.fsmonitor=false", "--literal-pathspecs"]
    return try git.output(settings + command + limits).split(separator: 0).map(Array.init)
  }
}
