import ArgumentParser

@main struct Preflight: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preflight", abstract: "Keeps the parallel worktrees of one repository from stepping on one another.")
}
