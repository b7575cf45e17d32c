import CPlatform

#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// One word of a command line: bytes without NUL. Never parsed by a shell.
public struct Argument: Hashable, Sendable, ExpressibleByStringInterpolation {
  public let bytes: [UInt8]

  public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
  public init(_ text: String) { bytes = Array(text.utf8) }
  public init(_ path: FilePath) { bytes = path.bytes }
  public init(stringLiteral text: String) { self.init(text) }
}

/// A program to run: an argument vector, an environment, a directory.
public struct ProcessRequest: Sendable {
  /// Where a stream of the child leads to.
  public enum Stream: Sendable {
    case inherited
    case discarded
    /// Kept in `ProcessResult`.
    case captured
  }

  /// Looked up in the environment's `PATH` unless it holds a slash.
  public var program: FilePath
  public var arguments: [Argument]
  public var environment: Environment
  public var directory: FilePath?
  /// What the child reads; `nil`: this process's own standard input.
  public var input: [UInt8]?
  public var output: Stream
  public var error: Stream
  /// Both streams in one, in the order in which they came, as `output`.
  public var mergesError = false
  /// Seconds until the whole process group is killed.
  public var timeout: Double?
  /// Whether the child leads a process group of its own, so that all that it started can be killed with it.
  public var ownGroup = false

  public init(
    _ program: FilePath, _ arguments: [Argument], environment: Environment = .current, directory: FilePath? = nil,
    input: [UInt8]? = [], output: Stream = .captured, error: Stream = .captured
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
    self.input = input
    self.output = output
    self.error = error
  }
}

/// How a process ended and what it said.
public struct ProcessResult: Sendable {
  public enum Ending: Equatable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
    case timedOut
  }

  public var ending: Ending
  public var output: [UInt8]
  public var error: [UInt8]

  public var succeeded: Bool { ending == .exited(0) }

  /// As a shell would say it: 128 and the signal for a killed process, 124 after a time-out.
  public var exitStatus: Int32 {
    switch ending {
    case .exited(let code): code
    case .killed(let signal): 128 + signal
    case .timedOut: 124
    }
  }
}

/// A running child; see posix_spawn(3) and waitpid(2).
///
/// Its pipes must be drained by `finish` (or by repeated `poll`), else it blocks when one is full.
public final class ChildProcess {
  public let id: Int32
  public private(set) var output: [UInt8] = []
  public private(set) var error: [UInt8] = []
  private var outputPipe: CInt?
  private var errorPipe: CInt?
  private var inputPipe: CInt?
  private var pendingInput: [UInt8]
  private var inputOffset = 0
  private var ending: ProcessResult.Ending?
  private let ownGroup: Bool
  private let deadline: Double?
  private var timedOut = false

  public init(_ request: ProcessRequest) throws(SystemError) {
    let program = try request.program.bytes.contains(UInt8(ascii: "/")) ? request.program : lookUp(request)
    var actions = emptySpawnFileActions()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = emptySpawnAttributes()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }

