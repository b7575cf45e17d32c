#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// A directory that is held open, so that what is in it is found by name alone, however many are asked for.
public struct OpenDirectory: ~Copyable {
  private let file: CInt

  /// `nil` where there is none that we may read.
  public init?(_ path: FilePath) {
    let file = path.withCPath { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    if file < 0 { return nil }
    self.file = file
  }

  /// The one of that name in another; `nil` where there is none, and where a symbolic link has the name.
  public init?(_ name: [UInt8], in parent: borrowing OpenDirectory) {
    let place = parent.file
    let file = name.withUnsafeBytes { bytes in
      Self.withCName(bytes) { openat(place, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
    }
    if file < 0 { return nil }
    self.file = file
  }

  deinit { close(file) }

  /// What is there under a name; symbolic links are not followed.
  public func status(of name: UnsafeRawBufferPointer) -> FileStatus? {
    var result = stat()
    let code = Self.withCName(name) { fstatat(file, $0, &result, AT_SYMLINK_NOFOLLOW) }
    return code == 0 ? FileStatus(result) : nil
  }

  /// Calls `body` for each name but `.` and `..`, in no order; `false` where the directory cannot be read.
  ///
  /// - Parameter body: what it is given is gone when it has returned.
  public func forEachName(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    // A stream of its own: closing one closes what it was made of.
    let copy = openat(file, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = fdopendir(copy) else {
      if copy >= 0 { close(copy) }
      return false
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      withUnsafeBytes(of: &entry.pointee.d_name) { field in
        let name = UnsafeRawBufferPointer(rebasing: field[..<(firstNullByte(in: field) ?? field.count)])
        if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { body(name) }
      }
    }
    return true
  }

  private static func withCName<Result>(
    _ name: UnsafeRawBufferPointer, _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: name.count + 1) { buffer in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: name)
      buffer[name.count] = 0
      return body(buffer.baseAddress!)  // never empty: it ends in NUL
    }
  }
}
