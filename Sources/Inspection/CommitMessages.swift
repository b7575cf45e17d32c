import Git
import Plan
import Platform
import Rules

extension Situation {
  /// What the rules on messages say of commits that exist, newest first; each is judged once.
  ///
  /// - Parameters:
  ///   - stream: whose issues the messages should name; `nil`: none need be named.
  ///   - upstream: what the branch is rebased onto to put an older message right.
  public func messageFindings(
    in commits: [ObjectID], stream: Plan.Stream?, isForTrunk: Bool, upstream: String?
  ) throws -> [Finding] {
    let judge = MessageJudge(
      settings: ruleSettings, policies: policies, own: stream == nil ? [] : try ownCommits(among: commits),
      issues: stream?.issues.map(\.id) ?? [], isForTrunk: isForTrunk, upstream: upstream, head: head,
      startsAtHead: commits.first == head)
    let chunks = stride(from: 0, to: commits.count, by: MessageJudge.chunk).map {
      commits[$0..<min($0 + MessageJudge.chunk, commits.count)]
    }
    guard chunks.count > 1 else { return try commits.flatMap { judge.findings(of: try repository.commit($0)) } }
    let results = Results(count: chunks.count)
    let (layout, environment) = (repository.layout, repository.environment)
    runConcurrently(chunks.count) { index in
      results.set(
        index, Result { try judge.findings(of: chunks[index], in: Repository(layout, environment: environment)) })
    }
    return try results.all().flatMap { try $0.get() }
  }

  /// What issues named by these commits wait for in other streams, each pair once.
  public func dependencyFindings(in commits: [ObjectID], stream: Plan.Stream?) throws -> [Finding] {
    guard let stream else { return [] }
    let waits = plan.waits(of: stream)
    if waits.isEmpty { return [] }
    let done = try ledger().done
    let own = try ownCommits(among: commits)
    let messages = try commits.filter(own.contains).map { CommitMessage(try repository.commit($0)) }
    return waits.flatMap { wait -> [Finding] in
      guard !done.contains(wait.prerequisite), let other = plan.stream(wait.stream),
        messages.contains(where: { $0.names(issue: wait.issue) })
      else { return [] }
      return DependsRule.findings(
        in: WaitingIssue(
          issue: wait.issue, awaited: wait.prerequisite, stream: StreamReference(other), trunk: trunkName))
    }
  }

  /// Those that are not on trunk: a stream that is pushed before trunk is takes trunk's commits along.
  private func ownCommits(among commits: [ObjectID]) throws -> Set<ObjectID> {
    guard let trunk, let newest = commits.first, trunk.local != trunk.remote else { return Set(commits) }
    return Set(try repository.commitIDs(reachableFrom: [newest], excluding: trunk.tips))
  }
}

/// What decides on the message of a commit that exists, the same for all commits of a range and on every thread.
private struct MessageJudge: Sendable {
  /// So many commits are read by a thread at a time, with a repository of its own.
  static let chunk = 512

  let settings: RuleSettings
  let policies: Plan
  /// Commits that should name one of `issues`.
  let own: Set<ObjectID>
  let issues: [String]
  let isForTrunk: Bool
  let upstream: String?
  let head: ObjectID?
  /// Whether the newest of them is HEAD, so that a rebase here reaches them.
  let startsAtHead: Bool

  func findings(of commits: ArraySlice<ObjectID>, in repository: Repository) throws -> [Finding] {
    try commits.flatMap { findings(of: try repository.commit($0)) }
  }

  func findings(of commit: Commit) -> [Finding] {
    var context = MessageContext(.written)
    context.isMerge = commit.isMerge
    context.isRoot = commit.parents.isEmpty
    context.isForTrunk = isForTrunk
    context.issues = own.contains(commit.id) ? issues : []
    context.issuePrefixes = policies.project.issuePrefixes
    context.commit = commit.id
    context.upstream = upstream
    if commit.id == head {
      context.remedy = .amend
    } else if startsAtHead {
      context.remedy = .rebase(commit.id, isRoot: commit.parents.isEmpty)
    }
    return Rules.messageFindings(
      for: CommitMessage(commit), policy: policies.commits, settings: settings, context: context)
  }
}

/// One place for each chunk's findings; no two threads write to one.
private final class Results: @unchecked Sendable {
  private let places: UnsafeMutableBufferPointer<Result<[Finding], any Error>>

  init(count: Int) {
    places = .allocate(capacity: count)
    places.initialize(repeating: .success([]))
  }

  func set(_ index: Int, _ result: Result<[Finding], any Error>) { places[index] = result }

  /// Once all threads have ended.
  func all() -> [Result<[Finding], any Error>] { Array(places) }

  deinit {
    places.deinitialize()
    places.deallocate()
  }
}