    var opened: [CInt] = []
    var childSide: [CInt] = []
    defer { for file in childSide { close(file) } }
    func pipePair() throws(SystemError) -> (read: CInt, write: CInt) {
      var files: [CInt] = [0, 0]
      guard pipe(&files) == 0 else { throw SystemError(code: errno, operation: "start", path: request.program) }
      for file in files { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
      return (files[0], files[1])
    }

    pendingInput = []
    if let input = request.input {
      if input.isEmpty {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      } else {
        let pair = try pipePair()
        posix_spawn_file_actions_adddup2(&actions, pair.read, 0)
        childSide.append(pair.read)
        opened.append(pair.write)
        inputPipe = pair.write
        pendingInput = input
        _ = fcntl(pair.write, F_SETFL, O_NONBLOCK)
      }
    }
    func connect(_ stream: ProcessRequest.Stream, to number: CInt) throws(SystemError) -> CInt? {
      switch stream {
      case .inherited: return nil
      case .discarded:
        posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
        return nil
      case .captured:
        let pair = try pipePair()
        posix_spawn_file_actions_adddup2(&actions, pair.write, number)
        childSide.append(pair.write)
        opened.append(pair.read)
        return pair.read
      }
    }
    outputPipe = try connect(request.output, to: 1)
    if request.mergesError {
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    } else {
      errorPipe = try connect(request.error, to: 2)
    }
    if let directory = request.directory {
      _ = directory.withCPath { posix_spawn_file_actions_addchdir_np(&actions, $0) }
    }

    // A child must not inherit ignored signals or a blocked mask from us.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    if request.ownGroup {
      flags |= POSIX_SPAWN_SETPGROUP
      posix_spawnattr_setpgroup(&attributes, 0)
    }
    posix_spawnattr_setflags(&attributes, Int16(flags))
    ownGroup = request.ownGroup
    deadline = request.timeout.map { Clock.monotonic() + $0 }

    var child: pid_t = 0
    let words = [request.program.bytes] + request.arguments.map(\.bytes)
    let code = withCVector(words) { argv in
      withCVector(request.environment.entries) { envp in
        program.withCPath { posix_spawn(&child, $0, &actions, &attributes, argv, envp) }
      }
    }
    id = child
    guard code == 0 else {
      for file in opened { close(file) }
      let culprit = request.directory.flatMap { $0.isDirectory ? nil : $0 } ?? request.program
      throw SystemError(code: code, operation: "start", path: culprit)
    }
  }

  deinit {
    for case let file? in [inputPipe, outputPipe, errorPipe] { close(file) }
    if ending == nil { _ = waitpid(id, nil, WNOHANG) }
  }

  /// Moves bytes for at most `seconds`; `true` once the child has ended and its streams are drained.
  ///
  /// A grandchild that keeps a pipe open does not keep us: half a second after the child's end we stop reading.
  public func poll(seconds: Double) -> Bool {
    let until = Clock.monotonic() + seconds
    repeat {
      transfer(waiting: min(0.05, max(0, until - Clock.monotonic())))
      reap()
      if let deadline, ending == nil, !timedOut, Clock.monotonic() > deadline {
        timedOut = true
        kill(signal: SIGKILL)
      }
      if ending != nil {
        let graceful = Clock.monotonic() + (timedOut ? 0 : 0.5)
        while outputPipe != nil || errorPipe != nil {
          let before = output.count + error.count
          transfer(waiting: 0.01)
          if Clock.monotonic() > graceful, output.count + error.count == before { break }
        }
        return true
      }
    } while Clock.monotonic() < until
    return false
  }

  /// Waits for the end.
  public func finish() -> ProcessResult {
    while !poll(seconds: 3600) {}
    return ProcessResult(ending: timedOut ? .timedOut : ending ?? .exited(0), output: output, error: error)
  }

  /// Sends a signal to the child, and to its whole group where it leads one.
  public func kill(signal: Int32 = SIGTERM) {
    #if canImport(Glibc)
      _ = Glibc.kill(ownGroup ? -id : id, signal)
    #elseif canImport(Musl)
      _ = Musl.kill(ownGroup ? -id : id, signal)
    #else
      _ = Darwin.kill(ownGroup ? -id : id, signal)
    #endif
  }

  /// Runs `request` to its end.
  public static func run(_ request: ProcessRequest) throws(SystemError) -> ProcessResult {
    try ChildProcess(request).finish()
  }

  private func transfer(waiting seconds: Double) {
    var waits: [pollfd] = []
    if let file = outputPipe { waits.append(pollfd(fd: file, events: Int16(POLLIN), revents: 0)) }
    if let file = errorPipe { waits.append(pollfd(fd: file, events: Int16(POLLIN), revents: 0)) }
    if let file = inputPipe { waits.append(pollfd(fd: file, events: Int16(POLLOUT), revents: 0)) }
    if waits.isEmpty {
      reap(blocking: deadline == nil)
      if ending == nil { Clock.sleep(seconds: min(seconds, 0.005)) }
      return
    }
    #if canImport(Glibc)
      let ready = Glibc.poll(&waits, nfds_t(waits.count), Int32(seconds * 1000))
    #elseif canImport(Musl)
      let ready = Musl.poll(&waits, nfds_t(waits.count), Int32(seconds * 1000))
    #else
      let ready = Darwin.poll(&waits, nfds_t(waits.count), Int32(seconds * 1000))
    #endif
    guard ready > 0 else { return }
    for wait in waits where wait.revents != 0 {
      if wait.fd == outputPipe, !drain(wait.fd, into: &output) { outputPipe = nil }
      if wait.fd == errorPipe, !drain(wait.fd, into: &error) { errorPipe = nil }
      if wait.fd == inputPipe { feed(wait.fd) }
    }
  }

  /// `false` at the end of the stream, which is then closed.
  private func drain(_ file: CInt, into buffer: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65536)
    let count = chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    if count > 0 {
      buffer.append(contentsOf: chunk[..<count])
      return true
    }
    if count < 0, errno == EINTR || errno == EAGAIN { return true }
    close(file)
    return false
  }

  private func feed(_ file: CInt) {
    let count = pendingInput.withUnsafeBytes { write(file, $0.baseAddress! + inputOffset, $0.count - inputOffset) }
    if count > 0 { inputOffset += count }
    let failed = count < 0 && errno != EINTR && errno != EAGAIN  // EPIPE: the child does not want the rest
    if failed || inputOffset == pendingInput.count {
      close(file)
      inputPipe = nil
    }
  }

  private func reap(blocking: Bool = false) {
    guard ending == nil else { return }
    var status: CInt = 0
    while true {
      let result = waitpid(id, &status, blocking ? 0 : WNOHANG)
      if result < 0, errno == EINTR { continue }
      guard result == id else { return }
      let signal = status & 0x7f  // WIFSIGNALED and WEXITSTATUS are macros
      ending = signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
      return
    }
  }
}

