import Checks
import Git
import Plan
import Platform
import StateFiles
import Sync

/// Makes the worktrees of a plan's streams, each on its branch, and fills them: links and setup. What is there stays as it is.
public struct WorktreeMaking {
  public struct Options: Sendable {
    /// Ask the remote first.
    public var fetches = true
    /// Say what would be made; change nothing.
    public var isDryRun = false
    /// Seconds to wait for another command that makes or removes worktrees.
    public var wait = 30.0

    public init() {}
  }

  let layout: RepositoryLayout
  let environment: Environment
  let plan: Plan
  let names: TrunkNames
  let trust: Trust
  let options: Options

  /// - Parameter environment: the user's.
  public init(
    _ layout: RepositoryLayout, environment: Environment, plan: Plan, names: TrunkNames, trust: Trust,
    options: Options = Options()
  ) {
    self.layout = layout
    self.environment = environment
    self.plan = plan
    self.names = names
    self.trust = trust
    self.options = options
  }

  /// What happens, for whoever shows it.
  public enum Event {
    case waiting(process: Int32, String)
    /// A command of the plan starts in a stream's worktree.
    case started(stream: String, [String])
  }

  /// - Parameter streams: of the plan, in its order.
  public func run(
    _ streams: [Plan.Stream], interruption: () -> Interruption? = { nil }, observe: (Event) -> Void = { _ in }
  ) throws -> MakingReport {
    var report = MakingReport()
    if options.fetches { report.fetchFailure = try fetch(observe) }
    if options.isDryRun {
      try survey(streams, &report)
      return report
    }
    do {
      let lock = try WorktreesLock.take(in: layout, wait: options.wait) { observe(.waiting(process: $0, $1)) }
      try survey(streams, &report)
      try make(&report, holding: lock.descriptor)
      _ = consume lock
    }
    try fill(&report, interruption, observe)
    report.signal = interruption()?.signal
    return report
  }

  // MARK: Looking

  /// Opened anew: one that was opened before the fetch might know only the old refs.
  private func openRepository() throws -> Repository {
    try Repository(
      RepositoryLayout(
        gitDirectory: layout.gitDirectory, commonDirectory: layout.commonDirectory, workTree: layout.workTree),
      environment: GitCommand.scrubbed(environment))
  }

  private func fetch(_ observe: (Event) -> Void) throws -> String? {
    guard let remote = names.remote else { return nil }
    var git = GitCommand(in: layout.workTree ?? layout.gitDirectory, environment: environment)
    git.environment["GIT_TERMINAL_PROMPT"] = "1"  // a person is there to answer
    let result = try git.run(["fetch", "--quiet", Argument(remote)]) { observe(.waiting(process: $0, $1)) }
    if result.succeeded { return nil }
    return Self.complaint(result)
  }

  private func survey(_ streams: [Plan.Stream], _ report: inout MakingReport) throws {
    let repository = try openRepository()
    report.trunk = try repository.trunk(names)
    guard let trunk = report.trunk else { return }
    let starts = BranchStarts(repository: repository, plan: plan, trunk: trunk, remote: names.remote)
    let (worktrees, records) = (try layout.worktrees(), MakingRecords(layout))
    let chosen = Set(streams.map(\.id))
    for stream in streams {
      let site = StreamSite(stream, of: plan, in: layout)
      let begun = try records.record(of: site.branch) != nil
      let standing = try SiteStanding(site, begun: begun, worktrees: worktrees, in: repository)
      var entry = MakingReport.Entry(site, .present)
      switch standing {
      case .ready(let worktree): entry.worktree = worktree
      case .blocked(let obstacle): entry.outcome = .blocked(obstacle)
      case .halfMade(.registered(let worktree)):
        entry.worktree = worktree
        entry.outcome = .wouldFinish(.worktree)
      case .halfMade(.remains): entry.outcome = .wouldFinish(.worktree)
      case .absent:
        let start = try starts.start(of: stream, makingToo: chosen)
        entry.outcome = start.map { .wouldMake($0) } ?? .blocked(.noParent(stream.base ?? ""))
      }
      report.entries.append(entry)
    }
  }

