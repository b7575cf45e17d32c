import ArgumentParser
import HookSupport
import Landing
import Plan
import Platform

/// What hooks and commands start beside themselves: queues what has happened and runs what waits. Says nothing: what became
/// of it is in `preflight log --queue`.
struct NoticeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "notice", shouldDisplay: false)

  /// A process to wait for first, for ten minutes at most.
  @Option var after: Int32?

  func run() throws {
    if let after {
      let deadline = Clock.monotonic() + 600
      while Clock.monotonic() < deadline, RunningProcess(id: after) != nil { Clock.sleep(seconds: 0.05) }
    }
    let bench = try Workbench()
    try NoticeMarks(bench.layout).refresh(bench.plan.notify.wanted)
    let desk = OutboxDesk(bench.situation, environment: bench.environment)
    try desk.queueNews()
    _ = try desk.drain()
  }
}

extension Workbench {
  /// Has told what has happened, where the plan has a command for anything; says once what waits for `preflight trust`.
  func startNotices() throws {
    let marks = NoticeMarks(layout)
    if situation.loadedPlan != nil { try? marks.refresh(plan.notify.wanted) }
    let desk = OutboxDesk(situation, environment: environment)
    guard marks.isAnythingWanted || desk.hasWork() else { return }
    try sayUntrusted()
    try NoticeStart(layout, environment: environment).start()
  }
}

extension Plan.NotifyPolicy {
  /// The events that it has commands for, by their names.
  var wanted: Set<String> { Set(commands.keys.map(\.rawValue)) }
}
