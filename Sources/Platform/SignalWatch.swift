import CPlatform

/// While this lives, SIGHUP, SIGINT, SIGQUIT and SIGTERM are noted instead of ending the process, so that whoever started
/// children can end them first; see sigaction(2). One at a time in a process.
public struct SignalWatch: ~Copyable {
  public init() { preflight_watch_signals() }

  deinit { preflight_unwatch_signals() }

  /// The first signal that came; `nil` while none has.
  public var signal: Int32? {
    let noted = preflight_noted_signal()
    return noted == 0 ? nil : noted
  }

  /// Whether they asked again: what takes its time is to be cut short.
  public var isImpatient: Bool { preflight_noted_count() > 1 }
}

extension CurrentProcess {
  /// Ends the process by `signal`, so that the shell that waits for it sees what happened (and stops its own loop).
  public static func die(of signal: Int32) -> Never {
    preflight_die_of(signal)
    preconditionFailure("the signal or _exit(2) ends the process")
  }
}
