import ArgumentParser

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Reads and checks preflight.toml.",
    subcommands: [PlanCheckCommand.self, PlanImportCommand.self, PlanCompileCommand.self])
}
