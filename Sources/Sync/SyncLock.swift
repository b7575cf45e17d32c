import Git
import Platform
import StateFiles

/// One sync at a time for a repository: a lock that dies with its process.
///
/// No trigger is lost although whoever finds the lock taken may leave: it had moved trunk *before* it tried, so the holder,
/// which reads trunk again *after* releasing, sees that move.
enum SyncLock {
  /// Who syncs just now, in its own words.
  struct Holder: Hashable, Sendable {
    let process: Int32
    let description: String
  }

  private static func file(_ layout: RepositoryLayout) -> FilePath { layout.stateDirectory / "sync.lock" }

  /// Runs `body` under the lock; returns the holder, and runs nothing, when somebody else has it for longer than `wait`
  /// seconds.
  ///
  /// - Parameter waiting: told once, when there is somebody to wait for.
  static func hold(
    in layout: RepositoryLayout, as description: String, wait: Double, waiting: (Holder) -> Void,
    _ body: () throws(GitError) -> Void
  ) throws(GitError) -> Holder? {
    let path = file(layout)
    try fileSystem { () throws(SystemError) in try layout.stateDirectory.createDirectories() }
    let deadline = Clock.monotonic() + wait
    var isTold = false
    while true {
      let lock = try fileSystem { () throws(SystemError) in try FileLock(trying: path, holder: description) }
      if let lock {
        try body()
        _ = consume lock
        return nil
      }
      let holder = FileLock.holder(of: path).map { Holder(process: $0.process, description: $0.description) }
      let known = holder ?? Holder(process: 0, description: "")
      if Clock.monotonic() >= deadline { return known }
      if !isTold { waiting(known) }
      isTold = true
      Clock.sleep(seconds: 0.05)
    }
  }
}
