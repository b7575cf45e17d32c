#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// What lstat(2) says of a file.
public struct FileStatus: Hashable, Sendable {
  public let mode: UInt32
  /// In bytes.
  public let size: Int64
  public let inode: UInt64
  public let device: UInt64
  public let owner: UInt32
  /// Nanoseconds since 1970, as is `changed`: of the last write, and of the last change to the file's own data.
  public let modified: Int64
  public let changed: Int64

  public var isDirectory: Bool { mode & 0o170000 == 0o040000 }
  public var isRegularFile: Bool { mode & 0o170000 == 0o100000 }
  public var isSymbolicLink: Bool { mode & 0o170000 == 0o120000 }
  public var permissions: UInt32 { mode & 0o7777 }
  public var isExecutable: Bool { mode & 0o111 != 0 }
}

extension FilePath {
  func withCPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { body($0.baseAddress!) }  // never empty: it ends in NUL
    }
  }

  /// `nil` where there is nothing; symbolic links are not followed.
  public func status() throws(SystemError) -> FileStatus? {
    var result = stat()
    guard withCPath({ lstat($0, &result) }) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw SystemError(code: errno, operation: "look at", path: self)
    }
    return FileStatus(result)
  }

  /// The same for what a symbolic link leads to.
  public func targetStatus() throws(SystemError) -> FileStatus? {
    var result = stat()
    guard withCPath({ stat($0, &result) }) == 0 else {
      if errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
      throw SystemError(code: errno, operation: "look at", path: self)
    }
    return FileStatus(result)
  }

  /// Whether both lead to one file or directory, however they are written.
  public func isSameFile(as other: FilePath) -> Bool {
    guard bytes != other.bytes else { return exists }
    guard let one = try? targetStatus(), let two = try? other.targetStatus() else { return false }
    return one.inode == two.inode && one.device == two.device
  }

  public var exists: Bool { withCPath { access($0, F_OK) } == 0 }
  public var isDirectory: Bool { (try? targetStatus())?.isDirectory ?? false }
  public var canBeExecuted: Bool { withCPath { access($0, X_OK) } == 0 }
  public var canBeWritten: Bool { withCPath { access($0, W_OK) } == 0 }

  /// Absolute, without symbolic links, `.` and `..`; see realpath(3).
  public func resolved() throws(SystemError) -> FilePath {
    guard let result = withCPath({ realpath($0, nil) }) else {
      throw SystemError(code: errno, operation: "resolve", path: self)
    }
    defer { free(result) }
    return FilePath(UnsafeBufferPointer(start: result, count: strlen(result)).map { UInt8(bitPattern: $0) })
  }

  /// The bytes of the file.
  public func contents() throws(SystemError) -> [UInt8] {
    let file = withCPath { open($0, O_RDONLY | O_CLOEXEC) }
    guard file >= 0 else { throw SystemError(code: errno, operation: "read", path: self) }
    defer { close(file) }
    var result = stat()
    let isRegular = fstat(file, &result) == 0 && result.st_mode & S_IFMT == S_IFREG
    return try readAll(file, expecting: isRegular ? Int(result.st_size) : 0, path: self)
  }

  /// `nil` where there is no such file.
  public func contentsIfPresent() throws(SystemError) -> [UInt8]? {
    do { return try contents() } catch {
      if error.code == ENOENT || error.code == ENOTDIR { return nil }
      throw error
    }
  }

  /// Where a symbolic link leads to, as written in it; `nil` when this is none.
  public func linkTarget() -> FilePath? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = withCPath { path in
      buffer.withUnsafeMutableBytes { readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), 4096) }
    }
    return count < 0 ? nil : FilePath(buffer[..<count])
  }

  /// Replaces the file as a whole: readers see the old bytes or the new, and a crash leaves one of them. A symbolic link is
  /// replaced, not followed.
  ///
  /// - Parameters:
  ///   - permissions: exactly these, whatever the umask.
  ///   - durable: whether the bytes must be on the disk when this returns; see fsync(2).
  public func write(_ contents: [UInt8], permissions: UInt32 = 0o644, durable: Bool = false) throws(SystemError) {
    let (temporary, file) = try createNeighbour()
    do throws(SystemError) {
      try fill(file, with: contents, permissions, durable: durable)
      try temporary.rename(to: self)
    } catch {
      try? temporary.remove()
      throw error
    }
    if durable { parent.synchronizeDirectory() }
  }

  /// Closes `file` in any case.
  private func fill(
    _ file: CInt, with contents: [UInt8], _ permissions: UInt32, durable: Bool
  ) throws(SystemError) {
    defer { close(file) }
    try writeAll(file, contents, path: self)
    guard fchmod(file, mode_t(permissions)) == 0 else {
      throw SystemError(code: errno, operation: "set mode of", path: self)
    }
    guard !durable || fsync(file) == 0 else { throw SystemError(code: errno, operation: "write", path: self) }
  }

  /// A new file in the same directory, open for writing, under a name that no other thread or process has chosen.
  private func createNeighbour() throws(SystemError) -> (path: FilePath, file: CInt) {
    while true {
      let path = parent / ".preflight.\(getpid()).\(UInt32.random(in: 0 ... .max)).new"
      let file = path.withCPath { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(0o600)) }
      if file >= 0 { return (path, file) }
      guard errno == EEXIST || errno == EINTR else { throw SystemError(code: errno, operation: "write", path: self) }
    }
  }

  /// Creates the file and fails with `EEXIST` where one is: the one way for two processes to agree who was first.
  public func create(_ contents: [UInt8], permissions: UInt32 = 0o644) throws(SystemError) {
    let file = withCPath { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(permissions)) }
    guard file >= 0 else { throw SystemError(code: errno, operation: "create", path: self) }
    defer { close(file) }
    try writeAll(file, contents, path: self)
  }

  /// Adds one record to the end of a file; records of up to 4 KiB from several processes do not mix.
  public func append(_ contents: [UInt8]) throws(SystemError) {
    let file = withCPath { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode_t(0o644)) }
    guard file >= 0 else { throw SystemError(code: errno, operation: "append to", path: self) }
    defer { close(file) }
    try writeAll(file, contents, path: self)
  }

  public func setPermissions(_ permissions: UInt32) throws(SystemError) {
    guard withCPath({ chmod($0, mode_t(permissions)) }) == 0 else {
      throw SystemError(code: errno, operation: "set mode of", path: self)
    }
  }

  public func rename(to other: FilePath) throws(SystemError) {
    let result = withCPath { own in
      other.withCPath {
        #if canImport(Glibc)
          Glibc.rename(own, $0)
        #elseif canImport(Musl)
          Musl.rename(own, $0)
        #else
          Darwin.rename(own, $0)
        #endif
      }
    }
    guard result == 0 else { throw SystemError(code: errno, operation: "rename", path: self) }
  }

  /// Removes a file or a symbolic link; nothing happens where there is none.
  public func remove() throws(SystemError) {
    guard withCPath({ unlink($0) }) == 0 || errno == ENOENT else {
      throw SystemError(code: errno, operation: "remove", path: self)
    }
  }

  /// Removes an empty directory.
  public func removeEmptyDirectory() throws(SystemError) {
    guard withCPath({ rmdir($0) }) == 0 || errno == ENOENT else {
      throw SystemError(code: errno, operation: "remove", path: self)
    }
  }

  /// Removes a file, or a directory with all that is in it; symbolic links are removed, not followed.
  public func removeRecursively() throws(SystemError) {
    guard let status = try status() else { return }
    guard status.isDirectory else { return try remove() }
    for name in try entries() { try appending(name.bytes).removeRecursively() }
    try removeEmptyDirectory()
  }

  public func createDirectories() throws(SystemError) {
    if isDirectory { return }
    if parent != self { try parent.createDirectories() }
    guard withCPath({ mkdir($0, mode_t(0o777)) }) != 0 else { return }
    let code = errno
    guard code == EEXIST, isDirectory else {  // somebody else may have been faster
      throw SystemError(code: code, operation: "create directory", path: self)
    }
  }

  /// A symbolic link at this path that leads to `target`.
  public func createLink(to target: FilePath) throws(SystemError) {
    let result = withCPath { own in target.withCPath { symlink($0, own) } }
    guard result == 0 else { throw SystemError(code: errno, operation: "link", path: self) }
  }

  /// Another name, this one, for the file at `other`; fails with `EEXIST` where something is. See link(2).
  public func createHardLink(to other: FilePath) throws(SystemError) {
    let result = withCPath { own in other.withCPath { link($0, own) } }
    guard result == 0 else { throw SystemError(code: errno, operation: "link", path: self) }
  }

  /// The names in a directory, without `.` and `..`, in bytewise order.
  public func entries() throws(SystemError) -> [FilePath] {
    guard let directory = withCPath({ opendir($0) }) else {
      throw SystemError(code: errno, operation: "list", path: self)
    }
    defer { closedir(directory) }
    var names: [FilePath] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { FilePath($0.prefix { $0 != 0 }) }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  func synchronizeDirectory() {
    let file = withCPath { open($0, O_RDONLY | O_CLOEXEC) }
    guard file >= 0 else { return }
    fsync(file)
    close(file)
  }

  /// A new empty directory in `$TMPDIR`, else `/tmp`; whoever asks removes it.
  public static func temporaryDirectory(prefix: String = "preflight") throws(SystemError) -> FilePath {
    let base = Environment.current["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let template = FilePath(base) / "\(prefix).XXXXXX"
    var bytes = template.bytes + [0]
    let made = bytes.withUnsafeMutableBytes { mkdtemp($0.baseAddress!.assumingMemoryBound(to: CChar.self)) != nil }
    guard made else { throw SystemError(code: errno, operation: "create temporary directory", path: template) }
    return FilePath(bytes.dropLast())
  }

  public static func currentDirectory() throws(SystemError) -> FilePath {
    guard let result = getcwd(nil, 0) else { throw SystemError(code: errno, operation: "find the current directory") }
    defer { free(result) }
    return FilePath(UnsafeBufferPointer(start: result, count: strlen(result)).map { UInt8(bitPattern: $0) })
  }
}

/// Reads to the end of `file`.
///
/// - Parameter size: of a regular file, which is read no further: who adds to it meanwhile is too late.
func readAll(_ file: CInt, expecting size: Int = 0, path: FilePath?) throws(SystemError) -> [UInt8] {
  var code: CInt = 0
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = Platform.read(file, buffer)
      if count >= 0 { return count }
      if errno != EINTR {
        code = errno
        return 0
      }
    }
  }
  var result = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let taken = read(into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
      if taken == 0 { return }
      count += taken
    }
  }
  while code == 0, size == 0 {
    let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    if chunk.isEmpty { break }
    result += chunk
  }
  if code != 0 { throw SystemError(code: code, operation: "read", path: path) }
  return result
}

/// Writes all of `contents`, however often write(2) takes only a part.
func writeAll(_ file: CInt, _ contents: [UInt8], path: FilePath?) throws(SystemError) {
  var offset = 0
  while offset < contents.count {
    let count = contents.withUnsafeBytes { write(file, $0.baseAddress! + offset, $0.count - offset) }
    if count >= 0 {
      offset += count
    } else if errno == EAGAIN {  // a terminal or pipe that another program left non-blocking
      var waits = [pollfd(fd: file, events: Int16(POLLOUT), revents: 0)]
      _ = waitForFiles(&waits, seconds: 1)
    } else if errno != EINTR {
      throw SystemError(code: errno, operation: "write", path: path)
    }
  }
}
