import Checks
import Git
import Plan
import Platform
import StateFiles
import Sync

/// Takes worktrees away through a gate: nothing that would be lost goes without somebody's word, for exactly that reason.
///
/// A directory is first put aside under another name, in one step, and looked at once more there: from then on nobody who knew
/// its path can write into it. What a killed removal has left is taken away, or put back, by the next.
public struct WorktreeRemoval {
  let layout: RepositoryLayout
  let environment: Environment
  let plan: Plan
  let names: TrunkNames
  let trust: Trust
  let mergedStreams: Set<String>
  /// Seconds to wait for another command that makes or removes worktrees.
  public var wait = 30.0

  /// - Parameters:
  ///   - layout: any worktree's; we work from the main one, which is never removed.
  ///   - environment: the user's.
  ///   - mergedStreams: ids of streams that are known to be merged.
  public init(
    _ layout: RepositoryLayout, environment: Environment, plan: Plan, names: TrunkNames, trust: Trust,
    mergedStreams: Set<String>
  ) {
    let main = (try? layout.worktrees().first { $0.isMain }).flatMap { $0 }
    self.layout = RepositoryLayout(
      gitDirectory: layout.commonDirectory, commonDirectory: layout.commonDirectory, workTree: main?.path)
    self.environment = environment
    self.plan = plan
    self.names = names
    self.trust = trust
    self.mergedStreams = mergedStreams
  }

  /// What came of one worktree.
  public struct Entry {
    public var path: FilePath
    /// In full.
    public var branch: String?
    public var outcome: Outcome
    /// The reasons that were passed over, and the ref that keeps what was in the files then.
    public var forced: [RemovalReason] = []
    public var kept: String?
    /// Whether an earlier removal had been cut short.
    public var wasBegun = false
  }

  public enum Outcome: Hashable, Sendable {
    /// With the tip of its branch where that went too, being merged.
    case removed(branch: ObjectID?)
    case refused([RemovalReason])
    /// One of the plan's commands did not come to its end; the worktree is still there.
    case remove(CommandSeries.Outcome)
    /// It is still there, or put back, for a reason in git's or the system's words.
    case failed(String)
  }

  /// Ends what earlier removals have begun.
  public func finishBegun(_ observe: (Int32, String) -> Void = { _, _ in }) throws -> [Entry] {
    guard try !RemovalRecords(layout).all().isEmpty else { return [] }
    let lock = try WorktreesLock.take(in: layout, wait: wait, waiting: observe)
    defer { withExtendedLifetime(lock.descriptor) {} }
    var entries: [Entry] = []
    for record in try RemovalRecords(layout).all() {
      // Put aside it is ours to end; before that nothing has happened.
      guard record.aside.exists || !registration(record).exists else {
        try RemovalRecords(layout).end(record)
        continue
      }
      var entry = Entry(path: record.path, branch: record.branch, outcome: .removed(branch: nil))
      entry.wasBegun = true
      entry.outcome = try reportingFailure { try end(record) }
      entries.append(entry)
    }
    return entries
  }

  /// - Parameter forced: the codes of the reasons that are to be passed over.
  public func remove(
    _ worktree: Worktree, forcing forced: Set<String>, interruption: () -> Interruption? = { nil },
    waiting: (Int32, String) -> Void = { _, _ in }, observe: ([String]) -> Void = { _ in }
  ) throws -> Entry {
    var entry = Entry(path: worktree.path, branch: worktree.branch, outcome: .refused([]))
    let lock = try WorktreesLock.take(in: layout, wait: wait, waiting: waiting)
    defer { withExtendedLifetime(lock.descriptor) {} }
    guard try passes(worktree, forced, &entry) else { return entry }
    if !worktree.isMissing {
      let series = CommandSeries(.remove, of: plan, trust: trust, environment: environment)
      let place = CommandSeries.Place(worktree.layout, stream: stream(of: worktree)?.id, try placeholders(worktree))
      let outcome = try series.run(in: [place], interruption: interruption) { observe($1) }[0]
      guard outcome.isDone else {
        entry.outcome = .remove(outcome)
        return entry
      }
      // What they have taken down has to come up again, should the worktree stay.
      try CommandSeries(.setup, of: plan, trust: trust, environment: environment).forget(in: worktree.layout)
      guard try passes(worktree, forced, &entry) else { return entry }
    }
    entry.outcome = try reportingFailure { try carryOut(worktree, &entry) }
    return entry
  }

