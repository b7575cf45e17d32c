import Git
import Hive
import Inspection
import Outbox
import Plan
import Platform
import Rules

extension Situation {
  /// What there is to tell of the streams whose branch is in this clone: another clone tells of its own.
  public func news(environment: Environment) throws -> [StreamNews] {
    guard let trunk, loadedPlan != nil else { return [] }
    let ledger = try ledger()
    let signals = (try? HiveStore(repository, environment: environment).snapshot().signals()) ?? []
    let worktrees = try repository.layout.worktrees()
    let home = worktrees.first?.path ?? repository.layout.commonDirectory
    var result: [StreamNews] = []
    for stream in plan.streams {
      guard let tip = try repository.target(of: "refs/heads/\(stream.branch)") else { continue }
      let worktree = worktrees.first { $0.branch == "refs/heads/\(stream.branch)" && !$0.isMissing }
      var news = StreamNews(stream, in: worktree?.path ?? home)
      news.tip = try mention(tip)
      (news.hasCommits, news.committed) = try mentions(of: stream, upTo: tip, since: trunk)
      if let remote = names?.remote,
        let published = try repository.target(of: "refs/remotes/\(remote)/\(stream.branch)")
      {
        (news.isPushed, news.pushed) = try mentions(of: stream, upTo: published, since: trunk)
      }
      news.merged = ledger.done.intersection(stream.issues.map(\.id))
      news.isMerged = ledger.mergedStreams.contains(stream.id)
      if let signal = signals.first(where: { $0.stream == stream.id }) {
        news.signal = signal.state == .ready ? .ready : signal.state == .blocked ? .blocked : nil
        news.blockedOn = signal.issue
      }
      result.append(news)
    }
    return result
  }

  private func mention(_ id: ObjectID) throws -> StreamNews.Mention {
    StreamNews.Mention(sha: "\(id)", subject: try repository.commit(id).subject)
  }

  /// Of the commits that trunk has not: whether there are any, and the newest that names each of the stream's issues.
  private func mentions(
    of stream: Plan.Stream, upTo tip: ObjectID, since trunk: Trunk
  ) throws -> (any: Bool, newest: [String: StreamNews.Mention]) {
    let own = try repository.commitIDs(reachableFrom: [tip], excluding: trunk.tips)
    var newest: [String: StreamNews.Mention] = [:]
    for id in own {
      let message = CommitMessage(try repository.commit(id))
      for issue in stream.issues where newest[issue.id] == nil && message.claims(issue: issue.id) {
        newest[issue.id] = try mention(id)
      }
    }
    return (!own.isEmpty, newest)
  }
}
