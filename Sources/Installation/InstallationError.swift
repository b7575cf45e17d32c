import Git
import Platform

/// Why nothing, or nothing more, was installed or removed.
public enum InstallationError: Error, Sendable, CustomStringConvertible {
  /// Executables that should lie beside `program` or below its prefix.
  case incomplete(program: FilePath, missing: [String])
  /// What is in the way; nothing was changed.
  case obstructed([Obstacle])
  case git(GitError)
  case system(SystemError)

  public var description: String {
    switch self {
    case .incomplete(let program, let missing):
      "'\(program)' comes without \(missing.map { "'\($0)'" }.joined(separator: ", ")): run './install.sh' again"
    case .obstructed(let obstacles): obstacles.map(\.text).joined(separator: "\n")
    case .git(let error): error.description
    case .system(let error): error.description
    }
  }
}

/// Something that installing would have to overwrite, and so does not touch.
public struct Obstacle: Error, Hashable {
  public let path: FilePath
  public let text: String
  /// A command that clears the way once somebody has looked.
  public let repair: String
}

func attempt<Result>(_ body: () throws(GitError) -> Result) throws(InstallationError) -> Result {
  do { return try body() } catch { throw .git(error) }
}

func attemptSystem<Result>(_ body: () throws(SystemError) -> Result) throws(InstallationError) -> Result {
  do { return try body() } catch { throw .system(error) }
}
