#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// A file's bytes in memory, of which only what is looked at is read; see mmap(2).
///
/// For files that are replaced by a rename, never cut short in place: reading behind a new, nearer end kills the process.
public struct FileMapping: ~Copyable {
  /// Gone when this value is.
  public let bytes: UnsafeRawBufferPointer

  public init(_ path: FilePath) throws(SystemError) {
    let file = path.withCPath { open($0, O_RDONLY | O_CLOEXEC) }
    guard file >= 0 else { throw SystemError(code: errno, operation: "read", path: path) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw SystemError(code: errno, operation: "read", path: path) }
    let count = Int(status.st_size)
    guard count > 0 else {  // mmap refuses it
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED else {
      throw SystemError(code: errno, operation: "read", path: path)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  /// - Parameter body: what it is given is gone when it has returned.
  public borrowing func withBytes<Result, Failure>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes)
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}
