import Git
import Platform

/// Clears away what a killed `git worktree add` has left of a worktree that never was one, and of that only what git itself
/// had written: nobody can have worked in it.
struct WorktreeRemains {
  let layout: RepositoryLayout
  let record: MakingRecord

  /// What git writes of a registration before it is one.
  private static let gitsFiles: Set<[UInt8]> = Set(
    ["locked", "gitdir", "commondir", "HEAD", "HEAD.lock", "config.worktree", "logs", "refs", "info"].map {
      Array($0.utf8)
    })

  /// Afterwards the directory is gone, or holds only what somebody else has put there.
  func clear() throws(SystemError) {
    let registry = layout.commonDirectory / "worktrees"
    for name in registry.isDirectory ? try registry.entries() : [] where !record.registered.contains(name.bytes) {
      let registration = registry.appending(name.bytes)
      if try isOurs(registration) { try registration.removeRecursively() }
    }
    try clearDirectory()
  }

  /// Whether it is the beginning of a registration of this very place, with nothing of anybody's in it: no index, and a HEAD
  /// that leads nowhere.
  private func isOurs(_ registration: FilePath) throws(SystemError) -> Bool {
    guard registration.isDirectory, try registration.entries().allSatisfy({ Self.gitsFiles.contains($0.bytes) })
    else { return false }
    if let head = try (registration / "HEAD").contentsIfPresent(), head.first != UInt8(ascii: "0"), !head.isEmpty {
      return false
    }
    guard let pointer = try (registration / "gitdir").contentsIfPresent(), !pointer.isEmpty else {
      // Too early to say whose it is; a git that is at work goes on within a moment.
      return try registration.status().map { Clock.nowInNanoseconds() - $0.modified > 2_000_000_000 } ?? false
    }
    let gitFile = FilePath(pointer.filter { $0 != UInt8(ascii: "\n") })
    return gitFile.parent == record.path || gitFile.parent.isSameFile(as: record.path)
  }

  /// Removes a `.git` that leads to a registration which is no more, and the directory if nothing else is in it.
  private func clearDirectory() throws(SystemError) {
    guard record.path.isDirectory else { return }
    let gitFile = record.path / ".git"
    if let status = try gitFile.status(), status.isRegularFile {
      let bytes = try gitFile.contents()
      let prefix = Array("gitdir: ".utf8)
      let target = FilePath(bytes.dropFirst(prefix.count).filter { $0 != UInt8(ascii: "\n") })
      let isDangling = bytes.starts(with: prefix) && !target.exists && target.parent.isInside(layout.commonDirectory)
      if bytes.isEmpty || isDangling { try gitFile.remove() }
    }
    if try record.path.entries().isEmpty { try record.path.removeEmptyDirectory() }
  }
}
