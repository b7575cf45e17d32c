#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// A running child; see waitpid(2).
///
/// Its pipes must be drained by `finish` (or by repeated `poll`), else it blocks when one is full. Letting go of it leaves
/// the child running.
public final class ChildProcess {
  public let id: Int32
  public private(set) var output: [UInt8] = []
  public private(set) var error: [UInt8] = []
  private var pipes: SpawnedChild
  private let input: [UInt8]
  private var inputOffset = 0
  private let leadsGroup: Bool
  private let endsGroup: Bool
  private let captureLimit: Int?
  private let grace: Double
  /// When the child is told to stop, by the monotonic clock.
  private let deadline: Double?
  private var timedOut = false
  /// When the child, told to stop, is stopped.
  private var killTime: Double?
  private var ending: ProcessResult.Ending?
  /// Until when we read what is still in its pipes.
  private var drainTime = 0.0
  private var omittedOutput = 0

  public init(_ request: ProcessRequest) throws(SystemError) {
    let child = try spawn(request)
    id = child.id
    pipes = child
    input = request.input ?? []
    leadsGroup = request.leadsGroup
    endsGroup = request.endsGroup
    captureLimit = request.captureLimit
    grace = request.grace
    deadline = request.timeout.map { Clock.monotonic() + $0 }
  }

  deinit {
    for case let file? in [pipes.input, pipes.output, pipes.error] { close(file) }
    if ending == nil { _ = waitpid(id, nil, WNOHANG) }
  }

  /// Moves bytes for at most `seconds`; `true` once the child has ended and its streams are drained.
  ///
  /// A grandchild that keeps a pipe open does not keep us: half a second after the child's end we stop reading.
  public func poll(seconds: Double) -> Bool {
    let until = Clock.monotonic() + seconds
    while true {
      transfer(waiting: min(0.05, max(0, until - Clock.monotonic())))
      let now = Clock.monotonic()
      reap(at: now)
      enforceDeadline(at: now)
      if ending != nil, !hasOpenOutput || now >= drainTime { return true }
      if now >= until { return false }
    }
  }

  /// Waits for the end.
  public func finish() -> ProcessResult {
    if pipes.input == nil, !hasOpenOutput, deadline == nil, killTime == nil { waitUntilEnded(id) }
    while !poll(seconds: 3600) {}
    return result
  }

  /// Asks the child to stop, and its whole group where it leads one; whoever has not stopped `grace` seconds later is
  /// killed by a later `poll`. Asked again, the shorter grace counts.
  public func stop(grace: Double) {
    kill(signal: SIGTERM)
    killTime = min(killTime ?? .infinity, Clock.monotonic() + grace)
  }

  /// Sends a signal to the child, and to its whole group where it leads one.
  public func kill(signal: Int32 = SIGTERM) {
    guard ending == nil else { return }  // once it has been waited for, its id may be somebody else's
    sendSignal(signal, to: leadsGroup ? -id : id)
  }

  /// Runs `request` to its end.
  public static func run(_ request: ProcessRequest) throws(SystemError) -> ProcessResult {
    try ChildProcess(request).finish()
  }

  private var result: ProcessResult {
    guard let ending else { preconditionFailure("asked before the end") }
    let tail = captureLimit.map { output.suffix($0) } ?? output[...]
    return ProcessResult(
      ending: timedOut ? .timedOut : ending, output: Array(tail),
      error: captureLimit.map { error.suffix($0) } ?? error, omittedOutput: omittedOutput + output.count - tail.count)
  }
}

// MARK: - The end of a child

extension ChildProcess {
  private func enforceDeadline(at now: Double) {
    guard ending == nil else { return }
    if let deadline, now >= deadline, killTime == nil {
      timedOut = true
      if grace > 0 { return stop(grace: grace) }
      killTime = now
    }
    if let killTime, now >= killTime { kill(signal: SIGKILL) }
  }

  private var hasOpenOutput: Bool { pipes.output != nil || pipes.error != nil }

  /// Takes note of the child's end. While it has not been waited for, its id (and so its group's) is not given away: of a
  /// group that was told to stop, whoever still holds a pipe has what is left of the grace, and all the rest is killed then.
  private func reap(at now: Double) {
    guard ending == nil, hasEnded(id) else { return }
    if let killTime, leadsGroup, hasOpenOutput, now < killTime { return }
    if leadsGroup, killTime != nil || endsGroup { kill(signal: SIGKILL) }
    var status: CInt = 0
    while waitpid(id, &status, 0) != id {
      if errno == EINTR { continue }
      status = 0xff00  // somebody else has waited for it: how it ended is lost, and must not pass for success
      break
    }
    let signal = status & 0x7f  // WIFSIGNALED and WEXITSTATUS are macros
    ending = signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
    drainTime = now + (killTime == nil ? 0.5 : 0.05)
  }
}

// MARK: - Its pipes

extension ChildProcess {
  private func transfer(waiting seconds: Double) {
    var waits: [pollfd] = []
    if let file = pipes.output { waits.append(pollfd(fd: file, events: Int16(POLLIN), revents: 0)) }
    if let file = pipes.error { waits.append(pollfd(fd: file, events: Int16(POLLIN), revents: 0)) }
    if let file = pipes.input { waits.append(pollfd(fd: file, events: Int16(POLLOUT), revents: 0)) }
    if waits.isEmpty { return waitForEnd(seconds: seconds) }
    guard waitForFiles(&waits, seconds: seconds) else { return }
    for wait in waits where wait.revents != 0 {
      if wait.fd == pipes.output {
        if !drain(wait.fd, into: &output, omitted: &omittedOutput) { pipes.output = nil }
      } else if wait.fd == pipes.error {
        var omitted = 0
        if !drain(wait.fd, into: &error, omitted: &omitted) { pipes.error = nil }
      } else {
        feed(wait.fd)
      }
    }
  }

  /// Without pipes nothing wakes us; most children end within milliseconds of closing theirs.
  private func waitForEnd(seconds: Double) {
    guard ending == nil else { return }
    let until = Clock.monotonic() + seconds
    var pause = 0.0001
    while Clock.monotonic() < until, !hasEnded(id) {
      Clock.sleep(seconds: min(pause, max(0, until - Clock.monotonic())))
      pause = min(pause * 2, 0.01)
    }
  }

  /// `false` at the end of the stream, which is then closed.
  private func drain(_ file: CInt, into buffer: inout [UInt8], omitted: inout Int) -> Bool {
    let (count, code) = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { chunk in
      let count = read(file, chunk.baseAddress, chunk.count)
      let code = errno
      if count > 0 { buffer.append(contentsOf: chunk[..<count]) }
      return (count, code)
    }
    // Seldom: moving what is kept costs as much as reading it.
    if let captureLimit, buffer.count > 2 * captureLimit + 65536 {
      omitted += buffer.count - captureLimit
      buffer.removeFirst(buffer.count - captureLimit)
    }
    if count > 0 || count < 0 && (code == EINTR || code == EAGAIN) { return true }
    close(file)
    return false
  }

  private func feed(_ file: CInt) {
    // `input` is not empty where there is a pipe for it.
    let count = input.withUnsafeBytes { write(file, $0.baseAddress! + inputOffset, $0.count - inputOffset) }
    if count > 0 { inputOffset += count }
    let failed = count < 0 && errno != EINTR && errno != EAGAIN  // EPIPE: the child does not want the rest
    if failed || inputOffset == input.count {
      close(file)
      pipes.input = nil
    }
  }
}
