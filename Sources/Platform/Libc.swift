import CPlatform

// Everything that differs between Linux and macOS in this target is in this file.
#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

#if canImport(Darwin)
  typealias SpawnFileActions = posix_spawn_file_actions_t?
  typealias SpawnAttributes = posix_spawnattr_t?
#else
  typealias SpawnFileActions = posix_spawn_file_actions_t
  typealias SpawnAttributes = posix_spawnattr_t
#endif

func emptySpawnFileActions() -> SpawnFileActions {
  #if canImport(Darwin)
    return nil
  #else
    return SpawnFileActions()
  #endif
}

func emptySpawnAttributes() -> SpawnAttributes {
  #if canImport(Darwin)
    return nil
  #else
    return SpawnAttributes()
  #endif
}

extension FileStatus {
  init(_ status: stat) {
    #if canImport(Darwin)
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #else
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #endif
    self.init(
      mode: UInt32(status.st_mode), size: Int64(status.st_size), inode: UInt64(status.st_ino),
      device: UInt64(bitPattern: Int64(status.st_dev)), owner: UInt32(status.st_uid),
      modified: nanoseconds(modified), changed: nanoseconds(changed))
  }
}

private func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }

func errorText(_ code: CInt) -> String {
  String(cString: strerror(code))
}

/// POSIX_SPAWN_SETSID: since glibc 2.26, musl 1.1.18 and macOS 10.15.
#if canImport(Darwin)
  let spawnInOwnSession: Int16 = 0x400
#else
  let spawnInOwnSession: Int16 = 0x80
#endif

func isIgnored(_ action: sigaction) -> Bool {
  #if canImport(Darwin)
    let handler = action.__sigaction_u.__sa_handler
  #elseif canImport(Musl)
    let handler = action.__sa_handler.sa_handler
  #else
    let handler = action.__sigaction_handler.sa_handler
  #endif
  return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}

/// Whether child `id` has ended; it stays to be waited for.
func hasEnded(_ id: pid_t) -> Bool {
  var info = siginfo_t()
  while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT | WNOHANG) != 0 {
    if errno != EINTR { return true }  // ECHILD: gone, and waited for by somebody else
  }
  return info.si_signo != 0
}

/// Sleeps until child `id` has ended; it stays to be waited for.
func waitUntilEnded(_ id: pid_t) {
  var info = siginfo_t()
  while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
}

/// Sends a signal to a process, or to a group by its negative id; see kill(2).
func sendSignal(_ signal: CInt, to id: pid_t) {
  #if canImport(Glibc)
    _ = Glibc.kill(id, signal)
  #elseif canImport(Musl)
    _ = Musl.kill(id, signal)
  #else
    _ = Darwin.kill(id, signal)
  #endif
}

/// `false` when nothing happened in time; see poll(2).
func waitForFiles(_ files: inout [pollfd], seconds: Double) -> Bool {
  let milliseconds = Int32((seconds * 1000).rounded(.up))
  #if canImport(Glibc)
    return Glibc.poll(&files, nfds_t(files.count), milliseconds) > 0
  #elseif canImport(Musl)
    return Musl.poll(&files, nfds_t(files.count), milliseconds) > 0
  #else
    return Darwin.poll(&files, nfds_t(files.count), milliseconds) > 0
  #endif
}

/// Less than, equal to or greater than 0, as one comes before the other byte by byte, a beginning before the whole.
public func compareBytes(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Int {
  let common = min(one.count, other.count)
  if common > 0 {
    let order = memcmp(one.baseAddress!, other.baseAddress!, common)  // neither is empty
    if order != 0 { return Int(order) }
  }
  return one.count - other.count
}

/// Where the first NUL is; see memchr(3).
public func firstNullByte(in bytes: UnsafeRawBufferPointer) -> Int? {
  guard let start = bytes.baseAddress, let found = memchr(start, 0, bytes.count) else { return nil }
  return UnsafeRawPointer(found) - start
}

/// Where `needle` is in `bytes` for the first time; see memmem(3).
public func firstOccurrence(of needle: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer) -> Int? {
  guard let start = bytes.baseAddress, let wanted = needle.baseAddress,
    let found = preflight_find_bytes(start, UInt(bytes.count), wanted, UInt(needle.count))
  else { return nil }
  return UnsafeRawPointer(found) - start
}

/// See read(2).
func read(_ file: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  #if canImport(Glibc)
    return Glibc.read(file, buffer.baseAddress, buffer.count)
  #elseif canImport(Musl)
    return Musl.read(file, buffer.baseAddress, buffer.count)
  #else
    return Darwin.read(file, buffer.baseAddress, buffer.count)
  #endif
}