  /// Whether trunk has what is on a worktree's branch, and there was something.
  public func hasLanded(_ worktree: Worktree) throws -> Bool {
    guard let branch = worktree.branch, let tip = try openRepository().target(of: branch) else { return false }
    return try gate().landing(of: branch, at: tip) == .merged
  }

  // MARK: Steps

  private func passes(_ worktree: Worktree, _ forced: Set<String>, _ entry: inout Entry) throws -> Bool {
    let reasons = try gate().reasons(worktree)
    let standing = reasons.filter { !$0.isForcible || !forced.contains($0.code) }
    entry.forced = reasons.filter { $0.isForcible && forced.contains($0.code) }
    entry.outcome = .refused(standing)
    return standing.isEmpty
  }

  /// What git or the system refuses in the middle is said; the record stays, and the next removal goes on from there.
  private func reportingFailure(_ body: () throws -> Outcome) throws -> Outcome {
    do { return try body() } catch let error as GitError { return .failed(error.description) } catch let error
      as SystemError
    { return .failed(error.description) }
  }

  private func carryOut(_ worktree: Worktree, _ entry: inout Entry) throws -> Outcome {
    let passedOver = Set(entry.forced.map(\.code))
    if !worktree.isMissing, !passedOver.isDisjoint(with: ["dirty", "untracked", "operation", "detached"]) {
      entry.kept = try KeptWork(worktree: worktree, environment: environment).keep()
    }
    let record = RemovalRecord(
      name: worktree.gitDirectory.lastComponent.bytes, path: worktree.path, aside: try asideName(for: worktree),
      branch: worktree.branch, mergedTip: try mergedTip(of: worktree), forced: passedOver)
    try RemovalRecords(layout).begin(record)
    if !worktree.isMissing {
      do { try worktree.path.rename(to: record.aside) } catch {
        try RemovalRecords(layout).end(record)
        throw error
      }
    }
    return try end(record)
  }

  /// Goes on from where the directory is aside.
  private func end(_ begun: RemovalRecord) throws -> Outcome {
    var record = begun
    let registration = registration(record)
    if registration.exists {
      if !record.isSettled, record.aside.exists {
        let reasons: [RemovalReason]?
        do { reasons = try lateReasons(record) } catch {
          try putBack(record)
          throw error
        }
        if let reasons {
          try putBack(record)
          return .refused(reasons)
        }
      }
      if record.path.exists {
        // Somebody has made something new there: git would take it for the worktree.
        try RemovalRecords(layout).end(record)
        return .failed("something new is at '\(record.path)'; the worktree's files are in '\(record.aside)'")
      }
      if record.forced.contains("locked") { try (registration / "locked").remove() }
      record.isSettled = true
      try RemovalRecords(layout).begin(record)
      let git = GitCommand(in: layout.workTree ?? layout.gitDirectory, environment: environment)
      let result = try git.run(["worktree", "remove", Argument(record.path)])
      // A git that was killed while it did this leaves what the next no longer takes for a registration.
      if registration.exists, begun.isSettled || result.ending != .exited(result.exitStatus) {
        try registration.removeRecursively()
      }
      if registration.exists { throw GitCommand.failure(["worktree", "remove", Argument(record.path)], result) }
    }
    let deleted = try deleteBranch(record, isResumed: begun.isSettled)
    try record.aside.makeWritableAndRemove()
    try RemovalRecords(layout).end(record)
    return .removed(branch: deleted)
  }

  /// What somebody has written in the moment before the directory was put aside.
  private func lateReasons(_ record: RemovalRecord) throws -> [RemovalReason]? {
    let worktrees = try layout.worktrees()
    guard let worktree = worktrees.first(where: { $0.gitDirectory == registration(record) }) else { return nil }
    let gate = try gate()
    var reasons = try gate.files(at: record.aside, of: worktree, looksIntoSubmodules: false)
    if gate.holdsIndex(worktree) { reasons.append(.occupied([.init(process: 0, name: "a git that holds index.lock")])) }
    reasons.removeAll { record.forced.contains($0.code) }
    return reasons.isEmpty ? nil : reasons
  }

