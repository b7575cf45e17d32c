import ArgumentParser
import Checks
import Git
import HookSupport
import Inspection
import Landing
import Plan
import Platform
import Reporting
import StateFiles
import Sync
import WorkReports

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merges the next stream into trunk, checked as it will land, and brings the others along.",
    discussion: """
      Fetches and syncs; takes what 'preflight next' names first; runs the checks on the very tree that trunk will have; runs \
      the plan's [merge] command, or makes the merge here ([merge] kind: merge, squash or rebase); then syncs the rest, and \
      pushes what the remote has of it. Stops at the first conflict or red check. A merge that is made here stays here unless \
      --push says otherwise. Exit status: 0 done, 1 stopped, 2 could not work.
      """)

  @ArgumentParser.Argument(help: "Streams, in the order of merging; by default the next one.")
  var streams: [String] = []

  @Flag(help: "Go on until nothing more may merge.")
  var all = false

  @Flag(help: "Show the whole train with what is predicted of it; change nothing.")
  var dryRun = false

  @Flag(help: "Publish trunk, too, where the merge is made here.")
  var push = false

  @Flag(help: "The dry run as JSON.")
  var json = false

  func validate() throws {
    if all, !streams.isEmpty { throw ValidationError("--all and streams by name are two ways to say what merges") }
    if json, !dryRun { throw ValidationError("--json goes with --dry-run") }
  }

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    guard let names = bench.situation.names else {
      throw CommandFailure("no branch looks like trunk", hint: "preflight install")
    }
    for id in streams where bench.plan.stream(id) == nil {
      throw CommandFailure("there is no stream '\(id)' in the plan", hint: "preflight next --all")
    }
    if dryRun { return try showForecast(bench) }
    try bench.layout.stateDirectory.createDirectories()
    let file = bench.layout.stateDirectory / "merge.lock"
    guard let lock = try FileLock(trying: file, holder: "merge") else {
      let process = FileLock.holder(of: file).map { " (process \($0.process))" } ?? ""
      throw CommandFailure("another 'preflight merge' runs\(process)")
    }
    defer { withExtendedLifetime(lock) {} }
    var options = MergeTrain.Options()
    (options.takesAll, options.streams, options.pushesTrunk) = (all, streams, push)
    let environment = bench.environment
    var train = MergeTrain(
      bench.layout, names: names, environment: environment, options: options,
      open: { try Workbench(environment: environment).situation },
      openAt: { try Workbench(at: $0, environment: environment).situation },
      check: { site in try Workbench(at: site.worktree, environment: environment).isGreen(site) },
      notify: { try Workbench(environment: environment).startNotices() })
    train.waiting = showWaiting
    let printer = Printer(.output)
    let ending = try train.run { event in
      printer.print(TrainWords.lines(for: event, bench))
      if case .synced(let report) = event {
        Printer(.error).print(try Workbench(environment: environment).queueCommands(after: report))
      }
    }
    if let stop = ending.stop {
      printer.print(TrainWords.lines(for: stop, bench))
      if stop.isConflict { try showPacket(of: stop) }
      throw ExitStatus.findings
    }
    if ending.merged.isEmpty { printer.print("nothing may merge now") }
    if let next = ending.next, all || ending.merged.isEmpty {
      printer.print(NextWords(bench).lines(for: next))
    }
    if bench.plan.merge.isEmpty, !push, let remote = names.remote, !ending.merged.isEmpty {
      printer.print("\("hint:", .hint) to publish it: git push \(remote) \(names.branch.shortBranchName)")
    }
  }

  /// What one needs to settle it: the same as `preflight conflicts` shows.
  ///
  /// A sync replays a branch commit by commit: it may meet a conflict where the tips alone would merge.
  private func showPacket(of stop: MergeTrain.Stop) throws {
    let bench = try Workbench()
    if case .conflicts(let streams) = stop {
      let standing = StandingConflicts(bench.layout)
      let worktrees = try bench.layout.worktrees()
      for stream in streams.compactMap({ bench.plan.stream($0) }) {
        let branch = "refs/heads/\(stream.branch)"
        guard let conflict = try standing.conflict(of: branch) else { continue }
        Printer(.output).print(
          TrainWords.lines(for: conflict, of: stream.id, in: worktrees.first { $0.branch == branch }?.path))
      }
    }
    guard let trunk = bench.situation.trunk else { return }
    let (prediction, _) = bench.situation.prediction(
      onto: trunk, includesUncommitted: false, environment: bench.environment)
    let report = try prediction.report(planned: false)
    if report.map.conflicts.isEmpty { return }
    let words = ConflictWords(report.map, report.packets)
    let printer = Printer(.output)
    printer.print(words.table)
    printer.print(words.details)
  }

  private func showForecast(_ bench: Workbench) throws {
    let forecast = try TrainForecast(bench.situation, environment: bench.environment, streams: streams)
    if json {
      StandardStream.output.write(TrainWords.json(forecast).text + "\n")
    } else {
      let printer = Printer(.output)
      printer.print(TrainWords.table(forecast))
      printer.print(TrainWords.remarks(forecast, bench))
    }
    if forecast.firstBreak != nil { throw ExitStatus.findings }
  }
}

