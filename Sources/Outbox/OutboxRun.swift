import Checks
import Git
import Plan
import Platform

/// Runs what waits in the outbox, one command at a time, until nothing waits that may be run.
///
/// That a command was started is on the disk before it is: one that a crash has cut off is not run a second time by itself,
/// for nobody knows how far it came. One whose failure was seen is tried again, later and later; those behind it wait, for
/// they may be about the same issue, and a server that was asked too often is asked no less by the next.
public struct OutboxRun {
  /// What became of one attempt.
  public struct Attempt: Hashable, Sendable {
    public var delivery: Delivery
    public var command: [Argument]
  }

  public struct Report: Sendable {
    public var attempts: [Attempt] = []
    /// Those that wait for `preflight trust`.
    public var untrusted: [Delivery] = []
    /// Whether another process drains the queue, and this one had nothing to do.
    public var isElsewhere = false
  }

  let outbox: Outbox
  let policy: Plan.NotifyPolicy
  let trust: Trust
  /// The user's, bound to no repository; see `GitCommand.unbound`.
  let environment: Environment
  /// Where a command is run whose worktree is gone.
  let fallback: FilePath
  /// Whether commands that a sync has queued are run, too: only on demand, for they change worktrees under people's hands.
  public var includesAfterSync = false
  /// Seconds that one attempt may take: of a notice, and of a command after a sync.
  var timeouts = (notice: 60.0, afterSync: 1800.0)
  /// Seconds for which what a drain that died has left running is waited for.
  var patience = 60.0
  var backOff = BackOff()
  /// Nanoseconds since 1970.
  var now: () -> Int64 = Clock.nowInNanoseconds
  var sleep: (Double) -> Void = Clock.sleep(seconds:)

  public init(
    _ outbox: Outbox, policy: Plan.NotifyPolicy, trust: Trust, environment: Environment, fallback: FilePath
  ) {
    self.outbox = outbox
    self.policy = policy
    self.trust = trust
    self.environment = environment
    self.fallback = fallback
  }

  /// - Parameter observe: told of each attempt when it has ended.
  public func drain(_ observe: (Attempt) -> Void = { _ in }) throws(SystemError) -> Report {
    var report = Report()
    // Whoever queues something finds the lock taken and leaves: look again after releasing it.
    while true {
      guard try drainOnce(&report, observe) else {
        report.isElsewhere = report.attempts.isEmpty
        return report
      }
      if try !outbox.all().contains(where: isRunnable) { break }
    }
    report.untrusted = try outbox.all().filter { $0.state == .waiting && isWanted($0) && !isApproved($0) }
    return report
  }

  /// `false` while somebody else does it.
  private func drainOnce(_ report: inout Report, _ observe: (Attempt) -> Void) throws(SystemError) -> Bool {
    try outbox.directory.createDirectories()
    guard let lock = try FileLock(trying: outbox.directory / "drain.lock", holder: "outbox") else { return false }
    defer { withExtendedLifetime(lock) {} }
    try settleCutOff()
    while let delivery = try outbox.all().first(where: isRunnable) {
      wait(for: delivery)
      // It may have been forgotten meanwhile.
      guard let current = try outbox.all().first(where: { $0.key == delivery.key }), isRunnable(current) else {
        continue
      }
      let attempt = try run(current)
      report.attempts.append(attempt)
      observe(attempt)
    }
    for delivery in try outbox.all() where delivery.state == .waiting && delivery.command(policy).isEmpty {
      try outbox.remove(delivery)  // the plan asks for it no more
    }
    return true
  }

  private func isWanted(_ delivery: Delivery) -> Bool {
    !delivery.command(policy).isEmpty && (includesAfterSync || delivery.isNotice)
  }

  private func isApproved(_ delivery: Delivery) -> Bool { trust.isApproved(delivery.trusted(policy)) }

  private func isRunnable(_ delivery: Delivery) -> Bool {
    delivery.state == .waiting && isWanted(delivery) && isApproved(delivery)
  }

