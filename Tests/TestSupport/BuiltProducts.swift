import Foundation
import Platform

/// The executables that were built together with the test that is running.
public enum BuiltProducts {
  /// Beside the test's own executable; on macOS beside the bundle that the test runner has loaded.
  public static func directory() throws -> FilePath {
    if let bundle = Bundle.allBundles.first(where: { $0.bundlePath.hasSuffix(".xctest") }) {
      return try FilePath(bundle.bundlePath).parent.resolved()
    }
    return try CurrentProcess.executable().parent
  }

  public static func executable(_ name: String) throws -> FilePath {
    let path = try directory() / name
    guard path.canBeExecuted else { throw UnexpectedExit(description: "'\(path)' has not been built") }
    return path
  }
}

extension TestRepository {
  /// Runs the built `preflight` at the top of this repository, or at `place`.
  public func preflight(
    _ arguments: Argument..., in place: FilePath? = nil, environment: [String: String] = [:]
  ) throws -> CommandOutcome {
    try attempt(BuiltProducts.executable("preflight"), arguments, in: place, environment: environment)
  }
}
