import Git
import Platform

/// A directory of its own in which the story plays, and the environment in which its commands run: nobody's configuration,
/// no variable that binds git or preflight to anything outside.
public struct Stage: Sendable {
  /// Absolute, without symbolic links.
  public let directory: FilePath
  public let environment: Environment

  /// - Parameter programs: the directory of the executables that are shown; they are found before any others.
  public init(programs: FilePath, environment: Environment = .current) throws(SystemError) {
    directory = try FilePath.temporaryDirectory(prefix: "preflight-demo").resolved()
    self.environment = Self.sealed(environment, programs: programs, home: directory)
    try Self.temporaryFiles(in: directory).createDirectories()
  }

  /// What every directory of the stage goes by on the screen.
  func path(of place: FilePath) -> FilePath { directory.appending(place.bytes).normalized }

  /// A program that was just ended may still write its last file while we remove the first.
  func remove() throws(SystemError) {
    for _ in 0..<20 where (try? directory.removeRecursively()) == nil { Clock.sleep(seconds: 0.05) }
    try directory.removeRecursively()
  }

  /// On the stage too, for a program that is interrupted leaves them behind.
  private static func temporaryFiles(in home: FilePath) -> FilePath { home / "tmp" }

  private static func sealed(_ inherited: Environment, programs: FilePath, home: FilePath) -> Environment {
    var result = inherited
    for name in inherited.names where name.hasPrefix("GIT_") || name.hasPrefix("PREFLIGHT_") { result[name] = nil }
    // What would change how a shell starts, what commands print, or that they see nobody at a terminal.
    for name in ["XDG_CONFIG_HOME", "CI", "CLICOLOR_FORCE", "PWD", "OLDPWD", "CDPATH", "ENV", "BASH_ENV"] {
      result[name] = nil
    }
    result[bytes: "PATH"] = programs.bytes + Array(":".utf8) + (inherited[bytes: "PATH"] ?? Array("/usr/bin:/bin".utf8))
    result[bytes: "HOME"] = home.bytes
    result[bytes: "XDG_STATE_HOME"] = (home / "state").bytes
    result[bytes: "TMPDIR"] = temporaryFiles(in: home).bytes
    result["GIT_CONFIG_GLOBAL"] = "/dev/null"
    result["GIT_CONFIG_SYSTEM"] = "/dev/null"
    result["GIT_TERMINAL_PROMPT"] = "0"
    result["LC_ALL"] = "C"
    return result
  }
}
