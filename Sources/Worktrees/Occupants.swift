import Git
import Platform

/// The processes that work in a worktree, as far as this machine shows them.
struct Occupants {
  let processes: [RunningProcess]

  /// This process itself does not count.
  init(of worktree: Worktree, among all: [RunningProcess] = RunningProcess.all()) {
    let top = (try? worktree.path.resolved()) ?? worktree.path
    processes = all.filter { process in
      guard process.id != CurrentProcess.id, let directory = process.directory, directory.isInside(top) else {
        return false
      }
      // Worktrees may lie within one another: the nearest around the directory counts.
      guard let nearest = try? RepositoryLayout(around: directory) else { return true }
      return nearest.commonDirectory != worktree.commonDirectory || nearest.gitDirectory == worktree.gitDirectory
    }
  }
}
