import ArgumentParser
import Checks
import Git
import Inspection
import Plan
import Platform
import Reporting
import Worktrees

struct UpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Makes the worktrees of the plan's streams, and fills them.",
    discussion: """
      Fetches, makes what is missing, each on its branch, from trunk or from the stream that it is stacked on, links \
      'link' and runs 'setup' there (once approved: preflight trust). What is there stays as it is; a worktree that is \
      half made is finished. Streams that are merged are left out unless they are named. Exit status: 0 all is there, 1 \
      something is not, 2 could not work.
      """)

  @ArgumentParser.Argument(help: "Streams of the plan; by default all that are not merged.")
  var streams: [String] = []

  @Flag(help: "Show what would be made; change nothing.")
  var dryRun = false

  @Flag(help: "Do not ask the remote first.")
  var noFetch = false

  @Option(help: "Seconds to wait for another command that makes or removes worktrees.")
  var wait: Double = 30

  @Flag(help: "The table as JSON.")
  var json = false

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    guard let names = bench.situation.names else {
      throw CommandFailure("no branch looks like trunk", hint: "preflight install")
    }
    let chosen = try bench.streams(named: streams)
    let trust = try Trust.load(for: bench.layout, environment: bench.environment)
    var options = WorktreeMaking.Options()
    (options.fetches, options.isDryRun, options.wait) = (!noFetch && !dryRun, dryRun, wait)
    let making = WorktreeMaking(
      bench.layout, environment: bench.environment, plan: bench.plan, names: names, trust: trust, options: options)
    let errors = Printer(.error)
    let report = try interruptibly { interruption in
      try making.run(chosen, interruption: interruption) { event in
        switch event {
        case .waiting(let process, let description):
          showWaiting(process: process, for: description)
        case .started(let stream, let command):
          errors.print("\(stream): setup: \(command.map { shellQuoted($0) }.joined(separator: " "))")
        }
      }
    }
    let words = MakingWords(report, trunk: bench.situation.trunkName, isDryRun: dryRun)
    guard report.trunk != nil else {
      throw CommandFailure(
        "'\(bench.situation.trunkName)' is not here, and nothing can be made from it", hint: "git fetch")
    }
    if json { StandardStream.output.write(words.json.text + "\n") } else { Printer(.output).print(words.table) }
    errors.print(words.remarks)
    if let signal = report.signal { throw Interrupted(signal: signal) }
    if !report.isWhole { throw ExitStatus.findings }
  }
}

/// Runs `body`, which asks whether somebody wants us to end: signals are noted meanwhile.
func interruptibly<Result>(_ body: (() -> Interruption?) throws -> Result) throws -> Result {
  let watch = SignalWatch()
  return try body { watch.interruption }
}

extension Workbench {
  /// Streams of the plan by their ids, in its order; without any all that are not merged.
  func streams(named ids: [String]) throws -> [Plan.Stream] {
    if let unknown = ids.first(where: { plan.stream($0) == nil }) {
      let nearest = Spelling.nearest(to: unknown, among: plan.streams.map(\.id))
      throw CommandFailure(
        "there is no stream '\(unknown)' in the plan",
        hint: nearest.map { "did you mean '\($0)'?" } ?? "preflight status")
    }
    if !ids.isEmpty { return plan.streams.filter { ids.contains($0.id) } }
    let merged = try situation.ledger().mergedStreams
    return plan.streams.filter { !merged.contains($0.id) }
  }
}

/// What `up` has made, in words.
private struct MakingWords {
  let report: MakingReport
  let trunk: String
  let isDryRun: Bool

  init(_ report: MakingReport, trunk: String, isDryRun: Bool) {
    self.report = report
    self.trunk = trunk
    self.isDryRun = isDryRun
  }

  var table: Table {
    var table = Table([
      .init("stream"), .init("worktree", isFlexible: true, cutting: .start),
      .init("branch", isFlexible: true, cutting: .start), .init("slot", .right), .init("state", isFlexible: true),
    ])
    for entry in report.entries {
      table.append([
        "\(entry.site.stream.id)", "\(entry.worktree?.path ?? entry.site.path)", "\(entry.site.stream.branch)",
        entry.slot.map { "\($0)" } ?? "", state(of: entry),
      ])
    }
    return table
  }

