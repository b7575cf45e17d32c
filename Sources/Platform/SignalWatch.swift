import CPlatform

/// While this lives, SIGHUP, SIGINT, SIGQUIT and SIGTERM are noted instead of ending the process, so that whoever started
/// children can end them first; see sigaction(2). One at a time in a process.
public struct SignalWatch: ~Copyable {
  public init() { preflight_watch_signals() }

  deinit { preflight_unwatch_signals() }

  /// What came; `nil` while nothing has.
  public var interruption: Interruption? {
    let signal = preflight_noted_signal()
    return signal == 0 ? nil : Interruption(signal: signal, isRepeated: preflight_noted_count() > 1)
  }
}

/// Somebody wants this process to end.
public struct Interruption: Hashable, Sendable {
  /// The first signal that came.
  public var signal: Int32
  /// Whether they asked again: what takes its time is to be cut short.
  public var isRepeated: Bool

  public init(signal: Int32, isRepeated: Bool = false) {
    self.signal = signal
    self.isRepeated = isRepeated
  }
}

extension CurrentProcess {
  /// Ends the process by `signal`, so that the shell that waits for it sees what happened (and stops its own loop).
  public static func die(of signal: Int32) -> Never {
    preflight_die_of(signal)
    preconditionFailure("the signal or _exit(2) ends the process")
  }
}
