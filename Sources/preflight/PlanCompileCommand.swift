import ArgumentParser
import Git
import Inspection
import Plan
import PlanFile
import Platform
import Rules

/// For hooks, which carry no TOML reader: the text on standard input, the compiled form on standard output.
struct PlanCompileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "compile", shouldDisplay: false)

  @Option var blob: String

  func run() throws {
    guard let id = ObjectID(hex: blob) else { throw ValidationError("--blob takes the full name of a blob") }
    let document = PlanDocument(try StandardStream.input.readToEnd(), file: PlanSource.fileName)
    let errors = document.faults.filter { $0.severity == .error }
    for fault in errors { StandardStream.error.write("\(fault)\n") }
    guard let plan = document.plan, errors.isEmpty else { throw ExitStatus.findings }
    StandardStream.output.write(CompiledPlan.encode(plan, sourceID: id.bytes))
  }
}

extension PlanDocument {
  /// With the rules that there are.
  init(_ bytes: [UInt8], file: String) {
    self.init(bytes, file: file, rules: RuleTable.entries.map(\.rule.rawValue))
  }
}
