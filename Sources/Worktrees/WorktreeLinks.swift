import Git
import Platform

/// What became of one path that the plan has linked from the main worktree.
public enum LinkOutcome: Hashable, Sendable {
  case made
  /// It was there.
  case present
  /// The main worktree has no such file, now.
  case missing
  /// Something else is there, and stays.
  case occupied
  /// A directory on the way is a symbolic link: what is behind it is not this worktree's.
  case leadsElsewhere
  case failed(String)
}

/// Symbolic links in a worktree to files of the main one: settings and secrets that no commit holds.
struct WorktreeLinks {
  let main: FilePath
  let worktree: FilePath

  func make(_ path: String) -> LinkOutcome {
    do throws(SystemError) { return try link(path) } catch { return .failed(error.description) }
  }

  private func link(_ path: String) throws(SystemError) -> LinkOutcome {
    let name = FilePath(path).normalized
    let (source, link) = (main.appending(name.bytes), worktree.appending(name.bytes))
    if let status = try link.status() {
      return status.isSymbolicLink && link.isSameFile(as: source) ? .present : .occupied
    }
    guard source.exists else { return .missing }
    var directory = link.parent
    while directory != worktree {
      if try directory.status()?.isSymbolicLink == true { return .leadsElsewhere }
      directory = directory.parent
    }
    try link.parent.createDirectories()
    // Relative, so that both may be moved or mounted together.
    let target = try source.parent.resolved().appending(source.lastComponent.bytes)
      .relative(to: link.parent.resolved())
    do { try link.createLink(to: target) } catch {
      guard try link.status() != nil else { throw error }
      return link.isSameFile(as: source) ? .present : .occupied  // somebody was faster
    }
    return .made
  }
}
