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
      let modified = status.st_mtimespec
    #else
      let modified = status.st_mtim
    #endif
    self.init(
      mode: UInt32(status.st_mode), size: Int64(status.st_size), inode: UInt64(status.st_ino),
      device: UInt64(bitPattern: Int64(status.st_dev)), owner: UInt32(status.st_uid),
      modified: Int64(modified.tv_sec) * 1_000_000_000 + Int64(modified.tv_nsec))
  }
}

func errorText(_ code: CInt) -> String {
  String(cString: strerror(code))
}
