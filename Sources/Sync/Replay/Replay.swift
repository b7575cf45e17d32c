import ContentMerging
import Git

/// Replays the commits of streams onto a new base in memory, with the outcome that `git rebase --no-fork-point` would have.
///
/// Nothing is written: what comes of it are made objects of the repository, which the caller writes or forgets.
public final class Replay {
  public struct Stream: Hashable, Sendable {
    /// The commit after which the stream's own commits start.
    public var base: ObjectID
    public var tip: ObjectID
    public var onto: ObjectID

    public init(base: ObjectID, tip: ObjectID, onto: ObjectID) {
      self.base = base
      self.tip = tip
      self.onto = onto
    }
  }

  public enum Outcome: Hashable, Sendable {
    case replayed(Replayed)
    case conflict(Stop)
    /// git has to rebase what comes after `base`; `dropped` is to be left out before.
    case needsGit(GitOnlyReason, base: ObjectID, dropped: [DroppedCommit])
  }

  public struct Replayed: Hashable, Sendable {
    public var tip: ObjectID
    /// Each commit that was replayed with what became of it, oldest first.
    public var rewritten: [Rewritten]
    public var dropped: [DroppedCommit]
    /// How many merges git had to decide.
    public var mergedByGit: Int
  }

  public struct Rewritten: Hashable, Sendable {
    public var old: ObjectID
    public var new: ObjectID
  }

  /// The commit that does not go on.
  public struct Stop: Hashable, Sendable {
    public var commit: ObjectID
    public var subject: [UInt8]
    /// The unmerged paths.
    public var files: [[UInt8]]
    /// What had been left out before it.
    public var dropped: [DroppedCommit]
    /// How many merges git had to decide.
    public var mergedByGit: Int
  }

  let repository: Repository
  private let policy: ContentMerge.Policy
  private let conditions: TreeMerge.Conditions
  private let gitMerge: GitTreeMerge
  private var committer: [UInt8]?
  private var settings: GitOnlyReason??
  private var histories: [[ObjectID]: TrunkHistory] = [:]

  /// - Parameters:
  ///   - committer: `Name <mail> seconds zone`; `nil`: as git has it.
  ///   - policy: decides files that both sides changed before git's rules do.
  public convenience init(
    _ repository: Repository, committer: [UInt8]? = nil, policy: @escaping ContentMerge.Policy = { _ in nil }
  ) {
    self.init(repository, committer: committer, conditions: .all, policy: policy)
  }

  init(
    _ repository: Repository, committer: [UInt8]?, conditions: TreeMerge.Conditions,
    policy: @escaping ContentMerge.Policy
  ) {
    self.conditions = conditions
    self.repository = repository
    self.committer = committer
    self.policy = policy
    gitMerge = GitTreeMerge(repository)
  }

  public func outcome(of stream: Stream) throws(GitError) -> Outcome {
    var run = try ReplayRun(
      stream, repository: repository,
      merger: PickMerge(repository, onto: stream.onto, git: gitMerge, policy: policy, conditions: conditions))
    if let reason = try settingsReason() { return .needsGit(reason, base: stream.base, dropped: []) }
    guard let committer = try knownCommitter() else { return .needsGit(.identity, base: stream.base, dropped: []) }
    let common = try repository.mergeBase(stream.tip, stream.onto)
    guard case .found(let common) = common, let commits = try ownCommits(stream) else {
      return .needsGit(.mergeCommits, base: stream.base, dropped: [])
    }
    return try run.outcome(
      of: commits, since: common, history: history(since: common, upTo: stream.onto),
      form: CommitForm(committer: committer))
  }

  /// Oldest first; `nil` where they are no chain.
  private func ownCommits(_ stream: Stream) throws(GitError) -> [Commit]? {
    var commits: [Commit] = []
    var next = stream.tip
    while next != stream.base {
      let commit = try repository.commit(next)
      guard commit.parents.count == 1 else { return nil }
      commits.append(commit)
      next = commit.parents[0]
    }
    return commits.reversed()
  }

  private func settingsReason() throws(GitError) -> GitOnlyReason? {
    if let settings { return settings }
    let reason = try GitOnlySettings(repository: repository).reason()
    settings = .some(reason)
    return reason
  }

  /// Asked of git once: it knows where names and mail addresses come from.
  private func knownCommitter() throws(GitError) -> [UInt8]? {
    if let committer { return committer }
    let result = try repository.git.run(["var", "GIT_COMMITTER_IDENT"])
    guard result.succeeded else { return nil }
    committer = Array(result.output.prefix { $0 != UInt8(ascii: "\n") })
    return committer
  }

  private func history(since base: ObjectID, upTo tip: ObjectID) throws(GitError) -> TrunkHistory {
    if let known = histories[[base, tip]] { return known }
    let history = try TrunkHistory(repository, since: base, upTo: tip)
    histories[[base, tip]] = history
    return history
  }
}

/// A commit that a replay leaves out, since trunk has what it does.
public struct DroppedCommit: Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// Trunk has a commit with the same patch.
    case samePatch
    /// A commit of trunk holds it, squashed with the stream's commits before it.
    case squashed(into: ObjectID)
    /// Nothing is left of it.
    case becameEmpty
    /// Merging the whole stream would change nothing.
    case merged
    /// git has left it out of its rebase.
    case leftOutByGit
  }

  public var commit: ObjectID
  public var subject: [UInt8]
  public var reason: Reason
}
