import Git
import Platform

/// One maker or remover of worktrees at a time for a repository. The gits that make them hold the lock, too: one that goes on
/// when we are killed is waited for.
enum WorktreesLock {
  /// - Parameters:
  ///   - wait: seconds.
  ///   - waiting: told once, when there is somebody to wait for.
  static func take(
    in layout: RepositoryLayout, wait: Double, waiting: (_ process: Int32, _ description: String) -> Void
  ) throws -> FileLock {
    let path = layout.stateDirectory / "worktrees.lock"
    let deadline = Clock.monotonic() + wait
    var isTold = false
    try layout.stateDirectory.createDirectories()
    while true {
      if let lock = try FileLock(trying: path, holder: "making or removing worktrees") { return lock }
      let holder = FileLock.holder(of: path)
      if Clock.monotonic() >= deadline { throw WorktreesBusy(process: holder?.process) }
      if !isTold, let holder {
        waiting(holder.process, holder.description)
        isTold = true
      }
      Clock.sleep(seconds: 0.02)
    }
  }
}

/// Somebody else makes or removes worktrees, and does not come to an end.
public struct WorktreesBusy: Error, CustomStringConvertible {
  public let process: Int32?

  public var description: String {
    "worktrees are being made or removed by another command" + (process.map { " (process \($0))" } ?? "")
  }
}
