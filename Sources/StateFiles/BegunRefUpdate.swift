import Git
import Platform

/// That a git of ours is about to move refs, on the disk before it is started, so that the locks which it leaves when it is
/// killed are known for what they are.
///
/// Only for whoever holds a lock of ours that this git has, too: then nobody who began before is still at work.
package struct BegunRefUpdate {
  private let file: FilePath
  private let locks: [FilePath]

  /// Seconds: far longer than git keeps such a lock; see `core.filesRefLockTimeout` in git-config(1).
  private static let patience = 1.5

  /// - Parameters:
  ///   - file: says that it has begun.
  ///   - references: in full.
  package init(_ file: FilePath, of references: [String], in layout: RepositoryLayout) {
    self.file = file
    locks = (references.map { "\($0).lock" } + ["reftable/tables.list.lock"]).map { layout.commonDirectory / $0 }
  }

  /// Runs `git`, which holds the lock that `descriptor` is of as long as it lives.
  package func run(_ git: GitCommand, _ arguments: [Argument], holding descriptor: Int32) throws(GitError)
    -> ProcessResult
  {
    try? file.write(Array("\(Clock.nowInNanoseconds())\n".utf8))
    var request = git.request(arguments)
    request.keptOpen = descriptor
    let result = try fileSystem { () throws(SystemError) in try ChildProcess.run(request) }
    if case .exited = result.ending { try? file.remove() }
    return result
  }

  /// Removes the locks that were taken since one was begun that has not been seen to end, and that nobody gives back.
  package func clearAbandoned() {
    guard let bytes = try? file.contentsIfPresent() else { return }
    // A file's time is of a clock that ticks every few milliseconds.
    let first = (Int64(String(decoding: firstLine(bytes), as: UTF8.self)) ?? .max) - 20_000_000
    let deadline = Clock.monotonic() + Self.patience
    for lock in locks {
      guard let status = try? lock.status(), status.modified >= first else { continue }
      while (try? lock.status()) == status, Clock.monotonic() < deadline { Clock.sleep(seconds: 0.02) }
      if (try? lock.status()) == status { try? lock.remove() }
    }
    try? file.remove()
  }
}
