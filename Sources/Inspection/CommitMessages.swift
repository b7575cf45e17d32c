import Git
import Plan
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
    let own = stream == nil ? [] : try ownCommits(among: commits)
    return try commits.enumerated().flatMap { index, id -> [Finding] in
      let commit = try repository.commit(id)
      var context = MessageContext(.written)
      context.isMerge = commit.isMerge
      context.isRoot = commit.parents.isEmpty
      context.isForTrunk = isForTrunk
      context.issues = own.contains(id) ? stream?.issues.map(\.id) ?? [] : []
      context.issuePrefixes = policies.project.issuePrefixes
      context.commit = id
      context.upstream = upstream
      if id == head {
        context.remedy = .amend
      } else if commits.first == head {
        context.remedy = .rebase(id, isRoot: commit.parents.isEmpty)
      }
      return Rules.messageFindings(
        for: CommitMessage(commit), policy: policies.commits, settings: ruleSettings, context: context)
    }
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