  private func putBack(_ record: RemovalRecord) throws {
    guard !record.path.exists else { return }
    try record.aside.rename(to: record.path)
    try RemovalRecords(layout).end(record)
  }

  private func registration(_ record: RemovalRecord) -> FilePath {
    (layout.commonDirectory / "worktrees").appending(record.name)
  }

  // MARK: Branches

  /// The tip of a branch that trunk has in some form, and that no other worktree has checked out.
  private func mergedTip(of worktree: Worktree) throws -> ObjectID? {
    guard let branch = worktree.branch, worktree.operation == nil, branch != names.branch else { return nil }
    let repository = try openRepository()
    let isElsewhere = try layout.worktrees().contains {
      $0.gitDirectory != worktree.gitDirectory && ($0.branch?.utf8.elementsEqual(branch.utf8) ?? false)
    }
    guard !isElsewhere, let tip = try repository.target(of: branch),
      try gate().landing(of: branch, at: tip) == .merged
    else { return nil }
    return tip
  }

  /// - Returns: where it stood; `nil` where it stays.
  private func deleteBranch(_ record: RemovalRecord, isResumed: Bool) throws -> ObjectID? {
    guard let branch = record.branch, let tip = record.mergedTip else { return nil }
    let git = GitCommand(in: layout.workTree ?? layout.gitDirectory, environment: environment)
    for lock in ["\(branch).lock", "packed-refs.lock", "packed-refs.new"] {
      // Of a git that was killed while it did this.
      if isResumed { try StaleLock(layout.commonDirectory / lock).remove() }
    }
    // Only from where it was found merged: whoever has moved it since goes before.
    let result = try git.run(["update-ref", "-d", Argument(branch), "\(tip)"])
    guard result.succeeded else {
      if case .exited = result.ending, !isResumed || !result.error.mentions(".lock") { return nil }
      throw GitCommand.failure(["update-ref", "-d", Argument(branch)], result)
    }
    _ = try git.run(["config", "--remove-section", Argument("branch.\(branch.shortBranchName)")])
    try StreamBases(layout).forget(branch)
    return tip
  }

  // MARK: Facts

  private func openRepository() throws -> Repository {
    try Repository(layout, environment: GitCommand.scrubbed(environment))
  }

  private func gate() throws -> RemovalGate {
    let repository = try openRepository()
    return RemovalGate(
      repository: repository, environment: environment, plan: plan, names: names, trunk: try repository.trunk(names),
      mergedStreams: mergedStreams)
  }

  private func stream(of worktree: Worktree) -> Plan.Stream? {
    plan.streams.first { "refs/heads/\($0.branch)".utf8.elementsEqual((worktree.branch ?? "").utf8) }
  }

  private func placeholders(_ worktree: Worktree) throws -> Placeholders {
    let base = try worktree.branch.flatMap { try StreamBases(layout).recorded(for: $0) }
    return Placeholders(
      worktree: worktree.path, stream: stream(of: worktree).map { Array($0.id.utf8) },
      branch: worktree.branch.map { Array($0.shortBranchName.utf8) }, base: base.map { Array($0.description.utf8) })
  }

  private func asideName(for worktree: Worktree) throws -> FilePath {
    let name = worktree.path.lastComponent.bytes.suffix(200)
    let suffix = Array(".removed-\(CurrentProcess.id)".utf8)
    return worktree.path.parent.appending([UInt8(ascii: ".")] + name + suffix)
  }
}

extension FilePath {
  /// Removes a directory with all that is in it, directories without the right to write, too.
  fileprivate func makeWritableAndRemove() throws(SystemError) {
    guard let status = try status() else { return }
    guard status.isDirectory else { return try remove() }
    if status.permissions & 0o700 != 0o700 { try setPermissions(status.permissions | 0o700) }
    for name in try entries() { try appending(name.bytes).makeWritableAndRemove() }
    try removeEmptyDirectory()
  }
}
