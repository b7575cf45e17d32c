import CPlatform

#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// A child that runs, with our ends of its pipes.
struct SpawnedChild {
  var id: pid_t = 0
  var input: CInt?
  var output: CInt?
  var error: CInt?
}

/// Starts a child; see posix_spawn(3). A file that the kernel cannot execute is given to `/bin/sh`, as execvp(3) does:
/// hooks without a `#!` line exist.
func spawn(_ request: ProcessRequest) throws(SystemError) -> SpawnedChild {
  _ = childrenAreReported
  if request.input?.isEmpty == false { ignoreBrokenPipes() }
  let program = try programFile(request.program, environment: request.environment, directory: request.directory)
  var descriptors = DescriptorSet()
  var actions = SpawnActions()
  var child = SpawnedChild()

  if let input = request.input {
    if input.isEmpty {
      actions.open("/dev/null", as: 0, O_RDONLY)
    } else {
      let pipe = try descriptors.pipe(for: request.program)
      actions.duplicate(pipe.read, as: 0)
      _ = fcntl(pipe.write, F_SETFL, O_NONBLOCK)
      child.input = pipe.write
    }
  }
  func connect(_ stream: ProcessRequest.Stream, as number: CInt) throws(SystemError) -> CInt? {
    switch stream {
    case .inherited: return nil
    case .discarded:
      actions.open("/dev/null", as: number, O_WRONLY)
      return nil
    case .appended(let file):
      actions.open(file, as: number, O_WRONLY | O_CREAT | O_APPEND)
      return nil
    case .captured:
      let pipe = try descriptors.pipe(for: request.program)
      actions.duplicate(pipe.write, as: number)
      return pipe.read
    }
  }
  child.output = try connect(request.output, as: 1)
  if request.mergesError {
    actions.duplicate(1, as: 2)
  } else {
    child.error = try connect(request.error, as: 2)
  }
  // Under a number of its own, for duplicating a descriptor to itself is not everywhere what lets a child inherit it.
  if let file = request.keptOpen { actions.duplicate(file, as: file == 9 ? 8 : 9) }
  if let directory = request.directory { actions.changeDirectory(directory) }
  actions.setAttributes(of: request)

  let words = [request.program.bytes] + request.arguments.map(\.bytes)
  var code = actions.start(program, words, request.environment, &child.id)
  if code == ENOEXEC {
    code = actions.start(
      "/bin/sh", [Array("sh".utf8), program.bytes] + words.dropFirst(), request.environment, &child.id)
  }
  guard code == 0 else {
    let culprit = request.directory.flatMap { $0.isDirectory ? nil : $0 } ?? request.program
    throw SystemError(code: code, operation: "start", path: culprit)
  }
  descriptors.keep([child.input, child.output, child.error])
  return child
}

/// Descriptors that are closed when this goes, unless they are kept.
private struct DescriptorSet: ~Copyable {
  private var files: [CInt] = []

  deinit { for file in files { close(file) } }

  /// Both ends are out of the way of a child's 0, 1 and 2, even when we were started without these.
  mutating func pipe(for program: FilePath) throws(SystemError) -> (read: CInt, write: CInt) {
    var ends: [CInt] = [0, 0]
    guard preflight_pipe(&ends) == 0 else { throw SystemError(code: errno, operation: "start", path: program) }
    for index in ends.indices where ends[index] < 3 {
      let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, 3)
      close(ends[index])
      ends[index] = moved
    }
    files += ends
    return (ends[0], ends[1])
  }

  mutating func keep(_ kept: [CInt?]) { files.removeAll { kept.contains($0) } }
}

/// The file actions and attributes of posix_spawn(3), destroyed when this goes.
private struct SpawnActions: ~Copyable {
  private var actions = emptySpawnFileActions()
  private var attributes = emptySpawnAttributes()

  init() {
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
  }

  deinit {
    var actions = actions
    var attributes = attributes
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }

  mutating func open(_ path: FilePath, as file: CInt, _ mode: CInt) {
    _ = path.withCPath { posix_spawn_file_actions_addopen(&actions, file, $0, mode, 0o644) }
  }

