import Checks
import Git
import Inspection
import Plan
import Platform
import StateFiles
import Sync
import Worktrees

/// Merges streams into trunk one after another, each checked as it will land, with the others brought along in between.
///
/// What is done is read off commits every time: a train that died goes on where it was. Trunk is moved forward only, from
/// where it was seen to be, and never by force.
public struct MergeTrain {
  public struct Options: Sendable {
    /// Go on until nothing more may merge.
    public var takesAll = false
    /// Ids of streams, to be merged in this order; empty: the next by weight.
    public var streams: [String] = []
    /// Publish trunk after a merge that was made here.
    public var pushesTrunk = false

    public init() {}
  }

  /// What happens, for whoever shows it.
  public enum Event: Sendable {
    case synced(SyncReport)
    case chosen(NextMerges.Candidate)
    /// Where the tree that will land was checked; `nil`: the stream's own worktree.
    case checked(stream: String, in: FilePath?)
    case merged(stream: String, from: ObjectID, to: ObjectID)
    case published
  }

  public enum Stop: Hashable, Sendable {
    case fetchFailed(String)
    case syncElsewhere(String)
    case diverged
    case noTrunk
    /// These do not go onto trunk.
    case conflicts([String])
    /// Only this one does not, in these files.
    case conflict(String, [[UInt8]])
    /// It was shown as it was found.
    case findings(String)
    /// It was named, and may not merge yet.
    case notNext(String)
    /// It has no history in common with trunk, or not in this clone.
    case left(String, LeaveReason)
    /// Its worktree holds what is not committed.
    case uncommitted(String, [[UInt8]])
    case unseen(String, remote: String)
    case pushRefused(String, status: Int32)
    case notTrusted
    case commandFailed(String, status: Int32)
    case couldNotStart(String)
    /// The plan's command has ended well, and trunk does not have the stream: a merge queue has it, say.
    case notLanded(String)
    /// Its commits do not stand on trunk, and the plan's kind is rebase.
    case notOnTrunk(String)
    case overtaken
    case trunkStopped(FilePath, [ConcernedPath])
    case trunkLeft(FilePath, LeaveReason)
    case trunkPushRefused(status: Int32)
  }

  public struct Ending: Sendable {
    public var merged: [String] = []
    /// `nil`: nothing more may merge, or all that was asked for is.
    public var stop: Stop?
    /// What may not merge yet and why, when it ended.
    public var next: NextMerges?
  }

  let layout: RepositoryLayout
  let names: TrunkNames
  let environment: Environment
  let options: Options
  let open: () throws -> Situation
  let openAt: (Worktree) throws -> Situation
  let check: (Site) throws -> Bool
  let notify: () throws -> Void
  /// Told of another sync, or a remote, that keeps us waiting.
  public var waiting: (_ process: Int32, _ description: String) -> Void = { _, _ in }

  /// Where the tree that will land is checked.
  public struct Site {
    public var stream: Plan.Stream
    public var worktree: Worktree
    /// Whether it is a worktree of its own, which has the branch not checked out.
    public var isScratch: Bool
  }

  /// - Parameters:
  ///   - layout: of any worktree.
  ///   - open: looks anew, from where we stand; `openAt`: from another worktree.
  ///   - check: judges what a worktree holds, shows what it finds, and tells whether nothing stands against it.
  ///   - notify: has told what has happened.
  public init(
    _ layout: RepositoryLayout, names: TrunkNames, environment: Environment, options: Options,
    open: @escaping () throws -> Situation, openAt: @escaping (Worktree) throws -> Situation,
    check: @escaping (Site) throws -> Bool, notify: @escaping () throws -> Void
  ) {
    self.layout = layout
    self.names = names
    self.environment = environment
    self.options = options
    self.open = open
    self.openAt = openAt
    self.check = check
    self.notify = notify
  }

  /// - Parameter observe: told what happens, when it has happened.
  public func run(_ observe: (Event) throws -> Void) throws -> Ending {
    var ending = Ending()
    var wanted = options.streams
    do {
      try bringAlong(pushing: false, observe)
      while true {
        let situation = try open()
        var facts = try HiveFacts(situation, environment: environment)
        try facts.predictConflicts(situation, environment: environment)
        let next = facts.next(situation.plan)
        ending.next = next
        guard let candidate = try choose(from: next, wanted, facts, situation) else { break }
        try observe(.chosen(candidate))
        guard let stream = situation.plan.stream(candidate.stream) else { break }
        try land(stream, situation, observe)
        ending.merged.append(stream.id)
        try bringAlong(pushing: !situation.plan.merge.isEmpty || options.pushesTrunk, observe)
        try notify()
        wanted.removeAll { $0 == stream.id }
        if !options.takesAll, wanted.isEmpty { break }
      }
    } catch let stopped as Stopped {
      ending.stop = stopped.stop
    }
    return ending
  }