  /// A drain has died: its command may still run, and then keeps a lock of its own.
  private func settleCutOff() throws(SystemError) {
    for var delivery in try outbox.all() where delivery.state == .started {
      let deadline = now() + Int64(patience * 1e9)
      while now() < deadline {
        if let lock = try FileLock(trying: runningLock) {
          withExtendedLifetime(lock) {}
          break
        }
        sleep(0.1)
      }
      delivery.state = .unseen
      delivery.ended = now()
      try outbox.write(delivery)
    }
  }

  private var runningLock: FilePath { outbox.directory / "running.lock" }
  /// When the last command ended, in nanoseconds since 1970: whoever drains next keeps the interval, too.
  private var pace: FilePath { outbox.directory / "last" }

  private func wait(for delivery: Delivery) {
    let last = (try? pace.contents()).flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
    let start = max(delivery.notBefore, last + Int64(policy.interval * 1e9))
    let time = now()
    // A clock that was set back must not hold the queue for longer than any wait of ours.
    let seconds = min(Double(start - time) / 1e9, max(backOff.limit, policy.interval))
    if seconds > 0 { sleep(seconds) }
  }

  private func run(_ delivery: Delivery) throws(SystemError) -> Attempt {
    var delivery = delivery
    delivery.attempts += 1
    delivery.state = .started
    try outbox.write(delivery)
    let directory = delivery.directory.isDirectory ? delivery.directory : fallback
    var command: [Argument] = []
    do throws(Placeholders.Unfilled) {
      command = try delivery.placeholders(in: directory).filling(delivery.command(policy))
      settle(&delivery, outcome(of: command, delivery, in: directory))
    } catch {
      (delivery.state, delivery.remark) = (.failed, Array(error.description.utf8))
    }
    delivery.ended = now()
    try outbox.write(delivery)
    try? pace.write(Array("\(delivery.ended)".utf8))
    return Attempt(delivery: delivery, command: command)
  }

  private enum Outcome {
    case succeeded
    /// Another attempt may do better.
    case refused(String)
    /// None will.
    case impossible(String)
  }

  private func settle(_ delivery: inout Delivery, _ outcome: (Outcome, output: [UInt8])) {
    let line = outcome.output.split(separator: UInt8(ascii: "\n")).last { !$0.allSatisfy { $0 <= 0x20 } } ?? []
    delivery.remark = Array(line.prefix(200))
    switch outcome.0 {
    case .succeeded: delivery.state = .done
    case .impossible(let reason): (delivery.state, delivery.remark) = (.failed, Array(reason.utf8))
    case .refused(let reason):
      if delivery.remark.isEmpty { delivery.remark = Array(reason.utf8) }
      guard delivery.attempts <= policy.retries else {
        delivery.state = .failed
        return
      }
      delivery.state = .waiting
      delivery.notBefore = now() + Int64(backOff.delay(after: delivery.attempts) * 1e9)
    }
  }

  private func outcome(of command: [Argument], _ delivery: Delivery, in directory: FilePath) -> (Outcome, [UInt8]) {
    guard let program = command.first else { return (.impossible("no command"), []) }
    var request = ProcessRequest(
      FilePath(program.bytes), Array(command.dropFirst()), environment: environment, directory: directory)
    request.mergesError = true
    request.ownSession = true
    request.endsGroup = true
    request.captureLimit = 1 << 16
    request.timeout = delivery.isNotice ? timeouts.notice : timeouts.afterSync
    request.grace = 5
    do throws(SystemError) {
      let result = try runKeepingLock(request)
      guard result.succeeded else { return (.refused("exit status \(result.exitStatus)"), result.output) }
      let isRefusal = delivery.isNotice && saysTooManyRequests(result.output)
      return (isRefusal ? .refused("429") : .succeeded, result.output)
    } catch {
      return (.impossible(error.description), [])
    }
  }

  /// The command has a lock open, so that it is seen to run when we have died.
  private func runKeepingLock(_ request: ProcessRequest) throws(SystemError) -> ProcessResult {
    guard let lock = try FileLock(trying: runningLock, holder: "outbox") else { return try ChildProcess.run(request) }
    var request = request
    request.keptOpen = lock.descriptor
    let result = try ChildProcess.run(request)
    _ = consume lock
    return result
  }
}