extension Workbench {
  /// Whether nothing stands against what a worktree holds, as it will land.
  fileprivate func isGreen(_ site: MergeTrain.Site) throws -> Bool {
    guard site.isScratch else { return try hasPassedEverything() }
    guard var checks = ProjectChecks(situation, environment: environment) else { return true }
    checks.standsFor = (site.stream.id, site.stream.branch)
    let change = try situation.trunk == nil ? nil : situation.wholeChange()
    let (results, signal) = try checks.run(on: .preflight, change: change, printer: Printer(.error))
    if let signal { throw Interrupted(signal: signal) }
    Printer(.error).print(ProjectChecks.failures(in: results))
    return results.allSatisfy(\.status.isSuccess)
  }
}

extension MergeTrain.Stop {
  fileprivate var isConflict: Bool {
    switch self {
    case .conflicts, .conflict: true
    default: false
    }
  }
}

/// A train in words.
private enum TrainWords {
  static func lines(for event: MergeTrain.Event, _ bench: Workbench) -> [DisplayText] {
    switch event {
    case .synced(let report): SyncWords(report).line.map { [$0] } ?? []
    case .chosen(let candidate):
      [
        "\(bench.title(ofStream: candidate.stream)): \(candidate.issues.isEmpty ? "no issue" : candidate.issues.joined(separator: ", ")), weight \(candidate.weight.total)"
      ]
    case .checked(let stream, let place):
      [
        place == nil
          ? "\(stream): checks \("passed", .good)" : "\(stream): checks \("passed", .good) on the merged tree"
      ]
    case .merged(let stream, _, let to): ["\(stream): \("merged", .good) (\(to.abbreviated))"]
    case .published: ["trunk pushed"]
    }
  }

  static func lines(for stop: MergeTrain.Stop, _ bench: Workbench) -> [DisplayText] {
    let head: DisplayText = "\("stopped:", .error) "
    func hint(_ text: DisplayText) -> DisplayText { "\("hint:", .hint) \(text)" }
    func files(_ paths: [[UInt8]]) -> DisplayText {
      let names = paths.prefix(3).map { DisplayText(bytes: $0) }.joined(separator: ", ")
      return paths.count > 3 ? "\(names), and \(paths.count - 3) more" : names
    }
    switch stop {
    case .fetchFailed(let reason): return [head + "the remote cannot be asked: \(reason)"]
    case .syncElsewhere(let description): return [head + "\(description) runs"]
    case .diverged: return [head + "trunk and its remote have diverged", hint("preflight sync")]
    case .noTrunk: return [head + "there is no trunk to merge into"]
    case .conflicts(let streams):
      return [head + "\(streams.joined(separator: ", ")) conflict\(streams.count == 1 ? "s" : "") with trunk"]
    case .conflict(let stream, let paths): return [head + "\(stream) conflicts with trunk in \(files(paths))"]
    case .findings(let stream):
      return [head + "\(stream) is not merged: settle what is said above", hint("preflight merge \(stream)")]
    case .notNext(let stream): return [head + "\(stream) may not merge yet", hint("preflight next")]
    case .left(let stream, let reason):
      return [head + "\(stream): \(reason.sentence()); nothing was merged"]
    case .uncommitted(let stream, let paths):
      return [head + "the worktree of \(stream) holds what is not committed: \(files(paths))"]
    case .unseen(let stream, let remote):
      return [head + "\(remote) has commits that \(stream) never had"]
    case .pushRefused(let stream, _): return [head + "\(stream) was not pushed, as said above"]
    case .notTrusted: return [head + "the [merge] command is not approved here", hint("preflight trust")]
    case .commandFailed(let stream, let status):
      return [head + "the [merge] command for \(stream) failed with exit status \(Int(status))"]
    case .couldNotStart(let reason): return [head + "\(reason)"]
    case .notLanded(let stream):
      return [
        head + "the [merge] command has ended, and trunk does not have \(stream)",
        hint("where a merge queue has it: preflight merge again once it has landed"),
      ]
    case .notOnTrunk(let stream):
      return [head + "\(stream) does not stand on trunk, and [merge] kind is rebase", hint("preflight sync")]
    case .overtaken: return [head + "trunk has moved meanwhile; nothing was changed", hint("preflight merge")]
    case .trunkStopped(let place, let paths):
      return [
        head + "uncommitted work in \(place) is in the way: \(files(paths.map(\.path)))",
        hint("commit it, or put it aside; nothing was merged"),
      ]
    case .trunkLeft(let place, let reason):
      return [head + "\(place), which has trunk checked out: \(reason.sentence()); nothing was merged"]
    case .trunkPushRefused: return [head + "the remote did not take trunk, as said above; nothing was merged"]
    }
  }

