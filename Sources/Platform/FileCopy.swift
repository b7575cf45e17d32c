#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

extension FilePath {
  /// Copies the bytes, the permissions and the time of the last write, so that whoever compares times with those of other
  /// files (git, of an index) sees no difference. The copy replaces what was at `copy` as a whole.
  public func copyWithTime(to copy: FilePath) throws(SystemError) {
    guard let status = try targetStatus() else { throw SystemError(code: ENOENT, operation: "copy", path: self) }
    try copy.write(try contents(), permissions: status.permissions)
    try copy.setModified(status.modified)
  }

  /// Sets the time of the last write, and of the last access with it.
  ///
  /// - Parameter nanoseconds: since 1970.
  public func setModified(_ nanoseconds: Int64) throws(SystemError) {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let time = timespec(
      tv_sec: Int(rest < 0 ? seconds - 1 : seconds), tv_nsec: Int(rest < 0 ? rest + 1_000_000_000 : rest))
    let result = withCPath { path in
      [time, time].withUnsafeBufferPointer { utimensat(AT_FDCWD, path, $0.baseAddress, 0) }
    }
    guard result == 0 else { throw SystemError(code: errno, operation: "set the time of", path: self) }
  }
}
