import HookIdentity
import Platform

/// `preflight` and the executables that git runs: side by side in a build directory, else `<prefix>/bin/preflight` and
/// `<prefix>/libexec/preflight/<hook>`.
public struct ExecutableSet: Hashable, Sendable {
  public let program: FilePath
  private let hooks: FilePath

  /// Finds the others from where one of them is.
  ///
  /// - Parameter executable: absolute and resolved, as `CurrentProcess.executable()` gives it.
  public init(locatedFrom executable: FilePath) throws(InstallationError) {
    let own = executable.parent
    let prefix = own.parent
    let places: [(program: FilePath, hooks: FilePath)] = [
      (own / "preflight", own),
      (own / "preflight", prefix / "libexec/preflight"),
      (prefix.parent / "bin/preflight", own),
    ]
    let complete = places.first { Self.missing(in: $0.hooks).isEmpty && $0.program.canBeExecuted }
    guard let place = complete else {
      let closest = places.min { Self.missing(in: $0.hooks).count < Self.missing(in: $1.hooks).count } ?? places[0]
      let program = closest.program.canBeExecuted ? [] : ["preflight"]
      throw .incomplete(
        program: executable, missing: program + Self.missing(in: closest.hooks))
    }
    program = place.program
    hooks = place.hooks
  }

  public func executable(of hook: HookName) -> FilePath { hooks / hook.rawValue }

  /// What git runs to merge a shared file.
  public var mergeDriver: FilePath { hooks / Self.mergeDriverName }

  private static let mergeDriverName = "preflight-merge"

  private static func missing(in directory: FilePath) -> [String] {
    (HookName.allCases.map(\.rawValue) + [mergeDriverName]).filter { !(directory / $0).canBeExecuted }
  }
}

extension ExecutableSet {
  /// Becomes the hook, as `preflight hook NAME "$@"`: same process, same standard input, same arguments.
  ///
  /// The hook finds `PREFLIGHT_MANAGED=1` in its environment: whoever called us also calls what else is to run.
  /// Returns only by throwing.
  public func run(
    _ hook: HookName, arguments: [Argument], environment: Environment = .current
  ) throws(InstallationError) -> Never {
    var environment = environment
    environment[HookName.managedVariable] = "1"
    do {
      try CurrentProcess.replace(by: executable(of: hook), arguments: arguments, environment: environment)
    } catch { throw .system(error) }
  }
}
