import ArgumentParser
import Platform
import Reporting
import Sync
import WorkReports

struct UndoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Takes a sync back: branches, indexes and files go to where they were.",
    discussion: """
      Work done since is kept: commits are replayed, uncommitted changes stay. A worktree where that is not possible is \
      left as it is and named. What is kept of a sync expires after 30 days. Exit status: 0 all is back, 1 some was left, \
      2 could not work.
      """)

  @ArgumentParser.Argument(help: "The sync, as '--list' names it, or the beginning of its name; the latest by default.")
  var sync: String?

  @Flag(help: "Show the syncs that can be taken back; change nothing.")
  var list = false

  @OptionGroup var common: SyncOptions

  func run() throws {
    let bench = try Workbench()
    let undo = SyncUndo(
      bench.layout, environment: bench.environment, plan: bench.plan, names: bench.situation.names, wait: common.wait,
      waiting: showWaiting)
    if list { return show(try undo.kept()) }
    let report = try undo.run(sync)
    switch report.state {
    case .unknown:
      guard let sync else { throw CommandFailure("there is no sync to take back") }
      throw CommandFailure("there is no one sync '\(sync)'", hint: "preflight undo --list")
    case .runningElsewhere(let process, let description):
      throw CommandFailure("nothing was taken back: \(description) is still running (process \(Int(process)))")
    case .done: show(report)
    }
    if !report.refused.isEmpty { throw ExitStatus.findings }
  }

  private func show(_ syncs: [KeptSync]) {
    if common.json {
      StandardStream.output.write(syncs.json.text + "\n")
    } else if syncs.isEmpty {
      StandardStream.output.write("no sync is kept\n")
    } else {
      Printer(.output).print(syncs.table)
    }
  }

  private func show(_ report: UndoReport) {
    let words = UndoWords(report)
    if common.json {
      StandardStream.output.write(words.json.text + "\n")
      return
    }
    let printer = Printer(.output)
    printer.print(words.table)
    printer.print(words.commands)
    Printer(.error).print(words.remarks)
  }
}
