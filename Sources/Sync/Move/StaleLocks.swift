import Git
import Platform
import StateFiles

/// The locks of refs that a git which was killed while it moved a branch has left.
struct StaleLocks {
  private let files: [FilePath]

  /// How long git holds such a lock is counted in milliseconds; see `core.filesRefLockTimeout` in git-config(1).
  private static let patience = 1.5

  /// - Parameter deletes: whether refs were to be deleted, too.
  init(of record: UndoRecord, deletes: Bool, in worktree: Worktree) {
    var shared = [record.branch, record.old, record.new, record.base, record.work].map { "\($0).lock" }
    shared.append("reftable/tables.list.lock")
    // Only to delete a ref git writes the second one, and only while it has the first.
    if deletes { shared += ["packed-refs.lock", "packed-refs.new"] }
    let own = ["HEAD.lock", "ORIG_HEAD.lock", "reftable/tables.list.lock"]
    files = shared.map { worktree.commonDirectory / $0 } + own.map { worktree.gitDirectory / $0 }
  }

  /// Removes those that were taken since then and that nobody gives back.
  ///
  /// - Parameter began: nanoseconds since 1970.
  func remove(since began: Int64) throws(GitError) {
    // A file's time is of a clock that ticks every few milliseconds.
    let first = began - 20_000_000
    let found = files.compactMap { file in (try? file.status()).map { (file, $0) } }.filter { $1.modified >= first }
    let deadline = Clock.monotonic() + Self.patience
    for (file, status) in found {
      while (try? file.status()) == status, Clock.monotonic() < deadline { Clock.sleep(seconds: 0.05) }
      if (try? file.status()) == status { try fileSystem { () throws(SystemError) in try file.remove() } }
    }
  }
}