  // MARK: Making

  private func make(_ report: inout MakingReport, holding lock: Int32) throws {
    guard let trunk = report.trunk else { return }
    let repository = try openRepository()
    let starts = BranchStarts(repository: repository, plan: plan, trunk: trunk, remote: names.remote)
    let chosen = Set(report.entries.map(\.site.stream.id))
    var additions: [(index: Int, start: BranchStart)] = []
    for (index, entry) in report.entries.enumerated() {
      switch entry.outcome {
      case .wouldMake(let start): additions.append((index, start))
      case .wouldFinish where entry.worktree == nil:
        if let start = try clearRemains(of: entry.site, starts, chosen) {
          additions.append((index, start))
        } else if SiteStanding.isFree(entry.site.path) {
          report.entries[index].outcome = .blocked(.noParent(entry.site.stream.base ?? ""))
        } else {
          report.entries[index].outcome = .blocked(.inTheWay(entry.site.path))
        }
      case .wouldFinish: try finish(&report.entries[index])
      default: break
      }
    }
    try add(additions, &report, holding: lock)
    for index in report.entries.indices { try recordBase(&report.entries[index], starts) }
  }

  /// Where the branch begins once nothing is in the way; `nil` where something is.
  private func clearRemains(
    of site: StreamSite, _ starts: BranchStarts, _ chosen: Set<String>
  ) throws -> BranchStart? {
    if let record = try MakingRecords(layout).record(of: site.branch) {
      try WorktreeRemains(layout: layout, record: record).clear()
    }
    guard SiteStanding.isFree(site.path) else { return nil }
    return try starts.start(of: site.stream, makingToo: chosen)
  }

  /// What git has registered, brought to its end.
  private func finish(_ entry: inout MakingReport.Entry) throws {
    guard let worktree = entry.worktree else { return }
    if let process = Occupants(of: worktree).processes.first {
      entry.outcome = .blocked(.occupied(worktree.path, process: process.id))
      return
    }
    do {
      entry.kept = try WorktreeCompletion(
        worktree: worktree, environment: environment, fills: plan.worktree.checkout
      ).run()
      entry.outcome = .finished(.worktree)
      try MakingRecords(layout).end(entry.site.branch)
    } catch let error as GitError {
      entry.outcome = .blocked(.refused(error.description))
    }
  }

  /// Has git make them one after another: side by side it reads registrations that another has only half written.
  private func add(
    _ additions: [(index: Int, start: BranchStart)], _ report: inout MakingReport, holding lock: Int32
  ) throws {
    for (index, start) in additions {
      let site = report.entries[index].site
      let registry = layout.commonDirectory / "worktrees"
      let registered = registry.isDirectory ? try registry.entries().map(\.bytes) : []
      let record = MakingRecord(branch: site.branch, path: site.path, registered: registered)
      try MakingRecords(layout).begin(record)
      let result = try add(site, start, holding: lock)
      let wasBegun = if case .wouldFinish = report.entries[index].outcome { true } else { false }
      // What git has made counts, not its exit status: that is a post-checkout hook's where the repository has one.
      guard let made = site.worktree(among: try layout.worktrees()), !made.isMissing, made.lockReason == nil else {
        report.entries[index].outcome = .blocked(.refused(Self.complaint(result)))
        // git clears up after itself, unless it was killed; then the next run does.
        if try WorktreeRemains(layout: layout, record: record).areNone { try MakingRecords(layout).end(site.branch) }
        continue
      }
      report.entries[index].worktree = made
      report.entries[index].outcome = wasBegun ? .finished(.worktree) : .made(start)
      try MakingRecords(layout).end(site.branch)
    }
  }

  private func add(_ site: StreamSite, _ start: BranchStart, holding lock: Int32) throws -> ProcessResult {
    let git = GitCommand(in: layout.workTree ?? layout.gitDirectory, environment: environment)
    var request = git.request(arguments(for: site, start))
    request.keptOpen = lock
    var result = try ChildProcess.run(request)
    // Somebody else's git has just begun to register another one.
    for _ in 0..<5 where !result.succeeded && result.error.mentions("/commondir") && SiteStanding.isFree(site.path) {
      Clock.sleep(seconds: 0.1)
      result = try ChildProcess.run(request)
    }
    return result
  }

