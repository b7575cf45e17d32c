import Git
import Platform

extension Doctor {
  /// Seconds. git holds the lock of a file while it writes it, an index for longer only where an editor is open meanwhile.
  private static let patience: Int64 = 60

  /// Lock files at which every later git stops; the one that was killed has left them.
  func examineLocks(_ result: inout Diagnosis) throws(GitError) {
    let common = repository.layout.commonDirectory
    let shared = ["packed-refs", "shallow", "config", "HEAD", "reftable/tables.list"].map { common / "\($0).lock" }
    for lock in shared + locks(below: common / "refs") { examine(lock, &result) }
    for worktree in try repository.layout.worktrees() where worktree.absence != .gone {
      for name in ["index", "HEAD", "config.worktree"] {
        let lock = worktree.gitDirectory / "\(name).lock"
        // That of the main worktree's HEAD is among the shared ones.
        if !shared.contains(lock) { examine(lock, &result, in: worktree.path) }
      }
    }
  }

  private func examine(_ lock: FilePath, _ result: inout Diagnosis, in place: FilePath? = nil) {
    guard let status = try? lock.status(),
      Clock.nowInNanoseconds() - status.modified > Self.patience * 1_000_000_000,
      // A sync that died has left its own, and the next command takes it away.
      (try? lock.contents())?.starts(with: "preflight ".utf8) != true
    else { return }
    result.faults.append(
      Fault(
        .lockLeft, "'\(lock)' is older than a minute: if no git is at work, one that was killed has left it",
        repair: "rm \(shellQuoted(lock))", in: place))
  }

  private func locks(below directory: FilePath) -> [FilePath] {
    ((try? directory.entries()) ?? []).flatMap { name -> [FilePath] in
      let path = directory.appending(name.bytes)
      guard let status = try? path.status() else { return [] }
      if status.isDirectory { return locks(below: path) }
      return path.bytes.suffix(5).elementsEqual(".lock".utf8) ? [path] : []
    }
  }
}
