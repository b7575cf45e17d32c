import Platform

/// The state of one run: which checks wait, which run, which have ended.
struct CheckRun {
  private let requests: [CheckRequest]
  private let locks: Result<CheckLocks, LocksMissing>
  private let runner: CheckRunner
  /// By request; `nil` while it waits or runs.
  private(set) var results: [CheckResult?]
  /// Indices of requests, in their order.
  private var waiting: [Int] = []
  private var running: [RunningCheck] = []
  /// What was last said of who waits, by request, so that it is not said again.
  private var said: [Int: CheckEvent] = [:]
  private var isInterrupted = false

  init(_ requests: [CheckRequest], locks: Result<CheckLocks, LocksMissing>, runner: CheckRunner) {
    self.requests = requests
    self.locks = locks
    self.runner = runner
    results = Array(repeating: nil, count: requests.count)
  }

  var isOver: Bool { waiting.isEmpty && running.isEmpty }

  /// Settles what is known without running anything, and queues the rest.
  mutating func settleWithoutRunning(_ observe: (CheckEvent) -> Void) {
    for (index, request) in requests.enumerated() {
      if let status = request.foregone {
        settle(index, CheckResult(request.name, status), observe)
      } else if runner.trustsMemory, let time = runner.memory?.pass(of: request) {
        settle(index, CheckResult(request.name, .remembered(time)), observe)
      } else {
        waiting.append(index)
      }
    }
  }

  /// Starts the checks for which there is room and whose lock is free, in their order.
  mutating func startWhatCan(_ observe: (CheckEvent) -> Void) {
    var stillWaiting: [Int] = []
    for index in waiting {
      if running.count >= runner.width {
        say(.queued(check: requests[index].name), of: index, observe)
        stillWaiting.append(index)
      } else if !start(index, observe) {
        stillWaiting.append(index)
      }
    }
    waiting = stillWaiting
  }

  /// Lets the running checks go on for a moment, and settles those that have ended.
  mutating func advance(_ observe: (CheckEvent) -> Void) {
    if running.isEmpty, !waiting.isEmpty { return Clock.sleep(seconds: 0.05) }
    var stillRunning: [RunningCheck] = []
    for check in running {
      if check.child.poll(seconds: 0.04 / Double(running.count)) {
        settle(check.index, outcome(of: check), observe)
        check.lock = nil
      } else {
        stillRunning.append(check)
      }
    }
    running = stillRunning
  }

  /// Starts nothing more, and asks what runs to stop; kills it when asked twice.
  mutating func interrupt(impatient: Bool, _ observe: (CheckEvent) -> Void) {
    for index in waiting { settle(index, CheckResult(requests[index].name, .interrupted), observe) }
    waiting = []
    for check in running {
      if impatient || !isInterrupted { check.child.stop(grace: impatient ? 0 : runner.grace) }
    }
    isInterrupted = true
  }

  /// `false` while its lock is somebody else's.
  private mutating func start(_ index: Int, _ observe: (CheckEvent) -> Void) -> Bool {
    let request = requests[index]
    do {
      let check = RunningCheck(index)
      if let name = request.lock {
        let locks = try locks.get()
        check.lock = try locks.take(name, for: request.name, in: request.directory)
        guard check.hasLock else {
          say(.waiting(check: request.name, lock: name, holder: locks.holder(of: name)), of: index, observe)
          return false
        }
      }
      check.child = try ChildProcess(processRequest(request))
      running.append(check)
      observe(.started(check: request.name))
    } catch {
      settle(index, CheckResult(request.name, .couldNotStart(reason(error))), observe)
    }
    return true
  }

  private func processRequest(_ request: CheckRequest) throws(Placeholders.Unfilled) -> ProcessRequest {
    let words = try request.placeholders.filling(request.command)
    precondition(!words.isEmpty, "the plan's reader refuses an empty command")
    var process = ProcessRequest(
      FilePath(words[0].bytes), Array(words.dropFirst()), environment: request.environment, directory: request.directory
    )
    process.mergesError = true
    process.ownSession = true
    process.endsGroup = true  // else what it left behind would go on using what its lock stands for
    process.captureLimit = runner.outputLimit
    process.timeout = request.timeout
    process.grace = runner.grace
    return process
  }

  private func outcome(of check: RunningCheck) -> CheckResult {
    let request = requests[check.index]
    let process = check.child.finish()
    let status: CheckStatus =
      switch process.ending {
      case _ where isInterrupted: .interrupted
      case .exited(0): .passed
      case .exited(let exitStatus): .failed(exitStatus: exitStatus)
      case .killed(let signal): .killed(signal: signal)
      case .timedOut: .timedOut(seconds: request.timeout)
      }
    if status == .passed, let tree = request.tree, runner.currentTree(request.directory) == tree {
      runner.memory?.record(request, at: Clock.now())
    }
    return CheckResult(
      request.name, status, seconds: Clock.monotonic() - check.start, output: process.output,
      omittedOutput: process.omittedOutput)
  }

  private mutating func settle(_ index: Int, _ result: CheckResult, _ observe: (CheckEvent) -> Void) {
    results[index] = result
    observe(.finished(result))
  }

  private mutating func say(_ event: CheckEvent, of index: Int, _ observe: (CheckEvent) -> Void) {
    guard said[index] != event else { return }
    said[index] = event
    observe(event)
  }
}

/// A check under way, with the lock that it holds until it has ended.
private final class RunningCheck {
  let index: Int
  let start = Clock.monotonic()
  var child: ChildProcess!  // set as soon as the lock is held
  var lock: FileLock?

  init(_ index: Int) { self.index = index }

  var hasLock: Bool {
    switch lock {
    case .some: true
    case .none: false
    }
  }
}

private func reason(_ error: any Error) -> String {
  switch error {
  case let error as LocksMissing: error.reason
  case let error as Placeholders.Unfilled: error.description
  case let error as SystemError: error.description
  default: preconditionFailure("no other error is thrown while a check starts")
  }
}
