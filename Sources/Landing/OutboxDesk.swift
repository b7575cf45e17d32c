import Checks
import Git
import Inspection
import Outbox
import Plan
import Platform
import Sync

/// The outbox of a repository together with what its plan says of it.
public struct OutboxDesk {
  private let situation: Situation
  private let environment: Environment
  public let outbox: Outbox

  private var layout: RepositoryLayout { situation.repository.layout }
  private var policy: Plan.NotifyPolicy { situation.plan.notify }

  public init(_ situation: Situation, environment: Environment) {
    self.situation = situation
    self.environment = environment
    outbox = Outbox(situation.repository.layout)
  }

  /// Queues what has happened and was not queued before, whoever did it and however long ago: what a crash has kept from
  /// being queued is by the next.
  @discardableResult
  public func queueNews() throws -> [Delivery] {
    guard !policy.commands.isEmpty else { return [] }
    let news = try situation.news(environment: environment)
    let reopened = try outbox.all().filter { policy.isReopened($0, in: news) }
    try outbox.forget { delivery in
      policy.isOver(delivery, in: news) || reopened.contains { $0.isOfSameWork(delivery) }
    }
    return try outbox.queue(policy.deliveries(for: news))
  }

  /// Queues the `[[after-sync]]` commands of which a path has changed under a worktree that was moved, by this sync or by one
  /// that died before it could say so.
  ///
  /// - Parameter report: of the sync; `nil` where none was to be done.
  /// - Returns: the commands that wait because of it, those too that waited before.
  @discardableResult
  public func queueCommands(after report: SyncReport?) throws -> [Delivery] {
    guard !situation.plan.afterSync.isEmpty, let home = try layout.worktrees().first?.path else { return [] }
    let repository = situation.repository
    var wanted: [Delivery] = []
    var told: [String: ObjectID] = [:]
    for entry in report?.entries ?? [] {
      guard case .moved(let move) = entry.outcome, let branch = entry.branch else { continue }
      told[branch] = move.from
      let changes = try repository.changes(
        from: repository.commit(move.from).tree, to: repository.commit(move.to).tree)
      add(to: &wanted, changes, in: entry.path, branch: branch, onto: move.onto, home: home)
    }
    try outbox.queue(wanted)
    try Arrivals(layout).settle(in: repository) { arrivals in
      for arrival in arrivals where told[arrival.branch] != arrival.from {
        guard case .found(let base) = try repository.mergeBase(arrival.from, arrival.onto) else { continue }
        let changes = try repository.changes(
          from: repository.commit(base).tree, to: repository.commit(arrival.onto).tree)
        add(to: &wanted, changes, in: arrival.path, branch: arrival.branch, onto: arrival.onto, home: home)
      }
      try outbox.queue(wanted)
    }
    return wanted
  }

  private func add(
    to wanted: inout [Delivery], _ changes: [TreeChange], in place: FilePath, branch: String, onto: ObjectID,
    home: FilePath
  ) {
    for command in situation.plan.afterSync {
      let patterns = command.paths.map { CompiledPattern($0) }
      guard changes.contains(where: { change in patterns.contains { $0.matches(change.path) } }) else { continue }
      let directory = command.place == .main ? home : place
      let isThere = wanted.contains {
        $0.occasion == .afterSync(command.run, command.place) && $0.directory == directory
      }
      if isThere { continue }
      wanted.append(
        Delivery(
          .afterSync(command.run, command.place),
          stream: command.place == .main ? nil : situation.stream(on: branch)?.id,
          branch: command.place == .main ? nil : branch.shortBranchName, sha: "\(onto)", in: directory))
    }
  }

  /// Whether anything waits that is run by itself.
  public func hasWork() -> Bool {
    (try? outbox.all().contains { $0.state == .started || $0.state == .waiting && $0.isNotice }) ?? false
  }

  /// Runs what waits; see `OutboxRun`.
  public func drain(
    includingAfterSync: Bool = false, _ observe: (OutboxRun.Attempt) -> Void = { _ in }
  ) throws -> OutboxRun.Report {
    let home = try layout.worktrees().first?.path ?? layout.commonDirectory
    var run = OutboxRun(
      outbox, policy: policy, trust: try Trust.load(for: layout, environment: environment),
      environment: GitCommand.unbound(environment), fallback: home)
    run.includesAfterSync = includingAfterSync
    return try run.drain(observe)
  }
}
