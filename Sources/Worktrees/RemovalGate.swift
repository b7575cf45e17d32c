import Git
import Plan
import Platform
import StateFiles
import Sync

/// Asks of a worktree whether anything would be lost with it.
struct RemovalGate {
  let repository: Repository
  let environment: Environment
  let plan: Plan
  let names: TrunkNames
  let trunk: Trunk?
  /// Ids of streams that are known to be merged, by their issues say.
  let mergedStreams: Set<String>

  /// All that stands against it.
  func reasons(_ worktree: Worktree) throws -> [RemovalReason] {
    if worktree.isMain { return [.main] }
    var reasons: [RemovalReason] = []
    if let reason = worktree.lockReason { reasons.append(.locked(reason)) }
    if let absence = worktree.absence {
      return reasons + [absence == .gone ? .missing : .misplaced(absence)] + (try commits(of: worktree))
    }
    if let operation = worktree.operation { reasons.append(.operation(operation)) }
    reasons += try files(at: worktree.path, of: worktree)
    reasons += try commits(of: worktree)
    let submodules = try submodules(worktree)
    if !submodules.isEmpty { reasons.append(.submodules(submodules)) }
    let inside = try worktreesInside(worktree)
    if !inside.isEmpty { reasons.append(.holds(inside)) }
    let occupants = try occupants(worktree)
    if !occupants.isEmpty { reasons.append(.occupied(occupants)) }
    return reasons
  }

  // MARK: Files

  /// - Parameters:
  ///   - place: where the files are now.
  ///   - looksIntoSubmodules: not where the worktree has been put aside, and they no longer find their own git directories.
  func files(
    at place: FilePath, of worktree: Worktree, looksIntoSubmodules: Bool = true
  ) throws -> [RemovalReason] {
    let git = GitCommand(in: place, environment: environment)
    // A file system monitor may hang or lie.
    let status = try git.output([
      "-c", "core.fsmonitor=false", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all",
      looksIntoSubmodules ? "--ignore-submodules=none" : "--ignore-submodules=all",
    ])
    var (dirty, untracked, nested): ([[UInt8]], [[UInt8]], [FilePath]) = ([], [], [])
    for entry in status.split(separator: 0) {
      let path = Array(entry.dropFirst(3))
      if entry.first != UInt8(ascii: "?") {
        dirty.append(path)
      } else if path.last == UInt8(ascii: "/") {
        nested.append(place.appending(path).withoutTrailingSlashes)  // git looks into all others
      } else if !isOurLink(path, at: place) {
        untracked.append(path)
      }
    }
    dirty += try hiddenChanges(git, worktree)
    var reasons: [RemovalReason] = []
    if !dirty.isEmpty { reasons.append(.dirty(Array(dirty.prefix(5)), count: dirty.count)) }
    if !untracked.isEmpty { reasons.append(.untracked(Array(untracked.prefix(5)), count: untracked.count)) }
    if !nested.isEmpty { reasons.append(.holds(nested)) }
    return reasons
  }

  /// A link that `up` makes leads to what the main worktree has.
  private func isOurLink(_ path: [UInt8], at place: FilePath) -> Bool {
    guard let main = repository.layout.mainWorktreePath, place.appending(path).linkTarget() != nil else { return false }
    return plan.worktree.links.contains { link in
      FilePath(link).normalized.bytes == path
        && (place.appending(path).isSameFile(as: main.appending(path)) || !main.appending(path).exists)
    }
  }

  /// Changes that assume-unchanged and skip-worktree hide from `git status`.
  private func hiddenChanges(_ git: GitCommand, _ worktree: Worktree) throws -> [[UInt8]] {
    var hidden: [[UInt8]] = []
    for line in try git.output(["-c", "core.fsmonitor=false", "ls-files", "-v", "-z"]).split(separator: 0) {
      // "H path"; in lower case for assume-unchanged, "S" for skip-worktree; see git-ls-files(1).
      guard let tag = line.first, tag != UInt8(ascii: "H"), tag != UInt8(ascii: "M") else { continue }
      let path = Array(line.dropFirst(2))
      if try git.directory.appending(path).status() != nil { hidden.append(path) }
    }
    if hidden.isEmpty { return [] }
    let copy = worktree.gitDirectory / "preflight/gate-index"
    try copy.parent.createDirectories()
    try (worktree.gitDirectory / "index").copyWithTime(to: copy)
    defer { try? copy.remove() }
    var inspection = git
    inspection.environment[bytes: "GIT_INDEX_FILE"] = copy.bytes
    let list = Array(hidden.map { $0 + [0] }.joined())
    for flag in ["--no-assume-unchanged", "--no-skip-worktree"] {
      try inspection.output(["update-index", Argument(flag), "-z", "--stdin"], input: list)
    }
    let names = Set(hidden)
    // What was never touched differs in its times only, which git then looks behind.
    _ = try inspection.run(["update-index", "-q", "--refresh"])
    let different = try inspection.output(["-c", "core.fsmonitor=false", "diff-files", "--name-only", "-z"])
    return different.split(separator: 0).map(Array.init).filter(names.contains)
  }

  // MARK: Commits

