import Plan
import Platform

/// What is known of a stream that somebody may want to be told of: facts, found anew each time.
public struct StreamNews: Hashable, Sendable {
  /// A commit that names an issue, or a stream's tip.
  public struct Mention: Hashable, Sendable {
    public var sha: String
    public var subject: [UInt8]

    public init(sha: String, subject: [UInt8]) {
      self.sha = sha
      self.subject = subject
    }
  }

  public var stream: Plan.Stream
  public var directory: FilePath
  /// The branch's tip.
  public var tip: Mention?
  /// Whether the branch has commits that trunk has not, here and as the remote has it.
  public var hasCommits = false
  public var isPushed = false
  /// By the issues that these commits name, the newest of each.
  public var committed: [String: Mention] = [:]
  public var pushed: [String: Mention] = [:]
  /// The issues whose work trunk has, and whether it has all of the stream.
  public var merged: Set<String> = []
  public var isMerged = false
  /// What the stream says of itself, as far as that is news.
  public var signal: Plan.NotifyPolicy.Event?
  /// The issue that it is blocked on.
  public var blockedOn: String?

  public init(_ stream: Plan.Stream, in directory: FilePath) {
    self.stream = stream
    self.directory = directory
  }
}

extension Plan.NotifyPolicy {
  /// Every event that the facts are evidence of and that there is a command for, in the order in which they happen to an
  /// issue. Those that were seen before are among them: the outbox knows which.
  public func deliveries(for news: [StreamNews]) -> [Delivery] {
    Event.allCases.filter { commands[$0] != nil }.flatMap { event in
      news.flatMap { news in
        issues(of: event, in: news).map { issue in
          let mention = issue.flatMap { (event == .pushed ? news.pushed : news.committed)[$0] } ?? news.tip
          return Delivery(
            .notice(event), stream: news.stream.id, branch: news.stream.branch, issue: issue, sha: mention?.sha,
            subject: mention?.subject ?? [], in: news.directory)
        }
      }
    }
  }

  /// What has ended, so that it is news when it begins again.
  public func isOver(_ delivery: Delivery, in news: [StreamNews]) -> Bool {
    guard case .notice(let event) = delivery.occasion, event == .ready || event == .blocked else { return false }
    return news.contains { $0.stream.id == delivery.stream && $0.signal != event }
  }

  /// Whether work that was told to be merged is on trunk no longer: it was taken back, and all of it may happen again.
  public func isReopened(_ delivery: Delivery, in news: [StreamNews]) -> Bool {
    guard delivery.occasion == .notice(.merged) else { return false }
    return news.contains { news in
      news.stream.id == delivery.stream && !(delivery.issue.map(news.merged.contains) ?? news.isMerged)
    }
  }

  /// A command that names no issue is run once for the stream: `nil`.
  private func issues(of event: Event, in news: StreamNews) -> [String?] {
    let names = news.stream.issues.map(\.id)
    let open = names.filter { !news.merged.contains($0) }
    guard commands[event]?.contains(where: { $0.utf8.mentions("{issue}") }) == true else {
      let happened =
        switch event {
        case .committed: news.hasCommits
        case .pushed: news.isPushed
        case .ready, .blocked: news.signal == event
        case .merged: news.isMerged
        }
      return happened ? [nil] : []
    }
    switch event {
    case .committed: return open.filter { news.committed[$0] != nil }
    case .pushed: return open.filter { news.pushed[$0] != nil }
    case .merged: return names.filter { news.merged.contains($0) }
    case .ready:
      guard news.signal == .ready else { return [] }
      let carried = open.filter { news.committed[$0] != nil }
      return carried.isEmpty ? open : carried
    case .blocked:
      guard news.signal == .blocked else { return [] }
      return blocked(news, among: open)
    }
  }

  /// The stream's own issue that it is blocked on, or those that come after another's; else all that are open.
  private func blocked(_ news: StreamNews, among open: [String]) -> [String] {
    guard let on = news.blockedOn else { return open }
    if open.contains(on) { return [on] }
    let waiting = news.stream.issues.filter { $0.after.contains(on) && open.contains($0.id) }.map(\.id)
    return waiting.isEmpty ? open : waiting
  }
}

extension Delivery {
  /// Whether this, of work that was merged, is of the same work as another event.
  public func isOfSameWork(_ other: Delivery) -> Bool {
    guard case .notice(let event) = other.occasion, event != .ready, event != .blocked else { return false }
    return other.stream == stream && (other.issue == issue || issue == nil)
  }
}
