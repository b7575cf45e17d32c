import Git
import Platform

/// Who is at work on this machine, as it was when this was made.
struct MachineProcesses: Sendable {
  /// Gits that change worktrees, each with the directory in which it works.
  private let gits: [(subcommand: String, directory: FilePath)]

  init() {
    gits = RunningProcess.all().compactMap { process in
      guard let git = GitInvocation(process), git.changesWorktree, let directory = process.directory else { return nil }
      return (git.subcommand, directory)
    }
  }

  /// The subcommand of a git that changes `worktree`; `nil` where none is seen.
  func git(in worktree: Worktree) -> String? {
    gits.first { git in
      // Worktrees may lie within one another: the nearest around the directory counts.
      (try? RepositoryLayout(around: git.directory).gitDirectory) == worktree.gitDirectory
    }?.subcommand
  }
}
