import ArgumentParser
import Git
import Inspection
import Landing
import Platform
import Policies
import Reporting
import Sync
import WorkReports

struct ConflictsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflicts", abstract: "Shows who would conflict with whom, before anybody merges.",
    discussion: """
      Every worktree is merged with trunk and with every other one, in memory, together with what is not committed there. A \
      number counts the files in conflict, '-' is a clean merge; below the table is what one needs to settle each of them. \
      Nothing is written into the repository. Exit status: 0 nothing conflicts, 1 something does, 2 could not work.
      """)

  @Flag(help: "Merge one after another in the order of dependencies, and name the first that breaks.")
  var planned = false

  @Flag(help: "Leave out what is not committed.")
  var noDirty = false

  @Flag(help: "The map as JSON.")
  var json = false

  func run() throws {
    let bench = try Workbench()
    guard let trunk = bench.situation.trunk else {
      throw CommandFailure("no branch looks like trunk", hint: "preflight install")
    }
    let (prediction, merge) = bench.situation.prediction(
      onto: trunk, includesUncommitted: !noDirty, environment: bench.environment)
    let report = try prediction.report(planned: planned)
    show(report, merge.takeMerged().map(\.file))
    if !report.map.conflicts.isEmpty || report.planned?.firstBreak != nil { throw ExitStatus.findings }
  }

  private func show(_ report: Prediction.Report, _ merged: [PolicyMerge]) {
    let words = ConflictWords(report.map, report.packets)
    if json {
      StandardStream.output.write(words.json(planned: report.planned).text + "\n")
      return
    }
    let printer = Printer(.output)
    printer.print(words.table)
    printer.print(words.remarks)
    printer.print(merged.map { "merged by policy \($0.policy.rawValue): \(bytes: $0.path)" })
    printer.print(words.details)
    guard let merges = report.planned else { return }
    let planned = PlannedWords(merges)
    printer.print([""])
    printer.print(planned.table)
    printer.print(planned.summary)
  }
}
