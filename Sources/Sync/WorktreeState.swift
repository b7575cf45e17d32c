import Git
import Platform
import StateFiles

/// What somebody is doing in a worktree just now.
///
/// A commit counts as hands off: what was written before it never makes a worktree busy. Nor does what git writes (a new
/// worktree, a switch, our own move), for git notes the times of its own writes in the index. What is left, and looked at,
/// are the files that were written since: untracked ones, and tracked ones whose content is the index's but whose times
/// are not.
struct WorktreeState {
  /// Tracked files that differ from the index, the index from `HEAD`; unmerged paths; hidden ones (assume-unchanged, or
  /// skip-worktree though present), whose changes git would not see before it overwrites them.
  var dirty: [[UInt8]] = []
  var busy: LeaveReason.Busy?

  init(dirty: [[UInt8]] = [], busy: LeaveReason.Busy? = nil) {
    self.dirty = dirty
    self.busy = busy
  }

  /// - Parameters:
  ///   - quiet: seconds for which nobody may have written a file.
  ///   - ownsHands: whether it is the worktree of whoever asks, who has just finished something there.
  ///   - processes: those of this machine.
  init(
    _ worktree: Worktree, quiet: Double, ownsHands: Bool, processes: MachineProcesses, environment: Environment
  ) throws(GitError) {
    let git = GitCommand(in: worktree.path, environment: environment)
    if (worktree.gitDirectory / "index.lock").exists { busy = .index }
    if busy == nil, let running = try Activity.current(in: worktree, besides: ownsHands ? Activity.launch : nil) {
      busy = .running(running)
    }
    if busy == nil, !ownsHands, let running = processes.git(in: worktree) { busy = .git(running) }

    // A file system monitor may hang or lie, and 10,000 files are looked at in a few milliseconds.
    let status = try git.output([
      "-c", "core.fsmonitor=false", "status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=all",
      "--ignore-submodules=dirty",
    ])
    let entries = StatusEntries(status)
    dirty = entries.changed
    dirty += try Self.hiddenPaths(worktree, git)
    guard busy == nil, !ownsHands else { return }

    if Self.isMessageOpen(worktree, quiet: quiet) { busy = .message }
    let touched = try git.output([
      "-c", "core.fsmonitor=false", "diff-files", "--name-only", "-z", "--ignore-submodules=all",
    ])
    // A directory is another repository, or another worktree of this one: git looks into all others.
    let untracked = entries.untracked.filter { $0.last != UInt8(ascii: "/") }
    for path in untracked + touched.split(separator: 0).map(Array.init) where busy == nil {
      guard let seconds = Self.age(of: worktree.path.appending(path)), seconds < quiet else { continue }
      busy = .written(path: path, seconds: seconds)
    }
  }

  /// Seconds since the last write. A time in the future, as from another machine's clock, is as old as it is far ahead.
  private static func age(of file: FilePath) -> Double? {
    guard let status = try? file.status() else { return nil }
    return abs(Double(Clock.nowInNanoseconds() - status.modified)) / 1e9
  }

  /// `git commit` writes its message file before the editor opens and `HEAD`'s reflog when it is done. Only where no process
  /// can be seen does this say more than the commit itself, which runs as long as its editor.
  private static func isMessageOpen(_ worktree: Worktree, quiet: Double) -> Bool {
    let message = worktree.gitDirectory / "COMMIT_EDITMSG"
    guard let written = try? message.status()?.modified, let age = age(of: message), age < quiet,
      let moved = try? (worktree.gitDirectory / "logs/HEAD").status()?.modified
    else { return false }
    return written > moved
  }

  private static func hiddenPaths(_ worktree: Worktree, _ git: GitCommand) throws(GitError) -> [[UInt8]] {
    var hidden: [[UInt8]] = []
    for line in try git.output(["ls-files", "-v", "-z"]).split(separator: 0) {
      // "H path"; in lower case for assume-unchanged, "S" for skip-worktree; see git-ls-files(1).
      guard let tag = line.first, tag != UInt8(ascii: "H"), tag != UInt8(ascii: "M") else { continue }
      let path = Array(line.dropFirst(2))
      // A sparse checkout skips what is not there.
      if try fileSystem({ () throws(SystemError) in try worktree.path.appending(path).status() }) != nil {
        hidden.append(path)
      }
    }
    return hidden
  }
}

/// The paths of `git status --porcelain=v2 -z --no-renames`; see "Porcelain Format Version 2" in git-status(1).
struct StatusEntries {
  private(set) var changed: [[UInt8]] = []
  private(set) var untracked: [[UInt8]] = []

  init(_ output: [UInt8]) {
    for entry in output.split(separator: 0) {
      switch entry.first {
      case UInt8(ascii: "1"): changed.append(Self.path(entry, after: 8))
      case UInt8(ascii: "u"): changed.append(Self.path(entry, after: 10))
      case UInt8(ascii: "?"): untracked.append(Self.path(entry, after: 1))
      default: break
      }
    }
  }

  private static func path(_ entry: ArraySlice<UInt8>, after fields: Int) -> [UInt8] {
    let parts = entry.split(separator: UInt8(ascii: " "), maxSplits: fields, omittingEmptySubsequences: false)
    return parts.count > fields ? Array(parts[fields]) : []
  }
}