  private func arguments(for site: StreamSite, _ start: BranchStart) -> [Argument] {
    var arguments: [Argument] = ["worktree", "add", "--quiet", "--no-track"]
    if !plan.worktree.checkout { arguments.append("--no-checkout") }
    if case .existing = start {
      arguments.removeAll { $0 == "--no-track" }  // git refuses it without a branch to make
      return arguments + [Argument(site.path), Argument(site.stream.branch)]
    }
    return arguments + ["-b", Argument(site.stream.branch), Argument(site.path), "\(start.commit)"]
  }

  private static func complaint(_ result: ProcessResult) -> String {
    let words = result.complaint
    if words.isEmpty { return "git: exit status \(result.exitStatus)" }
    return words.hasPrefix("fatal: ") ? String(words.dropFirst("fatal: ".count)) : words
  }

  private func recordBase(_ entry: inout MakingReport.Entry, _ starts: BranchStarts) throws {
    guard let worktree = entry.worktree, case let branch = entry.site.branch else { return }
    let bases = StreamBases(layout)
    if case .made(let start) = entry.outcome {
      switch start {
      case .trunk(let id), .stream(_, let id): entry.base = id
      case .existing, .remote: break
      }
    }
    let repository = try openRepository()
    if entry.base == nil, let tip = try repository.target(of: branch),
      case .found(let base) = try bases.base(
        of: branch, tip: tip, onto: starts.ground(of: entry.site.stream), in: repository)
    {
      entry.base = base
    }
    if let base = entry.base { try bases.record(base, for: branch) }
    entry.slot = try WorktreeSlot(of: worktree.layout).number()
  }

  // MARK: Filling

  private func fill(
    _ report: inout MakingReport, _ interruption: () -> Interruption?, _ observe: (Event) -> Void
  ) throws {
    let series = CommandSeries(.setup, of: plan, trust: trust, environment: environment)
    var places: [(index: Int, place: CommandSeries.Place)] = []
    for (index, entry) in report.entries.enumerated() {
      // The main worktree is its user's, and what others are linked to.
      guard let worktree = entry.worktree, !worktree.isMain else { continue }
      if case .blocked = entry.outcome { continue }
      report.entries[index].links = try links(in: worktree)
      if case .present = entry.outcome, try series.isCutShort(in: worktree.layout) {
        report.entries[index].outcome = .finished(.setup)
      }
      places.append((index, .init(worktree.layout, stream: entry.site.stream.id, placeholders(of: entry, worktree))))
    }
    let outcomes = try series.run(in: places.map(\.place), interruption: interruption) { place, command in
      observe(.started(stream: place.stream ?? "", command))
    }
    for ((index, _), outcome) in zip(places, outcomes) { report.entries[index].setup = outcome }
  }

  private func placeholders(of entry: MakingReport.Entry, _ worktree: Worktree) -> Placeholders {
    Placeholders(
      worktree: worktree.path, stream: Array(entry.site.stream.id.utf8),
      branch: Array(entry.site.stream.branch.utf8), base: entry.base.map { Array($0.description.utf8) })
  }

  private func links(in worktree: Worktree) throws -> [MakingReport.Link] {
    guard let main = layout.mainWorktreePath, !plan.worktree.links.isEmpty else { return [] }
    let links = WorktreeLinks(main: main, worktree: worktree.path)
    let git = GitCommand(in: worktree.path, environment: environment)
    return try plan.worktree.links.map { path in
      var link = MakingReport.Link(path: path, outcome: links.make(path))
      if link.outcome == .made {
        let ignored = try git.run(["check-ignore", "--quiet", "--", Argument(path.withoutTrailingSlash)])
        link.isUntracked = ignored.ending == .exited(1)
      }
      return link
    }
  }
}

extension String {
  fileprivate var withoutTrailingSlash: String { FilePath(self).withoutTrailingSlashes.description }
}