  var json: JSONValue {
    [
      "version": 1,
      "streams": .array(
        report.entries.map { entry in
          let (outcome, origin) = Self.code(of: entry.outcome)
          return [
            "id": .string(entry.site.stream.id),
            "worktree": .string((entry.worktree?.path ?? entry.site.path).description),
            "branch": .string(entry.site.stream.branch), "slot": JSONValue(entry.slot), "outcome": .string(outcome),
            "from": JSONValue(origin), "base": JSONValue(entry.base?.description),
            "links": .array(
              entry.links.map { ["path": .string($0.path), "outcome": .string(Self.code(of: $0.outcome))] }),
            "setup": .string(Self.code(of: entry.setup)), "isWhole": .bool(entry.isWhole),
            "state": .string(state(of: entry).plain),
          ]
        }),
      "fetchFailure": JSONValue(report.fetchFailure),
    ]
  }

  /// - Returns: the outcome, and what a new branch begins on.
  private static func code(of outcome: MakingReport.Outcome) -> (String, from: String?) {
    switch outcome {
    case .made(let start): ("made", name(of: start))
    case .wouldMake(let start): ("would-make", name(of: start))
    case .finished: ("finished", nil)
    case .wouldFinish: ("would-finish", nil)
    case .present: ("present", nil)
    case .blocked: ("blocked", nil)
    }
  }

  private static func name(of start: BranchStart) -> String {
    switch start {
    case .trunk: "trunk"
    case .stream(let id, _): id
    case .existing: "branch"
    case .remote(let reference, _): reference
    }
  }

  private static func code(of outcome: LinkOutcome) -> String {
    switch outcome {
    case .made: "made"
    case .present: "present"
    case .missing: "missing"
    case .occupied: "occupied"
    case .leadsElsewhere: "leads-elsewhere"
    case .failed: "failed"
    }
  }

  private static func code(of setup: CommandSeries.Outcome) -> String {
    switch setup {
    case .done: "done"
    case .failed: "failed"
    case .notApproved: "not-approved"
    case .running: "running"
    case .interrupted: "interrupted"
    }
  }

  private func state(of entry: MakingReport.Entry) -> DisplayText {
    var parts: [DisplayText] =
      switch entry.outcome {
      case .made(let start): ["\("made", .good)\(origin(start))"]
      case .wouldMake(let start): ["would be made\(origin(start))"]
      case .finished(.worktree): ["\("was half made, finished", .good)"]
      case .finished(.setup): ["its setup was cut short"]
      case .wouldFinish: ["half made, would be finished"]
      case .present: ["there"]
      case .blocked(let obstacle): ["\("not made", .error): \(words(for: obstacle))"]
      }
    let made = entry.links.filter { $0.outcome == .made }.map(\.path)
    if !made.isEmpty { parts.append("linked \(made.joined(separator: ", "))") }
    if let setup = words(for: entry.setup) { parts.append(setup) }
    return parts.joined(separator: ", ")
  }

  private func origin(_ start: BranchStart) -> DisplayText {
    switch start {
    case .trunk: " from '\(trunk)'"
    case .stream(let id, _): " on \(id)"
    case .existing: ", its branch was there"
    case .remote(let reference, _): " from '\(reference.dropping(prefix: "refs/remotes/"))'"
    }
  }

  private func words(for setup: CommandSeries.Outcome) -> DisplayText? {
    switch setup {
    case .done(let count): count == 0 ? nil : "\("set up", .good)"
    case .failed: "\("setup failed", .error)"
    case .notApproved: "\("not set up", .error)"
    case .running(let process): "is being set up (process \(process))"
    case .interrupted: "\("setup interrupted", .warning)"
    }
  }

  private func words(for obstacle: SiteStanding.Obstacle) -> DisplayText {
    switch obstacle {
    case .inTheWay: "something else is there"
    case .otherBranch(_, let branch?): "has '\(branch.shortBranchName)' checked out"
    case .otherBranch(_, nil): "has no branch checked out"
    case .directoryGone: "its directory is gone"
    case .misplaced(let absence): "\(absence.sentence)"
    case .locked(_, let reason): "is locked and not to be found\(reason.isEmpty ? "" : ": \(reason)")"
    case .beingMade: "git is making it, or has died while it did"
    case .branchDeleted: "its branch was deleted"
    case .occupied(_, let process): "half made, and process \(process) works in it"
    case .noParent(let id): "the branch of \(id), on which it stands, is not there"
    case .refused(let reason): "\(reason)"
    }
  }

