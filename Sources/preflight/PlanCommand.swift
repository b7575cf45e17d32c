import ArgumentParser
import Git
import Plan
import PlanFile
import Platform
import Rules

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Reads and checks preflight.toml.", subcommands: [Compile.self])

  /// For hooks, which carry no TOML reader: the text on standard input, the compiled form on standard output.
  struct Compile: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)

    @Option var blob: String

    func run() throws {
      guard let id = ObjectID(hex: blob) else { throw ValidationError("--blob takes the full name of a blob") }
      let text = try StandardStream.input.readToEnd()
      let document = PlanDocument(text, file: "preflight.toml", rules: RuleTable.entries.map(\.rule.rawValue))
      let errors = document.faults.filter { $0.severity == .error }
      for fault in errors { StandardStream.error.write("\(fault)\n") }
      guard let plan = document.plan, errors.isEmpty else { throw ExitStatus.findings }
      StandardStream.output.write(CompiledPlan.encode(plan, sourceID: id.bytes))
    }
  }
}
