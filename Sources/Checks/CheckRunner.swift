import Git
import Platform

/// Runs a project's checks: side by side, but for those that share a lock.
///
/// Each check is a session of its own without input; whatever is left of its process group when it ends, when its time is
/// up or when we are told to end is killed, so that nothing is left running.
public struct CheckRunner {
  /// How many run at once.
  public var width = CurrentProcess.processorCount
  /// Seconds between asking a check to stop and killing it.
  public var grace = 5.0
  /// How many of the last bytes of a check's output are kept.
  public var outputLimit = 1 << 20
  /// Where the passes are remembered; `nil`: nowhere.
  public var memory: ResultMemory?
  /// Whether passes that are remembered count.
  public var trustsMemory = true
  /// What a worktree holds now, as `CheckRequest.tree`: asked when a check has passed, so that a pass is not remembered
  /// for a tree that was edited meanwhile.
  public var currentTree: (FilePath) -> ObjectID? = { _ in nil }
  /// Whether somebody wants us to end; `nil`: the signals to this process say so. See `SignalWatch`.
  public var interruption: (() -> Interruption?)?
  private let state: StateDirectory?

  /// - Parameter state: where the machine's locks are; without it no check with a lock can start.
  public init(state: StateDirectory?) { self.state = state }

  /// The checks' results, in their order.
  public struct Report {
    public var results: [CheckResult]
    /// The signal that ended the run before its time: once all is said and every handle closed, the caller dies of it.
    public var signal: Int32?
  }

  /// Runs `requests` to the end, telling `observe` what happens.
  public func run(_ requests: [CheckRequest], observe: (CheckEvent) -> Void) -> Report {
    if let interruption { return run(requests, until: interruption, observe) }
    let watch = SignalWatch()
    return run(requests, until: { watch.interruption }, observe)
  }

  private func run(
    _ requests: [CheckRequest], until interruption: () -> Interruption?, _ observe: (CheckEvent) -> Void
  ) -> Report {
    var run = CheckRun(requests, locks: openLocks(for: requests), runner: self)
    run.settleWithoutRunning(observe)
    while !run.isOver {
      if let interruption = interruption() { run.interrupt(impatient: interruption.isRepeated, observe) }
      run.startWhatCan(observe)
      run.advance(observe)
      observe(.tick)
    }
    return Report(results: run.results.compactMap { $0 }, signal: interruption()?.signal)
  }

  private func openLocks(for requests: [CheckRequest]) -> Result<CheckLocks, LocksMissing> {
    guard requests.contains(where: { $0.lock != nil }) else { return .failure(LocksMissing("no check has a lock")) }
    guard let state else { return .failure(LocksMissing(StateDirectory.Missing().description)) }
    do throws(SystemError) { return .success(try CheckLocks(in: state)) } catch {
      return .failure(LocksMissing(error.description))
    }
  }
}

/// Why there can be no locks.
struct LocksMissing: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
