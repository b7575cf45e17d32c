import ArgumentParser
import Platform
import Reporting

struct BriefCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "brief", abstract: "Writes what somebody has to know who begins to work on a stream.",
    discussion: """
      Issues with what they wait for and whether that is done, key files, shared files and who is changing them now, the \
      stream's export stubs, the checks, and the steps when all is done: from the plan and from what is there.
      """)

  @ArgumentParser.Argument(help: "A stream of the plan; this worktree's by default.")
  var stream: String?

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    Printer(.output).print(try Brief(bench.plannedStream(stream), bench).lines())
  }
}
