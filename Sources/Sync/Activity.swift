import Git
import Platform
import StateFiles

/// Something of ours that runs in a worktree (a check, a launched command): while one is held, no sync moves that worktree.
///
/// Several may run at once, each in a slot of its own; a slot is a lock that dies with its process, so a crash leaves
/// nothing to clean up.
public struct Activity: ~Copyable {
  /// How a launched program describes itself. It runs for hours: its own commits and syncs move its worktree nonetheless.
  public static let launch = "launch"

  private static let slots = ["running"] + (1..<16).map { "running.\($0)" }
  private let lock: FileLock

  /// `nil` when all slots are taken, which says that the worktree is busy anyway.
  public init?(_ description: String, in layout: RepositoryLayout) throws(GitError) {
    let directory = layout.worktreeStateDirectory
    try fileSystem { () throws(SystemError) in try directory.createDirectories() }
    for slot in Self.slots {
      let taken = try fileSystem { () throws(SystemError) in
        try FileLock(trying: directory / slot, holder: description)
      }
      guard let taken else { continue }
      lock = taken
      return
    }
    return nil
  }

  /// For a program that this process is to become, which then goes on being what runs there; see
  /// `CurrentProcess.replace`.
  public var descriptor: Int32 { lock.descriptor }

  /// What runs in a worktree now, in its own words; `nil` when nothing does.
  ///
  /// - Parameter besides: a description that does not count.
  public static func current(in worktree: Worktree, besides: String? = nil) throws(GitError) -> String? {
    for slot in slots {
      let file = worktree.layout.worktreeStateDirectory / slot
      guard file.exists else { continue }
      if try !isFree(file) {
        let words = FileLock.holder(of: file)?.description ?? ""
        if words != besides { return words }
      }
    }
    return nil
  }

  /// Asked by trying the lock: another process that asks at the same instant looks like a holder, so we ask twice.
  private static func isFree(_ file: FilePath) throws(GitError) -> Bool {
    for _ in 0..<2 {
      let lock = try fileSystem { () throws(SystemError) in try FileLock(trying: file) }
      if lock != nil { return true }
      Clock.sleep(seconds: 0.002)
    }
    return false
  }
}
