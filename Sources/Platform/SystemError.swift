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

  public var description: String {
    let object = path.map { " '\($0)'" } ?? ""
    return "cannot \(operation)\(object): \(errorText(code))"
  }
}
