import ArgumentParser
import HookSupport
import Platform
import Reporting

@main struct Preflight: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preflight", abstract: "Keeps the parallel worktrees of one repository from stepping on one another.",
    version: preflightVersion,
    groupedSubcommands: [
      CommandGroup(
        name: "Everyday",
        subcommands: [
          CheckCommand.self, StatusCommand.self, SyncCommand.self, UndoCommand.self, HoldCommand.self,
          UnholdCommand.self, ConflictsCommand.self, ResolveCommand.self, AskCommand.self, SkipCommand.self,
        ]),
      CommandGroup(
        name: "Merge",
        subcommands: [NextCommand.self, FinishCommand.self, MergeCommand.self, RevertCommand.self]),
      CommandGroup(
        name: "Worktree",
        subcommands: [UpCommand.self, BriefCommand.self, LaunchCommand.self, DownCommand.self]),
      CommandGroup(
        name: "Hive",
        subcommands: [
          SignalCommand.self, DoneCommand.self, ClaimCommand.self, MemoryCommand.self, LogCommand.self,
        ]),
      CommandGroup(
        name: "Plan",
        subcommands: [InitCommand.self, PlanCommand.self, StubsCommand.self, TryCommand.self, TrustCommand.self]),
      CommandGroup(
        name: "Setup",
        subcommands: [
          InstallCommand.self, DoctorCommand.self, UninstallCommand.self, HookCommand.self, HookFollowCommand.self,
          HookChecksCommand.self, HookMovedHeadCommand.self, NoticeCommand.self, DemoCommand.self,
        ]),
    ],
    defaultSubcommand: CheckCommand.self)

  /// 0: clean; 1: findings; 2: could not work; 64: usage.
  static func main() {
    ignoreBrokenPipes()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let status as ExitStatus {
      CurrentProcess.exit(status.code)
    } catch let interrupted as Interrupted {
      CurrentProcess.die(of: interrupted.signal)
    } catch {
      // ArgumentParser's own: help and version are success to it, wrong usage is 64.
      if [.success, .validationFailure].contains(exitCode(for: error)) { exit(withError: error) }
      Printer(.error).print(lines(for: error))
      CurrentProcess.exit(2)
    }
  }
}

extension Preflight {
  private static func lines(for error: any Error) -> [DisplayText] {
    let failure = error as? CommandFailure ?? CommandFailure(String(describing: error))
    return failure.details.map { DisplayText($0) } + ["\("preflight: error:", .error) \(failure.text)"]
      + (failure.hint.map { ["\("hint:", .hint) \($0)"] } ?? [])
  }
}

/// A signal came: the process is to end by it once every handle is closed.
struct Interrupted: Error {
  let signal: Int32
}

/// Ends a command with a status and without another word.
struct ExitStatus: Error {
  let code: Int32

  static let findings = ExitStatus(code: 1)
  static let failure = ExitStatus(code: 2)
}
