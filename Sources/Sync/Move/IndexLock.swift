import Git
import Platform
import StateFiles

/// A worktree's `index.lock`, taken as git takes it: while it is there no commit, `add`, `stash` or `switch` can begin.
///
/// It says whose it is, so that whoever finds it after a crash can tell it from that of another git.
struct IndexLock {
  let path: FilePath
  private let mark: [UInt8]

  /// - Parameter owner: names one sync of one process.
  init(of gitDirectory: FilePath, owner: String) {
    path = gitDirectory / "index.lock"
    mark = Array("preflight sync \(owner)\n".utf8)
  }

  /// `false` where somebody else has it.
  func take() throws(GitError) -> Bool {
    try fileSystem { () throws(SystemError) in
      // By another name first: a lock that is there and does not yet say whose it is could belong to any git.
      let draft = path.parent / "preflight/index.lock"
      try draft.parent.createDirectories()
      try draft.write(mark)
      defer { try? draft.remove() }
      do throws(SystemError) { try path.createHardLink(to: draft) } catch {
        if path.exists { return false }
        try path.create(mark)  // a disk without hard links
      }
      return true
    }
  }

  var isOurs: Bool { (try? path.contents()) == mark }

  func release() throws(GitError) {
    guard isOurs else { return }
    try fileSystem { () throws(SystemError) in try path.remove() }
  }
}
