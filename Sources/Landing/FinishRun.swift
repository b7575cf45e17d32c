import Git
import Hive
import Inspection
import Plan
import Platform
import StateFiles
import Sync

/// Ends a stream's work: brings it onto trunk, has it checked, pushes it, opens what the plan opens for it, and says that it
/// is ready.
///
/// Every step finds out for itself whether it is done already, so a run that died at any point is taken up by the next.
/// Only the plan's own command cannot be asked: that it was started is written down before it is, and it is not started
/// again unless its failure was seen or a person says so.
public struct FinishRun {
  public enum Step: String, Hashable, Sendable, CaseIterable {
    case sync
    case check
    case push
    case run
    case ready
    case notify
  }

  public enum Outcome: Hashable, Sendable {
    case done
    /// There was nothing to do any more.
    case already
    /// The plan, or the repository, has nothing for this step: as a phrase.
    case none(String)
    case stopped(Obstacle)

    public var isStop: Bool { if case .stopped = self { true } else { false } }
  }

  /// What a person has to settle first.
  public enum Obstacle: Hashable, Sendable {
    case uncommitted([[UInt8]])
    case syncElsewhere(String)
    case diverged
    case conflict(Conflict)
    case left(LeaveReason)
    /// It was shown as it was found.
    case findings
    case unseen(String)
    case pushRefused(status: Int32)
    case notTrusted
    case commandFailed(status: Int32)
    case couldNotStart(String)
  }

  /// A word to add to a step that is done.
  public enum Remark: Hashable, Sendable {
    /// The command was cut off then (seconds since 1970), and nobody knows how far it came.
    case cutOff(Int64)
    case fetchFailed(String)
  }

  let layout: RepositoryLayout
  /// In full.
  let branch: String
  let names: TrunkNames
  let environment: Environment
  let open: () throws -> Situation
  let check: (Situation) throws -> Bool
  let notify: () throws -> Void
  /// Whether the plan's command is run again although it was run before.
  public var runsAgain = false
  public var message: [UInt8] = []
  /// Told of another sync, or a remote, that keeps us waiting.
  public var waiting: (_ process: Int32, _ description: String) -> Void = { _, _ in }

  /// - Parameters:
  ///   - layout: of the stream's worktree.
  ///   - open: looks at that worktree anew.
  ///   - check: judges it, shows what it finds, and tells whether nothing stands against it.
  ///   - notify: has told what has happened.
  public init(
    _ layout: RepositoryLayout, branch: String, names: TrunkNames, environment: Environment,
    open: @escaping () throws -> Situation, check: @escaping (Situation) throws -> Bool,
    notify: @escaping () throws -> Void
  ) {
    self.layout = layout
    self.branch = branch
    self.names = names
    self.environment = environment
    self.open = open
    self.check = check
    self.notify = notify
  }

  /// - Parameter observe: told of each step when it has ended.
  /// - Returns: what has stopped it; `nil` when the stream is finished.
  public func run(_ observe: (Step, Outcome, Remark?) throws -> Void) throws -> Obstacle? {
    for step in Step.allCases {
      let (outcome, remark) = try carryOut(step)
      try observe(step, outcome, remark)
      if case .stopped(let obstacle) = outcome { return obstacle }
    }
    return nil
  }

  private func carryOut(_ step: Step) throws -> (Outcome, Remark?) {
    switch step {
    case .sync: return try sync()
    case .check: return (try check(open()) ? .done : .stopped(.findings), nil)
    case .push: return (try push(), nil)
    case .run: return try runCommand()
    case .ready: return (try signal(), nil)
    case .notify:
      try notify()
      return (.done, nil)
    }
  }

