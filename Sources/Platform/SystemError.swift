#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// A system call that failed: what was tried, on what, and the system's reason.
public struct SystemError: Error, Sendable, CustomStringConvertible {
  /// The value of `errno`; see errno(3).
  public let code: CInt
  public let operation: String
  public let path: FilePath?

  public init(code: CInt, operation: String, path: FilePath? = nil) {
    self.code = code
    self.operation = operation
    self.path = path
  }

  /// ENOENT for a path that was looked for in vain.
  public static func missing(_ path: FilePath, operation: String) -> SystemError {
    SystemError(code: ENOENT, operation: operation, path: path)
  }

  /// Whether a program was given more than the system hands on; see E2BIG in execve(2).
  public var isArgumentListTooLong: Bool { code == E2BIG }

  public var description: String {
    let object = path.map { " '\($0)'" } ?? ""
    return "cannot \(operation)\(object): \(errorText(code))"
  }
}
