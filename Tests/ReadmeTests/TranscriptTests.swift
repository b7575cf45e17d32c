import Foundation
import Platform
import Rules
import TestSupport
import Testing

@Suite("The README's commands")
struct TranscriptTests {
  @Test("Every command prints what the README says, and exits as it says")
  func transcript() throws {
    let readme = try Readme()
    let plan = try #require(readme.blocks.first { $0.label == "toml" })
    let transcript = Transcript(readme)
    for (step, outcome) in zip(transcript.steps, try transcript.outcomes(plan: plan.text)) {
      guard let outcome else {
        Issue.record("\(step.place): the shell ended before '\(step.command)'")
        continue
      }
      let output = outcome.output.joined(separator: "\n")
      #expect(
        outcome.status == step.expectedStatus, "\(step.place): \(step.command)\nprints:\n\(output)")
      if step.isHidden { continue }
      #expect(
        lasting(outcome.output) == lasting(step.expectedOutput),
        "\(step.place): \(step.command)\nprints:\n\(output)")
    }
  }

  @Test("Every rule is shown at work, at its default severity")
  func everyRule() throws {
    let output = Transcript(try Readme()).steps.flatMap(\.expectedOutput)
    // The shop shares no JSON file, which 'structure.json' judges.
    for entry in RuleTable.entries where entry.rule.rawValue != "structure.json" {
      let severity = entry.severity == .error ? "error: " : "warning: "
      #expect(
        output.contains { $0.contains(severity) && $0.contains("[\(entry.rule.rawValue)]") }, "\(entry.rule.rawValue)")
    }
  }

  @Test("Other commands are those of install.sh, which .ci/run and Tests/InstallScript/run try")
  func installScript() throws {
    let commands = try Readme().blocks.filter { $0.label == "sh" }.flatMap(\.lines).map {
      $0.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
    }
    #expect(commands == ["./install.sh demo", "./install.sh test", "./install.sh"])
    let tried = try [".ci/run", "Tests/InstallScript/run"].map {
      try String(contentsOf: Readme.root.appending(path: $0), encoding: .utf8)
    }
    for command in commands { #expect(tried.contains { $0.contains(command) }, "\(command)") }
  }

  @Test("The commands of the table are those of 'preflight --help'")
  func commands() throws {
    let directory = try TemporaryDirectory()
    let environment = sealedEnvironment(home: directory.path)
    func subcommands(_ arguments: Argument...) throws -> [String] {
      let program = try BuiltProducts.executable("preflight")
      let result = try ChildProcess.run(
        ProcessRequest(program, arguments + ["--help"], environment: environment, directory: directory.path))
      let help = String(decoding: result.output, as: UTF8.self).components(separatedBy: "\n")
      return help.split(separator: "").filter { $0.first?.hasSuffix("SUBCOMMANDS:") == true }.joined()
        .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
        .map { String($0.split(separator: " ")[0]) }
    }
    let groups = ["plan", "memory"]
    var known = try subcommands().filter { !groups.contains($0) }.map { "preflight \($0)" }
    for group in groups { known += try subcommands(Argument(group)).map { "preflight \(group) \($0)" } }
    let rows = try Readme().lines.compactMap(cells).map { quoted($0[0]) }
    let shown = rows.joined().filter { $0.hasPrefix("preflight ") }
    #expect(shown.sorted() == known.sorted())
  }
}
