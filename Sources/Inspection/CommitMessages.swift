import Git
import Plan
import Platform
import Rules

extension Situation {
  /// What the rules on messages say of commits that exist, in their order.
  ///
  /// - Parameters:
  ///   - commits: children before parents.
  ///   - stream: whose issues the messages should name; `nil`: none need be named.
  ///   - upstream: what the branch is rebased onto to put an older message right.
  public func messageFindings(
    in commits: [ObjectID], stream: Plan.Stream?, isForTrunk: Bool, upstream: String?
  ) throws -> [Finding] {
    guard let tip = commits.first else { return [] }
    let judge = try messageJudge(upTo: tip, stream: stream, isForTrunk: isForTrunk, upstream: upstream)
    for id in commits { judge.add(try repository.commit(id)) }
    return judge.findings(in: commits)
  }

  /// The same for a range that is still being read.
  ///
  /// - Parameter tip: the commit that the range ends in.
  func messageJudge(
    upTo tip: ObjectID, stream: Plan.Stream?, isForTrunk: Bool, upstream: String?
  ) throws -> MessageJudge {
    MessageJudge(
      MessageJudge.Policy(
        settings: ruleSettings, policies: policies, own: stream == nil ? [] : try ownCommits(upTo: tip),
        issues: stream?.issues.map(\.id) ?? [], isForTrunk: isForTrunk, upstream: upstream, head: head,
        startsAtHead: tip == head))
  }

  /// What issues named by these commits wait for in other streams, each pair once.
  public func dependencyFindings(in commits: [ObjectID], stream: Plan.Stream?) throws -> [Finding] {
    guard let stream else { return [] }
    let waits = plan.waits(of: stream)
    if waits.isEmpty { return [] }
    let done = try ledger().done
    let own = try commits.first.flatMap { try ownCommits(upTo: $0) }
    let messages = try commits.filter { own?.contains($0) ?? true }.map { CommitMessage(try repository.commit($0)) }
    return waits.flatMap { wait -> [Finding] in
      guard !done.contains(wait.prerequisite), let other = plan.stream(wait.stream),
        messages.contains(where: { $0.names(issue: wait.issue) })
      else { return [] }
      return DependsRule.findings(
        in: WaitingIssue(
          issue: wait.issue, awaited: wait.prerequisite, stream: StreamReference(other), trunk: trunkName))
    }
  }

  /// Those that are not on trunk: a stream that is pushed before trunk is takes trunk's commits along. `nil`: all of them.
  private func ownCommits(upTo tip: ObjectID) throws -> Set<ObjectID>? {
    guard let trunk, trunk.local != trunk.remote else { return nil }
    return Set(try repository.commitRange(reachableFrom: tip, excluding: trunk.tips).ids)
  }
}

/// Asks the rules about messages on other threads while the commits of a range are still being read.
final class MessageJudge {
  /// So many are given to a thread at once.
  private static let share = 512

  private let policy: Policy
  private var waiting: [Commit] = []
  private var results: [ConcurrentValue<[ObjectID: [Finding]]>] = []
  private var known: [ObjectID: [Finding]] = [:]

  init(_ policy: Policy) { self.policy = policy }

  /// A commit that may be in the range.
  func add(_ commit: Commit) {
    waiting.append(commit)
    guard waiting.count == Self.share else { return }
    // Reading is the slower half: more than a few wait only where there are no processors for them.
    if results.count >= 4 { collect() }
    results.append(ConcurrentValue { [policy, waiting] in policy.findings(of: waiting) })
    waiting = []
  }

  /// Of those commits, all of which were added, in their order.
  func findings(in commits: [ObjectID]) -> [Finding] {
    known.merge(policy.findings(of: waiting)) { $1 }
    waiting = []
    while !results.isEmpty { collect() }
    return known.isEmpty ? [] : commits.flatMap { known[$0] ?? [] }
  }

  private func collect() { known.merge(results.removeFirst().get()) { $1 } }
}

extension MessageJudge {
  /// What decides on the message of a commit that exists, the same for all commits of a range and on every thread.
  struct Policy: Sendable {
    let settings: RuleSettings
    let policies: Plan
    /// Commits that should name one of `issues`; `nil`: all of them.
    let own: Set<ObjectID>?
    let issues: [String]
    let isForTrunk: Bool
    let upstream: String?
    let head: ObjectID?
    /// Whether the newest of them is HEAD, so that a rebase here reaches them.
    let startsAtHead: Bool

    /// Commits without a finding are left out.
    func findings(of commits: [Commit]) -> [ObjectID: [Finding]] {
      var result: [ObjectID: [Finding]] = [:]
      for commit in commits {
        let findings = findings(of: commit)
        if !findings.isEmpty { result[commit.id] = findings }
      }
      return result
    }

    private func findings(of commit: Commit) -> [Finding] {
      var context = MessageContext(.written)
      context.isMerge = commit.isMerge
      context.isRoot = commit.parents.isEmpty
      context.isForTrunk = isForTrunk
      context.issues = own?.contains(commit.id) ?? true ? issues : []
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
}
