import Git
import Platform

/// Brings a worktree that git has registered, and whose files it has not all written, to its end.
///
/// What is missing is written. A file that is there and differs, which may be half of one or somebody's, is kept first.
struct WorktreeCompletion {
  let worktree: Worktree
  let environment: Environment
  /// Whether the worktree is to have its files at all.
  let fills: Bool

  /// - Returns: where the files that differed are kept, by their paths; `nil` where there were none.
  func run() throws -> FilePath? {
    var kept: FilePath?
    let git = GitCommand(in: worktree.path, environment: environment)
    if fills {
      // The git that had them is dead: it held our lock, too.
      for name in ["index.lock", "HEAD.lock", "ORIG_HEAD.lock"] { try (worktree.gitDirectory / name).remove() }
      if let branch = worktree.branch { try StaleLock(worktree.commonDirectory / "\(branch).lock").remove() }
      kept = try keepDiffering(git)
      try git.output(["reset", "--quiet", "--hard", "--no-recurse-submodules"])
    }
    if worktree.lockReason == SiteStanding.gitsOwnLock { try (worktree.gitDirectory / "locked").remove() }
    if fills, let tip = try git.lineIfAny(["rev-parse", "--verify", "--quiet", "HEAD"]) {
      // As the git that was killed would have; what it says is its own affair. Since git 2.36.
      _ = try git.run([
        "hook", "run", "--ignore-missing", "post-checkout", "--",
        Argument(String(repeating: "0", count: tip.utf8.count)),
        Argument(tip), "1",
      ])
    }
    return kept
  }

  private func keepDiffering(_ git: GitCommand) throws -> FilePath? {
    let index = worktree.gitDirectory / "preflight/completion-index"
    try index.parent.createDirectories()
    try index.remove()
    defer { try? index.remove() }
    var inspection = git
    inspection.environment[bytes: "GIT_INDEX_FILE"] = index.bytes
    try inspection.output(["read-tree", "HEAD"])
    let list = try inspection.output([
      "-c", "core.fsmonitor=false", "diff-files", "--name-only", "--diff-filter=MTU", "-z", "--ignore-submodules=all",
    ])
    let paths = list.split(separator: 0).map(Array.init)
    if paths.isEmpty { return nil }
    var directory = worktree.gitDirectory / "preflight/kept"
    var number = 1
    while directory.exists {
      number += 1
      directory = worktree.gitDirectory / "preflight/kept-\(number)"
    }
    for path in paths {
      let (file, copy) = (worktree.path.appending(path), directory.appending(path))
      try copy.parent.createDirectories()
      if let target = file.linkTarget() { try copy.createLink(to: target) } else { try file.copyWithTime(to: copy) }
    }
    return directory
  }
}
