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
    try StaleLock(referenceLock).remove()
    let registry = layout.commonDirectory / "worktrees"
    for name in registry.isDirectory ? try registry.entries() : [] where !record.registered.contains(name.bytes) {
      let registration = registry.appending(name.bytes)
      if try isOurs(registration) { try registration.removeRecursively() }
    }
    try clearDirectory()
  }

  /// Whether nothing is left of it.
  var areNone: Bool {
    get throws(SystemError) {
      let registry = layout.commonDirectory / "worktrees"
      let isRegistered =
        registry.isDirectory
        ? try registry.entries().contains { !record.registered.contains($0.bytes) } : false
      return !isRegistered && !referenceLock.exists && SiteStanding.isFree(record.path)
    }
  }

  private var referenceLock: FilePath { layout.commonDirectory / "\(record.branch).lock" }

  /// Whether it is the beginning of a registration of this very place, with nothing of anybody's in it: no index, and a HEAD
  /// that leads nowhere.
  private func isOurs(_ registration: FilePath) throws(SystemError) -> Bool {
    guard registration.isDirectory, try registration.entries().allSatisfy({ Self.gitsFiles.contains($0.bytes) })
    else { return false }
    if let head = try (registration / "HEAD").contentsIfPresent(), head.first != UInt8(ascii: "0"), !head.isEmpty {
      return false
    }
    guard let pointer = try pointer(in: registration) else { return registration.exists }
    let gitFile = FilePath(pointer.filter { $0 != UInt8(ascii: "\n") })
    return gitFile.parent == record.path || gitFile.parent.isSameFile(as: record.path)
  }

  /// Whose it is; `nil` where that is not said. A git that is at work says it within a moment, and ours is dead.
  private func pointer(in registration: FilePath) throws(SystemError) -> [UInt8]? {
    for _ in 0..<30 {
      if let pointer = try (registration / "gitdir").contentsIfPresent(), !pointer.isEmpty { return pointer }
      Clock.sleep(seconds: 0.05)
    }
    return nil
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

/// A lock of git's that nobody gives back: the git that had it was killed.
struct StaleLock {
  private let file: FilePath

  init(_ file: FilePath) { self.file = file }

  /// Removes it, unless somebody changes it while we watch: git holds such locks for milliseconds.
  func remove() throws(SystemError) {
    guard let status = try file.status() else { return }
    let deadline = Clock.monotonic() + 1.5
    while try file.status() == status {
      guard Clock.monotonic() < deadline else { return try file.remove() }
      Clock.sleep(seconds: 0.05)
    }
  }
}
