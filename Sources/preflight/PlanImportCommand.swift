import ArgumentParser
import PlanFile
import Platform
import Reporting

struct PlanImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Makes a preflight.toml of a plan that was written for people.",
    discussion: """
      Reads Markdown with a heading for each workstream ('### Workstream 1: Name'), a table of its issues with their \
      priorities and dependencies, its branch and its files; 'git worktree add' lines name the directories. The plan is \
      printed, with a comment for every line that has no place in it; what does not add up is said on standard error.
      """)

  @ArgumentParser.Argument(help: "The page.")
  var file: String

  func run() throws {
    let path = try FilePath.currentDirectory().appending(file)
    guard let page = try path.contentsIfPresent() else { throw CommandFailure("there is no '\(file)'") }
    let plan = PlanImport(page: page, named: file)
    StandardStream.output.write(plan.text)
    Printer(.error).print(plan.notices.map { "preflight: \($0)" })
  }
}
