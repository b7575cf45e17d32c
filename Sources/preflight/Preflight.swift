import ArgumentParser
import HookSupport
import Platform

@main struct Preflight: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preflight", abstract: "Keeps the parallel worktrees of one repository from stepping on one another.",
    version: preflightVersion,
    subcommands: [PlanCommand.self])

  /// 0: clean; 1: findings; 2: could not work; 64: usage.
  static func main() {
    ignoreBrokenPipes()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let status as ExitStatus {
      CurrentProcess.exit(status.code)
    } catch {
      if exitCode(for: error) == .validationFailure || error is CleanExit || error is ExitCode {
        exit(withError: error)
      }
      StandardStream.error.write("preflight: error: \(fullMessage(for: error))\n")
      CurrentProcess.exit(2)
    }
  }
}

/// Ends a command with a status and without another word.
struct ExitStatus: Error {
  let code: Int32

  static let findings = ExitStatus(code: 1)
  static let failure = ExitStatus(code: 2)
}
