import Platform

/// Who has a lock that a check waits for.
public struct CheckLockHolder: Hashable, Sendable {
  public var process: Int32
  public var check: String
  public var worktree: FilePath
  /// Seconds since 1970.
  public var since: Int64

  public init(process: Int32, check: String, worktree: FilePath, since: Int64) {
    self.process = process
    self.check = check
    self.worktree = worktree
    self.since = since
  }
}

/// The locks that this user's checks share on this machine: a file each, held by flock(2), which dies with its process.
struct CheckLocks {
  let directory: FilePath

  init(in state: StateDirectory) throws(SystemError) { directory = try state.directory("locks") }

  /// `nil` while somebody else holds the lock.
  func take(_ name: String, for check: String, in worktree: FilePath) throws(SystemError) -> FileLock? {
    let words = ["\(Clock.now())", percentEncoded(check.utf8), percentEncoded(worktree.bytes)]
    return try FileLock(trying: path(of: name), holder: words.joined(separator: " "))
  }

  func holder(of name: String) -> CheckLockHolder? {
    guard let (process, words) = FileLock.holder(of: path(of: name)) else { return nil }
    let parts = words.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 3, let since = Int64(String(Substring(parts[0]))), let check = percentDecoded(parts[1]),
      let worktree = percentDecoded(parts[2])
    else { return nil }
    let checkName = String(decoding: check, as: UTF8.self)
    return CheckLockHolder(process: process, check: checkName, worktree: FilePath(worktree), since: since)
  }

  /// A name becomes a file name; one that is too long for that becomes its digest.
  func path(of name: String) -> FilePath {
    let encoded = percentEncoded(name.utf8, allowing: "-_")
    guard encoded.utf8.count > 200 else { return directory / "\(encoded).lock" }
    var fingerprint = Fingerprint()
    fingerprint.add(name)
    return directory / "\(fingerprint.hex).digest.lock"
  }
}
