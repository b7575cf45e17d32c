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
    /// Added to the end of a file, which is made where there is none.
    case appended(to: FilePath)
  }

  /// Looked up in the environment's `PATH` unless it holds a slash; relative to `directory`.
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
  /// How many of the last bytes of each captured stream are kept; `nil`: all.
  public var captureLimit: Int?
  /// Seconds until the child is killed, and its whole process group where it leads one.
  public var timeout: Double?
  /// Seconds between the SIGTERM of a time-out and its SIGKILL; 0: SIGKILL at once.
  public var grace: Double = 0
  /// A descriptor of ours that the child, and whatever it starts, has open too; see `FileLock.descriptor`.
  public var keptOpen: Int32?
  /// Whether the child leads a process group of its own, so that all that it started can be killed with it.
  public var ownGroup = false
  /// Whether it leads a session of its own (and so a group): without a terminal to ask a question on. See setsid(2).
  public var ownSession = false

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

  /// Whether what is left of its group ends with it. (A server that is to live on starts a session of its own.)
  public var endsGroup = false

  var leadsGroup: Bool { ownGroup || ownSession }
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
  /// How many bytes before those in `output` were let go; see `ProcessRequest.captureLimit`.
  public var omittedOutput = 0

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
