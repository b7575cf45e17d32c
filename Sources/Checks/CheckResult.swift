/// How a check ended, or why it was not run.
public enum CheckStatus: Hashable, Sendable {
  case passed
  case failed(exitStatus: Int32)
  case killed(signal: Int32)
  case timedOut(seconds: Double)
  /// The reason, as a phrase.
  case couldNotStart(String)
  /// Its command is not one that the user has approved.
  case notTrusted
  /// The reason, as a phrase.
  case skipped(String)
  /// It passed on the same tree before, at that time (seconds since 1970).
  case remembered(Int64)
  /// The run was ended by a signal to us.
  case interrupted

  /// Whether nothing is to be done about it.
  public var isSuccess: Bool {
    switch self {
    case .passed, .skipped, .remembered: true
    case .failed, .killed, .timedOut, .couldNotStart, .notTrusted, .interrupted: false
    }
  }
}

/// What a check had to say.
public struct CheckResult: Hashable, Sendable {
  public var name: String
  public var status: CheckStatus
  /// How long it ran; `nil` when it did not.
  public var seconds: Double?
  /// Its output and errors in the order in which they came: the last mebibyte.
  public var output: [UInt8]
  /// How many bytes came before those.
  public var omittedOutput: Int

  public init(
    _ name: String, _ status: CheckStatus, seconds: Double? = nil, output: [UInt8] = [], omittedOutput: Int = 0
  ) {
    self.name = name
    self.status = status
    self.seconds = seconds
    self.output = output
    self.omittedOutput = omittedOutput
  }
}

/// What happens while checks run, for whoever shows it.
public enum CheckEvent: Equatable, Sendable {
  /// It starts when a processor is free.
  case queued(check: String)
  /// It starts when `lock` is free; said again when the holder changes.
  case waiting(check: String, lock: String, holder: CheckLockHolder?)
  case started(check: String)
  case finished(CheckResult)
  /// Nothing new; comes several times a second while a check runs or waits.
  case tick
}