  /// Ends the train from wherever it is; never leaves `run`.
  private struct Stopped: Error {
    let stop: Stop
    init(_ stop: Stop) { self.stop = stop }
  }

  private func choose(
    from next: NextMerges, _ wanted: [String], _ facts: HiveFacts, _ situation: Situation
  ) throws -> NextMerges.Candidate? {
    let whole = next.candidates.filter { $0.later.isEmpty }
    if let first = wanted.first(where: { !facts.ledger.mergedStreams.contains($0) }) {
      if let candidate = whole.first(where: { $0.stream == first }) { return candidate }
      if next.waiting.contains(where: { $0.stream == first && $0.reason == .conflictsWithTrunk }) {
        throw Stopped(.conflicts([first]))
      }
      throw Stopped(.notNext(first))
    }
    if !options.streams.isEmpty { return nil }
    let conflicts = next.waiting.filter { $0.reason == .conflictsWithTrunk }.map(\.stream)
    if !conflicts.isEmpty, options.takesAll || whole.isEmpty { throw Stopped(.conflicts(conflicts)) }
    return whole.first
  }

  // MARK: All worktrees

  private func sync() -> SyncRun.Options {
    var options = SyncRun.Options()
    (options.fetches, options.wait) = (true, 30)
    return options
  }

  private func syncRun(_ situation: Situation, _ options: SyncRun.Options = .init()) -> SyncRun {
    SyncRun(
      layout, environment: environment, plan: situation.plan, names: names, options: options, waiting: waiting)
  }

  private func bringAlong(pushing: Bool, _ observe: (Event) throws -> Void) throws {
    let situation = try open()
    let run = syncRun(situation, sync())
    var report = try run.run()
    if let failure = report.fetchFailure { throw Stopped(.fetchFailed(failure)) }
    switch report.state {
    case .runningElsewhere(_, let description): throw Stopped(.syncElsewhere(description))
    case .diverged: throw Stopped(.diverged)
    case .noTrunk, .noTarget: throw Stopped(.noTrunk)
    case .done, .predicted: break
    }
    if pushing { try run.push(&report) }
    try observe(.synced(report))
  }

  // MARK: One stream

  private func land(_ stream: Plan.Stream, _ situation: Situation, _ observe: (Event) throws -> Void) throws {
    guard let trunk = situation.trunk, let tip = try situation.tip(of: stream) else { throw Stopped(.noTrunk) }
    switch try situation.repository.mergeBase(trunk.tip, tip) {
    case .found: break
    case .unrelated: throw Stopped(.left(stream.id, .unrelated))
    case .cutOff: throw Stopped(.left(stream.id, .cutOff))
    }
    let commit = LandingCommit(
      repository: situation.repository, stream: stream, trunk: trunk.tip, tip: tip, environment: environment)
    let tree: ObjectID
    switch try commit.tree() {
    case .clean(let id): tree = id
    case .conflict(let files): throw Stopped(.conflict(stream.id, files))
    }
    let worktree = try layout.worktrees().first { $0.branch == "refs/heads/\(stream.branch)" && !$0.isMissing }
    try check(stream, tree, commit, in: worktree, observe)
    if situation.plan.merge.isEmpty {
      try mergeHere(commit, tree, situation, observe)
    } else {
      try mergeElsewhere(stream, tip, trunk, in: worktree, observe)
    }
  }