  mutating func duplicate(_ other: CInt, as file: CInt) {
    posix_spawn_file_actions_adddup2(&actions, other, file)
  }

  mutating func changeDirectory(_ directory: FilePath) {
    _ = directory.withCPath { posix_spawn_file_actions_addchdir_np(&actions, $0) }
  }

  /// A child must not inherit ignored signals or a blocked mask from us.
  mutating func setAttributes(of request: ProcessRequest) {
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
    if request.ownSession {
      flags |= spawnInOwnSession
    } else if request.ownGroup {
      flags |= Int16(POSIX_SPAWN_SETPGROUP)
      posix_spawnattr_setpgroup(&attributes, 0)
    }
    posix_spawnattr_setflags(&attributes, flags)
  }

  /// 0, or the reason as in errno(3).
  mutating func start(_ program: FilePath, _ words: [[UInt8]], _ environment: Environment, _ id: inout pid_t) -> CInt {
    withCVector(words) { argv in
      withCVector(environment.entries) { envp in
        program.withCPath { posix_spawn(&id, $0, &actions, &attributes, argv, envp) }
      }
    }
  }
}

/// Whoever started us with SIGCHLD ignored would have the kernel throw away how our children end; see waitpid(2).
private let childrenAreReported: Void = {
  var action = sigaction()
  sigaction(SIGCHLD, nil, &action)
  if isIgnored(action) { signal(SIGCHLD, SIG_DFL) }
}()

/// Makes writing to a closed pipe an error instead of our death.
public func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

/// Finds a program in the `PATH` of `environment`, which posix_spawnp(3) would not look at, as a child in `directory` would;
/// the result is relative to that directory. A name with a slash is that file.
public func programFile(
  _ program: FilePath, environment: Environment, directory: FilePath? = nil
) throws(SystemError) -> FilePath {
  guard !program.bytes.contains(UInt8(ascii: "/")) else { return program }
  let search = environment[bytes: "PATH"] ?? Array("/usr/local/bin:/usr/bin:/bin".utf8)
  var reason = ENOENT
  for place in search.split(separator: UInt8(ascii: ":")) {
    let candidate = FilePath(place).appending(program.bytes)
    let seenFromHere = directory.map { $0.appending(candidate.bytes) } ?? candidate
    guard seenFromHere.exists, !seenFromHere.isDirectory else { continue }
    if seenFromHere.canBeExecuted { return candidate }
    reason = EACCES
  }
  throw SystemError(code: reason, operation: "start", path: program)
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
  /// Becomes another program, in this very process and with these streams; see execve(2). Returns only by throwing. A file
  /// that the kernel cannot execute is given to `/bin/sh`, as execvp(3) does.
  ///
  /// - Parameters:
  ///   - program: a path; `PATH` is not searched. It is also the program's own name, argument 0, unless `name` is.
  ///   - directory: where the program is to work.
  ///   - kept: a descriptor that the program has open too, and so what is locked by it; see `FileLock.descriptor`.
  public static func replace(
    by program: FilePath, name: FilePath? = nil, arguments: [Argument], environment: Environment = .current,
    directory: FilePath? = nil, keepingOpen kept: Int32? = nil
  ) throws(SystemError) -> Never {
    if let directory, directory.withCPath({ chdir($0) }) != 0 {
      throw SystemError(code: errno, operation: "enter", path: directory)
    }
    if let kept { _ = fcntl(kept, F_SETFD, 0) }
    let former = signal(SIGPIPE, SIG_DFL)  // ignored signals stay so in the program that we become
    func execute(_ file: FilePath, _ words: [[UInt8]]) -> CInt {
      withCVector(words) { argv in
        withCVector(environment.entries) { envp in
          file.withCPath { _ = execve($0, argv, envp) }
        }
      }
      return errno
    }
    let words = arguments.map(\.bytes)
    var code = execute(program, [(name ?? program).bytes] + words)
    if code == ENOEXEC { code = execute("/bin/sh", [Array("sh".utf8), program.bytes] + words) }
    signal(SIGPIPE, former)
    throw SystemError(code: code, operation: "start", path: program)
  }
}