/// Finds a program in the request's own `PATH`, which posix_spawnp(3) would not look at.
private func lookUp(_ request: ProcessRequest) throws(SystemError) -> FilePath {
  let search = request.environment[bytes: "PATH"] ?? Array("/usr/local/bin:/usr/bin:/bin".utf8)
  for directory in search.split(separator: UInt8(ascii: ":")) {
    let candidate = FilePath(directory).appending(request.program.bytes)
    if candidate.canBeExecuted, !candidate.isDirectory { return candidate }
  }
  throw SystemError(code: ENOENT, operation: "start", path: request.program)
}

private func withCVector<Result>(
  _ words: [[UInt8]], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = words.map { word in
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: word.count + 1)
    for (index, byte) in word.enumerated() { copy[index] = CChar(bitPattern: byte) }
    copy[word.count] = 0
    return copy
  }
  defer { for pointer in pointers { pointer?.deallocate() } }
  pointers.append(nil)
  return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }  // never empty: it ends in nil
}

extension CurrentProcess {
  /// Becomes another program, in this very process and with these streams; see execve(2). Returns only by throwing.
  ///
  /// - Parameter program: a path; `PATH` is not searched. It is also the program's own name, argument 0.
  public static func replace(
    by program: FilePath, arguments: [Argument], environment: Environment = .current
  ) throws(SystemError) -> Never {
    withCVector([program.bytes] + arguments.map(\.bytes)) { argv in
      withCVector(environment.entries) { envp in
        program.withCPath { _ = execve($0, argv, envp) }
      }
    }
    throw SystemError(code: errno, operation: "start", path: program)
  }
}

/// Makes writing to a closed pipe an error instead of our death.
public func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
