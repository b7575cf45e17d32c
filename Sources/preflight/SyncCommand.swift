import ArgumentParser
import Git
import Plan
import Platform
import Reporting
import Sync

struct SyncCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync", abstract: "Fetches, and brings every worktree onto trunk.",
    discussion: """
      Clean worktrees with nothing in progress are rebased in place; a conflict is undone there and reported. Dirty, busy \
      and held ones are left alone and named. Exit status: 0 nothing conflicts, 1 a conflict or a trunk that has diverged \
      from its remote, 2 could not work.
      """)

  @Flag(help: "Show what would be done; change nothing.")
  var dryRun = false

  @Option(name: .customLong("stream"), help: "Only this stream or branch; may be repeated.")
  var streams: [String] = []

  @Flag(help: "Do not ask the remote first.")
  var noFetch = false

  @Option(help: "Seconds to wait for a sync that is running.")
  var wait: Double = 30

  @Flag(help: "The report as JSON.")
  var json = false

  func run() throws {
    let bench = try Workbench()
    guard let names = bench.situation.names else {
      throw CommandFailure("no branch looks like trunk", hint: "preflight install")
    }
    for name in streams where bench.plan.stream(name) == nil {
      guard try bench.layout.worktrees().contains(where: { $0.branch?.shortBranchName == name }) else {
        throw CommandFailure("there is no stream and no worktree branch '\(name)'", hint: "git worktree list")
      }
    }
    var options = SyncRun.Options()
    options.isDryRun = dryRun
    options.streams = streams
    options.fetches = !noFetch
    options.wait = wait
    options.retriesConflicts = true
    let sync = SyncRun(
      bench.layout, environment: bench.environment, plan: bench.plan, names: names, options: options
    ) { process, description in
      StandardStream.error.write("preflight: waiting for \(description) (process \(process))\n")
    }
    let report = try sync.run()
    try show(report)
    if case .runningElsewhere = report.state { throw ExitStatus.failure }
    if report.state == .noTrunk { throw ExitStatus.failure }
    if report.state == .diverged || !report.conflicts.isEmpty { throw ExitStatus.findings }
  }

  private func show(_ report: SyncReport) throws {
    let words = SyncWords(report)
    if json {
      StandardStream.output.write(words.json.text + "\n")
      return
    }
    let printer = Printer(.output)
    printer.print(words.table)
    printer.print(words.commands)
    Printer(.error).print(words.remarks)
  }
}