  private func sync() throws -> (Outcome, Remark?) {
    let situation = try open()
    // Before what is not committed: a commit would be the first of a history of its own.
    if let gone = try layout.worktree()?.deletedBranch(in: situation.repository) { return (.stopped(.left(gone)), nil) }
    var options = SyncRun.Options()
    (options.onlyCurrent, options.fetches, options.wait, options.retriesConflicts) = (true, true, 30, true)
    let run = SyncRun(
      layout, environment: environment, plan: situation.plan, names: names, options: options, waiting: waiting)
    var uncommitted = try situation.repository.uncommittedPaths()
    if !uncommitted.isEmpty {
      // Trunk's files, if a sync died while it wrote them: nobody is to commit those.
      if let description = try run.recover() { return (.stopped(.syncElsewhere(description)), nil) }
      uncommitted = try open().repository.uncommittedPaths()
    }
    guard uncommitted.isEmpty else { return (.stopped(.uncommitted(uncommitted)), nil) }
    let report = try run.run()
    let remark = report.fetchFailure.map { Remark.fetchFailed($0) }
    switch report.state {
    case .runningElsewhere(_, let description): return (.stopped(.syncElsewhere(description)), remark)
    case .diverged: return (.stopped(.diverged), remark)
    case .done, .predicted, .noTrunk, .noTarget: break
    }
    switch report.entries.first(where: { $0.branch == branch })?.outcome {
    case .moved: return (.done, remark)
    case .conflict(let conflict, _): return (.stopped(.conflict(conflict)), remark)
    case .left(.upToDate), nil: return (.already, remark)
    case .left(.published), .left(.notPlanned): return (.none("the plan leaves this branch where it is"), remark)
    case .left(let reason): return (.stopped(.left(reason)), remark)
    case .wouldMove: preconditionFailure("a sync that is no dry run moves")
    }
  }

  private func push() throws -> Outcome {
    switch try BranchPush(open(), names: names, environment: environment, waiting: waiting).push(branch) {
    case .done: .done
    case .upToDate: .already
    case .noRemote: .none("no remote")
    case .unseen(let remote): .stopped(.unseen(remote))
    case .refused(let status): .stopped(.pushRefused(status: status))
    }
  }

  private func runCommand() throws -> (Outcome, Remark?) {
    let situation = try open()
    let words = situation.plan.finish
    guard !words.isEmpty else { return (.none("the plan has no [finish]"), nil) }
    let journal = FinishJournal(layout)
    guard let tip = try situation.repository.target(of: branch) else { return (.stopped(.findings), nil) }
    if !runsAgain, var record = try journal.record(of: branch, in: situation), record.state != .failed {
      // What has been added since belongs to the same: it lands with it.
      if record.tip != tip {
        record.tip = tip
        try journal.write(record, of: branch)
      }
      return (.already, record.state == .started ? .cutOff(record.time) : nil)
    }
    let command = PlanCommand("finish", words, environment: environment)
    guard try command.isTrusted(in: layout) else { return (.stopped(.notTrusted), nil) }
    var record = FinishJournal.Record(state: .started, tip: tip, time: Clock.now())
    try journal.write(record, of: branch)
    let outcome = try command.run(for: situation.stream(on: branch), branch: branch, in: situation)
    record.state = outcome.isSuccess ? .done : .failed
    try journal.write(record, of: branch)
    switch outcome {
    case .done: return (.done, nil)
    case .notTrusted: return (.stopped(.notTrusted), nil)
    case .failed(let status): return (.stopped(.commandFailed(status: status)), nil)
    case .couldNotStart(let reason): return (.stopped(.couldNotStart(reason)), nil)
    }
  }

  /// Says it where it is not said of this very work already.
  private func signal() throws -> Outcome {
    let situation = try open()
    let hive = HiveStore(situation.repository, environment: environment)
    let stream = situation.stream(on: branch)?.id ?? branch.shortBranchName
    let tip = try situation.repository.target(of: branch)
    if let said = try hive.snapshot().signal(of: stream), said.state == .ready, message.isEmpty,
      try !situation.isStale(said, tip: tip)
    {
      return .already
    }
    let origin = try HiveRecord.Origin(situation.repository, environment: environment, time: hive.now)
    let signal = Signal(stream: stream, state: .ready, text: message, origin: origin)
    try hive.change(by: origin) { _ in
      HiveChange("\(stream) is ready", [.signal(of: stream): signal.record])
    }
    return .done
  }
}
