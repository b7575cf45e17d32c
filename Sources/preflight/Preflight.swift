import ArgumentParser
import HookSupport
import Platform
import Reporting

@main struct Preflight: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preflight", abstract: "Keeps the parallel worktrees of one repository from stepping on one another.",
    version: preflightVersion,
    subcommands: [
      PlanCommand.self, InstallCommand.self, UninstallCommand.self, HookCommand.self, SyncCommand.self,
      HoldCommand.self, UnholdCommand.self, SkipCommand.self, DoctorCommand.self, StatusCommand.self,
    ])

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
      Printer(.error).print("\("preflight: error:", .error) \(String(describing: error))")
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
