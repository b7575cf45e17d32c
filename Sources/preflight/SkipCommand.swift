import ArgumentParser
import Inspection
import Platform
import Rules

struct SkipCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skip", abstract: "Lets the next commit in this worktree pass a rule.",
    discussion: "The bypass is recorded, shown by 'preflight' and 'preflight doctor', and judged again at push.")

  @ArgumentParser.Argument(help: "A rule's id or a prefix of it, such as exports.foreign or exports.")
  var rule: String

  @Option(help: "Why, for those who read it later.")
  var why: String

  func run() throws {
    let known = RuleTable.entries.map(\.rule.rawValue)
    guard known.contains(where: { $0 == rule || $0.hasPrefix(rule + ".") }) else {
      throw ValidationError("there is no rule '\(rule)'; the rules are: \(known.joined(separator: ", "))")
    }
    let bench = try Workbench()
    try Bypasses(
      commonState: bench.layout.stateDirectory, worktreeState: bench.layout.worktreeStateDirectory,
      environment: bench.environment
    ).skipNext(rule, because: why)
    StandardStream.output.write("the next commit here passes \(rule)\n")
    try bench.followTrunk()
  }
}