  // MARK: Remarks

  var remarks: [DisplayText] {
    var lines: [DisplayText] = []
    if let failure = report.fetchFailure {
      lines.append("preflight: the remote could not be asked, trunk is as it was last seen: \(failure)")
    }
    if report.trunk?.isDiverged == true {
      lines.append("preflight: '\(trunk)' and the remote's have diverged: new branches begin on the remote's")
    }
    for entry in report.entries { lines += remarks(on: entry) }
    let unapproved = report.entries.contains { if case .notApproved = $0.setup { true } else { false } }
    if unapproved {
      lines += [
        "\("error:", .error) nothing was set up: the plan's commands are not approved on this machine",
        "\("hint:", .hint) preflight trust",
      ]
    }
    let untracked = Set(report.entries.flatMap(\.links).filter(\.isUntracked).map(\.path)).sorted()
    for path in untracked {
      lines.append(
        "preflight: git does not ignore the link '\(path)': in .gitignore 'name/' means directories only, write 'name'")
    }
    return lines
  }

  private func remarks(on entry: MakingReport.Entry) -> [DisplayText] {
    let id = entry.site.stream.id
    var lines: [DisplayText] = []
    if case .blocked(let obstacle) = entry.outcome, let remedy = remedy(obstacle, entry.site) {
      lines.append("\("hint:", .hint) \(id): \(remedy)")
    }
    if let kept = entry.kept {
      lines.append("preflight: \(id): files that were there and differed are kept in \(kept)")
    }
    if let worktree = entry.worktree, !worktree.isMain, worktree.path != entry.site.path,
      !worktree.path.isSameFile(as: entry.site.path)
    {
      lines.append(
        "preflight: \(id) is not where the plan has it; to move it: git worktree move \(shellQuoted(worktree.path)) \(shellQuoted(entry.site.path))"
      )
    }
    for link in entry.links {
      switch link.outcome {
      case .made, .present: break
      case .missing: lines.append("preflight: \(id): '\(link.path)' is not in the main worktree: not linked")
      case .occupied: lines.append("preflight: \(id): '\(link.path)' is there already: left as it is")
      case .leadsElsewhere:
        lines.append("\("error:", .error) \(id): '\(link.path)' leads through a symbolic link: not linked")
      case .failed(let reason): lines.append("\("error:", .error) \(id): '\(link.path)': \(reason)")
      }
    }
    if case .failed(let command, let reason, let output) = entry.setup {
      let words = command.map { shellQuoted($0) }.joined(separator: " ")
      lines.append("\("error:", .error) \(id): \(words): \(reason); its output is in \(output)")
    }
    return lines
  }

  private func remedy(_ obstacle: SiteStanding.Obstacle, _ site: StreamSite) -> DisplayText? {
    switch obstacle {
    case .inTheWay(let path): "to put it aside: mv \(shellQuoted(path)) \(shellQuoted(path))-aside"
    case .otherBranch(let path, let branch?) where !isDryRun:
      "if the plan has a new name for it: git branch -m \(shellQuoted(branch.shortBranchName)) \(shellQuoted(site.stream.branch)); else: git -C \(shellQuoted(path)) switch \(shellQuoted(site.stream.branch))"
    case .otherBranch(let path, _): "git -C \(shellQuoted(path)) switch \(shellQuoted(site.stream.branch))"
    case .directoryGone(let path):
      "if it will not come back (it is not on a disk that is away): git worktree remove \(shellQuoted(path))"
    case .misplaced(let absence): "\(absence.repair)"
    case .locked(let path, _): "git worktree unlock \(shellQuoted(path))"
    case .beingMade(let path): "if no git is at work there: git worktree remove --force --force \(shellQuoted(path))"
    case .branchDeleted(_, let last?): "to have it back: git branch \(shellQuoted(site.stream.branch)) \(last)"
    case .noParent(let id): "preflight up \(id) \(site.stream.id)"
    case .branchDeleted(_, nil), .occupied, .refused: nil
    }
  }
}

extension String {
  fileprivate func dropping(prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}
