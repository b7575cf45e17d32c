#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// An exclusive lock on a file that dies with its process; see flock(2).
///
/// The file stays (removing it would let two processes hold "the" lock) and says who holds the lock, for messages only.
public struct FileLock: ~Copyable {
  private let file: CInt

  /// `nil` when somebody else holds the lock.
  public init?(trying path: FilePath, holder: String = "") throws(SystemError) {
    let file = path.withCPath { open($0, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(0o644)) }
    guard file >= 0 else { throw SystemError(code: errno, operation: "lock", path: path) }
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let code = errno
      close(file)
      if code == EWOULDBLOCK { return nil }
      throw SystemError(code: code, operation: "lock", path: path)
    }
    ftruncate(file, 0)
    try? writeAll(file, Array("\(getpid()) \(holder)\n".utf8), path: path)
    self.file = file  // last: from here on a failure would close it twice
  }

  /// What `ProcessRequest.keptOpen` takes, for a child that is to hold the lock as long as it lives, also when this process
  /// dies before it.
  public var descriptor: Int32 { file }

  /// Says that `process` is who holds the lock.
  public func note(process: Int32, _ description: String) {
    ftruncate(file, 0)
    lseek(file, 0, SEEK_SET)
    try? writeAll(file, Array("\(process) \(description)\n".utf8), path: nil)
  }

  deinit {
    ftruncate(file, 0)
    flock(file, LOCK_UN)  // close(2) alone would not do: a child on its way to exec(2) has a copy for a moment
    close(file)
  }

  /// Who holds the lock at `path`, as that process described itself: its id and its words; `nil` when nobody does, or in
  /// the moment before it has said so. After a crash the last holder stands there until the next comes: ask only when the
  /// lock was not to be had.
  public static func holder(of path: FilePath) -> (process: Int32, description: String)? {
    guard let bytes = try? path.contents() else { return nil }
    let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    let parts = line.split(separator: " ", maxSplits: 1)
    guard let first = parts.first, let process = Int32(first) else { return nil }
    return (process, parts.count > 1 ? String(parts[1]) : "")
  }
}
