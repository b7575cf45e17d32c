import Platform

/// Why git, or reading what git wrote, did not work.
public struct GitError: Error, Sendable, CustomStringConvertible {
  public enum Reason: Sendable {
    /// There is no repository around the directory.
    case notARepository(FilePath)
    /// git's guard against other people's directories; see safe.directory in git-config(1). Holds git's own words.
    case notOwned(String)
    /// An object that the repository should have: a shallow or partial clone, or damage.
    case missingObject(ObjectID)
    /// Bytes that are not what git writes there.
    case malformed(String)
    /// A git process that failed: its arguments, its status and what it said.
    case command(arguments: [String], status: Int32, message: String)
    /// A function of libgit2 that failed.
    case library(operation: String, code: Int32, message: String)
    case system(SystemError)
  }

  public let reason: Reason

  public init(_ reason: Reason) { self.reason = reason }
  init(_ error: SystemError) { reason = .system(error) }

  public var description: String {
    switch reason {
    case .notARepository(let directory): "not a git repository: '\(directory)'"
    case .notOwned(let message): message
    case .missingObject(let id): "object \(id) is missing (a shallow or partial clone, or damage): try 'git fetch'"
    case .malformed(let what): "cannot read \(what)"
    case .command(let arguments, let status, let message):
      "'git \(arguments.joined(separator: " "))' failed with status \(status): \(message)"
    case .library(let operation, _, let message): "cannot \(operation): \(message)"
    case .system(let error): error.description
    }
  }
}

/// Runs `body`, turning what the system says into a `GitError`.
func systemCall<Result>(_ body: () throws(SystemError) -> Result) throws(GitError) -> Result {
  do { return try body() } catch { throw GitError(error) }
}
