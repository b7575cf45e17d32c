import Git
import HookIdentity
import Platform
import Reporting

/// Starts `preflight` from a hook, for what happens too seldom to be in each of them: on the same repository, with the same
/// environment, speaking where the hook speaks.
public struct ProgramStart {
  private let invocation: HookInvocation

  public init(_ invocation: HookInvocation) { self.invocation = invocation }

  /// - Returns: its exit status.
  @discardableResult
  public func run(_ arguments: [Argument]) throws -> Int32 {
    let repository = try Repository(invocation.layout(), environment: invocation.environment)
    guard let program = ProgramFile.find(for: repository) else { throw ProgramMissing() }
    var request = ProcessRequest(
      program, arguments, environment: invocation.environment, directory: invocation.directory, output: .inherited,
      error: .inherited)
    request.timeout = nil
    return try ChildProcess.run(request).exitStatus
  }
}

struct ProgramMissing: Error, CustomStringConvertible {
  let description = "the program 'preflight' is gone (install it, then: preflight install)"
}

/// Where `preflight` is.
package enum ProgramFile {
  /// The recorded program, else the one that this hook was built with.
  package static func find(for repository: Repository) -> FilePath? {
    if let recorded = try? repository.configuration()[programKey], FilePath(recorded).canBeExecuted {
      return FilePath(recorded)
    }
    guard let own = try? CurrentProcess.executable() else { return nil }
    return [own.parent / "preflight", own.parent / "../../bin/preflight"].first { $0.canBeExecuted }
  }
}