  private func commits(of worktree: Worktree) throws -> [RemovalReason] {
    guard let branch = worktree.branch else {
      if case .detached(let id)? = worktree.head { return [.detached(id)] }
      return []
    }
    guard let tip = try repository.target(of: branch) else { return [.branchDeleted(last: worktree.lastCommit)] }
    switch try landing(of: branch, at: tip) {
    case .merged, .nothing: return []
    case .unmerged(let commits):
      var reasons: [RemovalReason] = []
      let unpushed = try unpushed(commits, of: branch)
      if unpushed > 0 { reasons.append(.unpushed(count: unpushed)) }
      return reasons + [.unmerged(count: commits.count)]
    }
  }

  enum Landing: Equatable {
    /// Trunk has its commits, as they are, squashed or rebased.
    case merged
    /// It has never had any.
    case nothing
    case unmerged([ObjectID])
  }

  /// - Parameter branch: in full.
  func landing(of branch: String, at tip: ObjectID) throws -> Landing {
    guard let trunk else { return .unmerged([tip]) }
    let own = try repository.commitIDs(reachableFrom: [tip], excluding: trunk.tips)
    if own.isEmpty { return try hasHadCommits(branch, tip) ? .merged : .nothing }
    let stream = plan.streams.first { "refs/heads/\($0.branch)".utf8.elementsEqual(branch.utf8) }
    if let stream, mergedStreams.contains(stream.id) { return .merged }
    // Commits of the stream that this one is stacked on are that one's.
    guard
      case .found(let base) = try StreamBases(repository.layout).base(
        of: branch, tip: tip, onto: trunk.tip, in: repository)
    else { return .unmerged(own) }
    if base == tip { return .nothing }
    if try repository.mergesToNothing(tip, into: trunk.tip) { return .merged }
    if try isReplayedAway(Replay.Stream(base: base, tip: tip, onto: trunk.tip), trunk) { return .merged }
    return .unmerged(try repository.commitIDs(reachableFrom: [tip], excluding: trunk.tips + [base]))
  }

  /// Whether a rebase onto trunk would leave nothing of it, since trunk has each commit, or all in one.
  private func isReplayedAway(_ stream: Replay.Stream, _ trunk: Trunk) throws -> Bool {
    let policies = PlanMerge(repository, plan: plan, trunk: trunk)
    defer { repository.forgetMadeObjects() }
    let outcome = try Replay(repository, policy: policies.verdict).outcome(of: stream)
    if case .replayed(let replayed) = outcome { return replayed.tip == trunk.tip }
    return false
  }

  /// Whether the branch has ever had a commit of its own: a new one, that nobody has begun to work on, is not merged.
  private func hasHadCommits(_ branch: String, _ tip: ObjectID) throws -> Bool {
    let stream = plan.streams.first { "refs/heads/\($0.branch)".utf8.elementsEqual(branch.utf8) }
    if let stream, mergedStreams.contains(stream.id) { return true }
    let log = try repository.git.run(["log", "--walk-reflogs", "--format=%gs", Argument(branch), "--"])
    return log.output.split(separator: UInt8(ascii: "\n")).contains { line in
      ["commit", "cherry-pick", "am:", "am ", "rebase (pick)"].contains {
        line.starts(with: $0.utf8)
      }
    }
  }

  private func unpushed(_ commits: [ObjectID], of branch: String) throws -> Int {
    let remotes = try repository.references(below: "refs/remotes/")
    // Without any remote there is nowhere to push to.
    guard names.remote != nil || !remotes.isEmpty else { return 0 }
    let published = try repository.publication(of: branch, trunk: names)
    guard let tip = commits.first, let published else { return commits.count }
    let missing = try Set(repository.commitIDs(reachableFrom: [tip], excluding: [published.tracking.target]))
    return commits.count(where: missing.contains)
  }

  // MARK: Others

  private func submodules(_ worktree: Worktree) throws -> [[UInt8]] {
    let git = GitCommand(in: worktree.path, environment: environment)
    let entries = try git.output(["-c", "core.fsmonitor=false", "ls-files", "--stage", "-z"]).split(separator: 0)
    // "160000 <id> <stage>\t<path>"
    return entries.filter { $0.starts(with: "160000 ".utf8) }.compactMap { entry in
      entry.firstIndex(of: UInt8(ascii: "\t")).map { Array(entry[($0 + 1)...]) }
    }.filter { worktree.path.appending($0 + Array("/.git".utf8)).exists }
  }

  private func worktreesInside(_ worktree: Worktree) throws -> [FilePath] {
    let top = (try? worktree.path.resolved()) ?? worktree.path
    return try repository.layout.worktrees().filter { other in
      other.gitDirectory != worktree.gitDirectory && ((try? other.path.resolved()) ?? other.path).isInside(top)
    }.map(\.path)
  }

  private func occupants(_ worktree: Worktree) throws -> [RemovalReason.Occupant] {
    var found = Occupants(of: worktree).processes.map { process in
      RemovalReason.Occupant(
        process: process.id,
        name: process.arguments.first.map { FilePath($0).lastComponent.description } ?? "a process")
    }
    if found.isEmpty, let running = try Activity.current(in: worktree) {
      found.append(.init(process: 0, name: running))
    }
    // A sync that moves it, say; it need not work there.
    if found.isEmpty, holdsIndex(worktree) { found.append(.init(process: 0, name: "a git that holds index.lock")) }
    return found
  }

  func holdsIndex(_ worktree: Worktree) -> Bool { (worktree.gitDirectory / "index.lock").exists }
}