  private func check(
    _ stream: Plan.Stream, _ tree: ObjectID, _ commit: LandingCommit, in worktree: Worktree?,
    _ observe: (Event) throws -> Void
  ) throws {
    if let worktree {
      let uncommitted = try openAt(worktree).repository.uncommittedPaths()
      guard uncommitted.isEmpty else { throw Stopped(.uncommitted(stream.id, uncommitted)) }
      if try commit.repository.commit(commit.tip).tree == tree {
        guard try check(Site(stream: stream, worktree: worktree, isScratch: false)) else {
          throw Stopped(.findings(stream.id))
        }
        return try observe(.checked(stream: stream.id, in: nil))
      }
    }
    let scratch = ScratchWorktree(at: landingPlace, of: layout, environment: environment)
    guard case .made(let merged) = try commit.make(.merge, tree) else { preconditionFailure("a merge is always made") }
    let place = try scratch.make(at: merged)
    let isGreen: Bool
    do { isGreen = try check(Site(stream: stream, worktree: place, isScratch: true)) } catch {
      try? scratch.remove()
      throw error
    }
    try scratch.remove()
    guard isGreen else { throw Stopped(.findings(stream.id)) }
    try observe(.checked(stream: stream.id, in: place.path))
  }

  /// Outside the repository, where programs that pass over `.git` work as ever; the same for every train, so that what one
  /// that died has left is found.
  private var landingPlace: FilePath {
    let base = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var fingerprint = Fingerprint()
    fingerprint.add(layout.commonDirectory.bytes)
    return FilePath(base) / "preflight-landing-\(fingerprint.hex.prefix(16))"
  }

  private func mergeHere(
    _ commit: LandingCommit, _ tree: ObjectID, _ situation: Situation, _ observe: (Event) throws -> Void
  ) throws {
    let stream = commit.stream
    let new: ObjectID
    switch try commit.make(situation.plan.mergeKind, tree) {
    case .made(let id): new = id
    case .conflict(let files): throw Stopped(.conflict(stream.id, files))
    case .notOnTrunk: throw Stopped(.notOnTrunk(stream.id))
    }
    // Where the remote has trunk, it decides first: what it refuses is not merged here either.
    if options.pushesTrunk, let remote = names.remote {
      var git = GitCommand(in: layout.workTree ?? layout.gitDirectory, environment: environment)
      git.environment[GitCommand.depthVariable] = nil
      git.environment["GIT_TERMINAL_PROMPT"] = "1"
      let result = try git.run(
        ["push", Argument(remote), "\(new):\(names.branch)"], output: .discarded, error: .inherited, waiting: waiting)
      guard result.succeeded else { throw Stopped(.trunkPushRefused(status: result.exitStatus)) }
      try observe(.published)
    }
    let run = syncRun(situation, sync())
    let local = try situation.repository.target(of: names.branch)
    switch try run.advanceTrunk(from: local, to: new, message: "preflight merge: \(stream.branch)") {
    case .done: break
    case .overtaken: throw Stopped(.overtaken)
    case .stopped(let place, let paths): throw Stopped(.trunkStopped(place, paths))
    case .left(let place, let reason): throw Stopped(.trunkLeft(place, reason))
    case .runningElsewhere(let description): throw Stopped(.syncElsewhere(description))
    }
    try observe(.merged(stream: stream.id, from: commit.trunk, to: new))
  }

  private func mergeElsewhere(
    _ stream: Plan.Stream, _ tip: ObjectID, _ trunk: Trunk, in worktree: Worktree?,
    _ observe: (Event) throws -> Void
  ) throws {
    let situation = try worktree.map { try openAt($0) } ?? open()
    let branch = "refs/heads/\(stream.branch)"
    // What is merged there is what the remote has: it must be what was checked.
    if try situation.repository.publication(of: branch, trunk: names) != nil {
      switch try BranchPush(situation, names: names, environment: environment, waiting: waiting).push(branch) {
      case .done, .upToDate, .noRemote: break
      case .unseen(let remote): throw Stopped(.unseen(stream.id, remote: remote))
      case .refused(let status): throw Stopped(.pushRefused(stream.id, status: status))
      }
    }
    let command = PlanCommand("merge", situation.plan.merge, environment: environment)
    switch try command.run(for: stream, branch: branch, in: situation) {
    case .done: break
    case .notTrusted: throw Stopped(.notTrusted)
    case .failed(let status): throw Stopped(.commandFailed(stream.id, status: status))
    case .couldNotStart(let reason): throw Stopped(.couldNotStart(reason))
    }
    let run = syncRun(situation)
    if let failure = try run.fetch() { throw Stopped(.fetchFailed(failure)) }
    let now = try open()
    guard let landed = now.trunk, try now.repository.mergesToNothing(tip, into: landed.tip) else {
      throw Stopped(.notLanded(stream.id))
    }
    try observe(.merged(stream: stream.id, from: trunk.tip, to: landed.tip))
  }
}
