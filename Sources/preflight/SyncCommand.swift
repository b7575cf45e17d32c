import ArgumentParser
import Git
import Landing
import Plan
import Platform
import Reporting
import Sync
import WorkReports

struct SyncCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync", abstract: "Fetches, and brings every worktree onto trunk.",
    discussion: """
      Worktrees with nothing in progress are rebased in place, uncommitted work and all; one that conflicts stays as it is, \
      and is reported. Busy and held ones, and those with uncommitted work where trunk has moved, are left alone and named. \
      Whatever the plan's mode, this command moves. Exit status: 0 nothing conflicts, 1 a conflict, something that git \
      or the remote refused or a trunk that has diverged from its remote, 2 could not work.
      """)

  @Flag(help: "Show what would be done; change nothing.")
  var dryRun = false

  @Option(name: .customLong("stream"), help: "Only this stream or branch; may be repeated.")
  var streams: [String] = []

  @Option(help: ArgumentHelp("A commit that stands for trunk, this once.", valueName: "ref"))
  var onto: String?

  @Flag(help: "Only the worktree that you stand in.")
  var here = false

  @Option(
    help: ArgumentHelp(
      "Put the own commits of this stream or branch on a new branch from trunk, in a new worktree.", valueName: "id"))
  var fresh: String?

  @Flag(help: "Then push the branches that the remote has and that a sync has moved, each with its exact lease.")
  var push = false

  @Flag(
    name: .customLong("run"),
    help: "Then run the plan's [[after-sync]] commands that this sync or an earlier one has queued.")
  var runsCommands = false

  @Flag(help: "Do not ask the remote first.")
  var noFetch = false

  @OptionGroup var common: SyncOptions

  func validate() throws {
    if here, !streams.isEmpty { throw ValidationError("--here and --stream each say what is to be moved") }
    if fresh != nil, here || push || onto != nil || !streams.isEmpty {
      throw ValidationError("--fresh goes with --dry-run, --no-fetch, --wait and --json only")
    }
  }

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
    if here, bench.situation.worktree == nil { throw CommandFailure("a bare repository has no worktree here") }
    var options = SyncRun.Options()
    options.isDryRun = dryRun
    options.streams = streams
    options.onlyCurrent = here
    options.onto = onto
    options.fetches = !noFetch
    options.wait = common.wait
    options.retriesConflicts = true
    let sync = SyncRun(
      bench.layout, environment: bench.environment, plan: bench.plan, names: names, options: options,
      waiting: showWaiting)
    // A connection of its own: a fetch that names the hive's ref beside trunk's would use none of the remote's configured
    // refspecs, and fail as a whole where the remote has no such ref; and sharing ends in a push.
    if !noFetch, !dryRun { try bench.shareHive() }
    var report = try fresh.map { try sync.startAfresh(from: branch(of: $0, bench)) } ?? sync.run()
    if push, !dryRun { try sync.push(&report) }
    var hasFailed = false
    if dryRun {
      show(report)
    } else {
      let now = try Workbench()  // the fetch may have brought another plan
      try now.situation.refreshMergeDriver()
      show(report)
      Printer(.error).print(try now.queueCommands(after: report))
      if runsCommands {
        let desk = OutboxDesk(now.situation, environment: now.environment)
        hasFailed = try now.drain(desk, on: Printer(.error))
      }
      try now.startNotices()
    }
    switch report.state {
    case .runningElsewhere, .noTrunk, .noTarget: throw ExitStatus.failure
    case .diverged: throw ExitStatus.findings
    case .done, .predicted: break
    }
    let isClean = report.conflicts.isEmpty && report.refusals.isEmpty && report.refusedPushes.isEmpty
    if hasFailed || !isClean { throw ExitStatus.findings }
  }

  /// The branch of a stream, or one of that name; in full.
  private func branch(of name: String, _ bench: Workbench) throws -> String {
    let branch = "refs/heads/" + (bench.plan.stream(name)?.branch ?? name)
    if branch == bench.situation.names?.branch {
      throw CommandFailure("'\(branch.shortBranchName)' is trunk, and no stream")
    }
    guard try bench.repository.target(of: branch) != nil else {
      throw CommandFailure("there is no stream and no branch '\(name)'", hint: "git branch --list")
    }
    return branch
  }

  private func show(_ report: SyncReport) {
    let words = SyncWords(report)
    if common.json {
      StandardStream.output.write(words.json.text + "\n")
      return
    }
    let printer = Printer(.output)
    if !report.entries.isEmpty { printer.print(words.table) }
    printer.print(words.commands)
    Printer(.error).print(words.remarks)
  }
}
