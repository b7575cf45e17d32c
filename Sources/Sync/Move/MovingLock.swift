import Git
import Platform
import StateFiles

/// Held in a worktree while something of ours writes there, by us and by every git that we start for it: a git that outlives
/// us, when we are killed, holds it until it has ended too.
struct MovingLock: ~Copyable {
  private let lock: FileLock

  /// Seconds after which a git that still runs is taken to hang (a filter that waits for a network, say).
  private static let timeout = 600.0

  private static func file(_ gitDirectory: FilePath) -> FilePath { gitDirectory / "preflight/moving" }

  /// `nil` while somebody else works there.
  init?(in gitDirectory: FilePath) throws(GitError) {
    let file = Self.file(gitDirectory)
    let lock = try fileSystem { () throws(SystemError) in
      try file.parent.createDirectories()
      return try FileLock(trying: file, holder: "starting")
    }
    guard let lock else { return nil }
    self.lock = lock
  }

  /// The same once whatever a dead sync left at work has ended; `nil` where it has not by `deadline` (of the monotonic clock).
  init?(in gitDirectory: FilePath, waitingUntil deadline: Double) throws(GitError) {
    while true {
      if let own = try MovingLock(in: gitDirectory) {
        self = own
        return
      }
      // What still has it is a process that the git has left behind: a hook's, say.
      if Self.process(in: gitDirectory) == nil { try? Self.file(gitDirectory).remove() }
      if Clock.monotonic() >= deadline { return nil }
      Clock.sleep(seconds: 0.02)
    }
  }

  /// The git that holds the lock, 0 where it has not been noted yet; `nil` where it has ended.
  static func process(in gitDirectory: FilePath) -> Int32? {
    guard let holder = FileLock.holder(of: file(gitDirectory)), holder.description.hasPrefix("git ") else { return 0 }
    return CurrentProcess.isAlive(holder.process) ? holder.process : nil
  }

  borrowing func run(
    _ git: GitCommand, _ arguments: [Argument], input: [UInt8] = []
  ) throws(GitError) -> ProcessResult {
    var request = git.request(arguments, input: input)
    request.keptOpen = lock.descriptor
    request.timeout = Self.timeout
    return try fileSystem { () throws(SystemError) in
      let child = try ChildProcess(request)
      lock.note(process: child.id, "git in \(git.directory)")
      return child.finish()
    }
  }
}
