#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// The three streams of this process.
public enum StandardStream: CInt, Sendable {
  case input = 0
  case output = 1
  case error = 2

  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// The columns of the terminal behind this stream; `nil` when there is none.
  public var width: Int? {
    var size = winsize()
    guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// The rows of the terminal behind this stream; `nil` when there is none.
  public var height: Int? {
    var size = winsize()
    guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return nil }
    return Int(size.ws_row)
  }

  /// Writes at once; a reader that has gone away is not our failure.
  public func write(_ text: String) { try? writeAll(rawValue, Array(text.utf8), path: nil) }
  public func write(_ bytes: [UInt8]) { try? writeAll(rawValue, bytes, path: nil) }

  /// Everything up to the end.
  public func readToEnd() throws(SystemError) -> [UInt8] { try readAll(rawValue, path: nil) }
}

/// The identity of this process and its user.
public enum CurrentProcess {
  public static var id: Int32 { getpid() }
  public static var user: UInt32 { getuid() }

  /// The machine's name, as gethostname(2) gives it; empty where it has none.
  public static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether a process with this id is there; it may be another user's.
  public static func isAlive(_ id: Int32) -> Bool { id > 0 && (kill(id, 0) == 0 || errno == EPERM) }

  /// How many processors run at the same time, at least 1.
  public static var processorCount: Int { max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))) }

  /// Ends the process without running what is still on the stack: leave the scope of every handle first.
  public static func exit(_ code: Int32) -> Never {
    #if canImport(Glibc)
      Glibc.exit(code)
    #elseif canImport(Musl)
      Musl.exit(code)
    #else
      Darwin.exit(code)
    #endif
  }

  /// The command line, its bytes as they were given: a path in it need not be UTF-8.
  public static var arguments: [[UInt8]] {
    (0..<Int(CommandLine.argc)).compactMap { index in
      CommandLine.unsafeArgv[index].map { word in
        UnsafeBufferPointer(start: word, count: strlen(word)).map { UInt8(bitPattern: $0) }
      }
    }
  }

  /// The absolute path of the running executable.
  public static func executable() throws(SystemError) -> FilePath {
    #if canImport(Darwin)
      var size: UInt32 = 4096
      var buffer = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&buffer, &size) == 0 else {
        throw SystemError(code: ENAMETOOLONG, operation: "find own path")
      }
      return try FilePath(buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }).resolved()
    #else
      return try FilePath("/proc/self/exe").resolved()
    #endif
  }
}