  static func lines(for conflict: Conflict, of stream: String, in place: FilePath?) -> [DisplayText] {
    let files = conflict.files.map { DisplayText(bytes: $0) }.joined(separator: ", ")
    let commit: DisplayText = conflict.commit.map { " at \($0) \(bytes: conflict.subject)" } ?? ""
    let command = "rebase --no-fork-point --onto \(conflict.onto) \(conflict.base)"
    let git = place.map { "git -C \(shellQuoted($0))" } ?? "git"
    return ["\(stream): conflicts in \(files)\(commit)", "\("hint:", .hint) \(stream): \(git) \(command)"]
  }

  static func table(_ forecast: TrainForecast) -> Table {
    var table = Table([
      .init("", .right), .init("stream"), .init("issues", isFlexible: true), .init("checks"),
      .init("prediction", isFlexible: true),
    ])
    for (place, stop) in forecast.stops.enumerated() {
      table.append([
        "\(place + 1)", "\(stop.stream)", stop.issues.isEmpty ? "-" : "\(stop.issues.joined(separator: ", "))",
        stop.checks == .unknown ? "-" : "\(stop.checks.rawValue)", words(for: stop.prediction),
      ])
    }
    return table
  }

  private static func words(for prediction: TrainForecast.Prediction) -> DisplayText {
    switch prediction {
    case .clean: "\("clean", .good)"
    case .conflict(let files, let rivals):
      "\("conflicts", .error) in \(files.map { DisplayText(bytes: $0) }.joined(separator: ", ")) with \(rivals.joined(separator: ", "))"
    case .unknown: "not known: comes after a conflict"
    case .nothing: "nothing to merge"
    }
  }

  static func remarks(_ forecast: TrainForecast, _ bench: Workbench) -> [DisplayText] {
    let none: [DisplayText] = forecast.stops.isEmpty ? ["nothing may merge now"] : []
    return none + NextWords(bench).lines(for: forecast.rest)
  }

  static func json(_ forecast: TrainForecast) -> JSONValue {
    [
      "version": 1,
      "train": .array(
        forecast.stops.map { stop in
          var (verdict, files, rivals): (String, [[UInt8]], [String]) = ("clean", [], [])
          switch stop.prediction {
          case .clean: break
          case .conflict(let paths, let others): (verdict, files, rivals) = ("conflict", paths, others)
          case .unknown: verdict = "unknown"
          case .nothing: verdict = "nothing"
          }
          return [
            "stream": .string(stop.stream), "issues": .array(stop.issues.map { .string($0) }),
            "checks": .string(stop.checks.rawValue), "prediction": .string(verdict),
            "files": .array(files.map { .string(String(decoding: $0, as: UTF8.self)) }),
            "with": .array(rivals.map { .string($0) }),
          ]
        }),
    ]
  }
}
