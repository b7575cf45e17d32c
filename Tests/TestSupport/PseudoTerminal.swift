import Foundation
import Platform

/// A terminal as a person has it, with the test at the keyboard; see pty(7).
public final class PseudoTerminal {
  private let main: Int32
  /// Kept open, so that the terminal is there before and after the program.
  private let other: Int32
  private var seen = ""
  /// What programs open.
  public let path: FilePath

  public init() throws {
    var ends: (main: Int32, other: Int32) = (-1, -1)
    guard openpty(&ends.main, &ends.other, nil, nil, nil) == 0, let name = ttyname(ends.other) else {
      throw UnexpectedExit(description: "no pseudo-terminal")
    }
    (main, other) = ends
    path = FilePath(String(cString: name))
    _ = fcntl(main, F_SETFL, O_NONBLOCK)
    for file in [main, other] { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    close(main)
    close(other)
  }

  /// A program that leads a session on this terminal, in its foreground.
  public func start(
    _ program: FilePath, _ arguments: [Argument], environment: Environment, in directory: FilePath
  ) throws -> ChildProcess {
    // Whoever leads a session without a terminal gets the first that it opens.
    var request = ProcessRequest(
      "sh", ["-c", #"exec 0<>"$0" 1>&0 2>&0; exec "$@""#, Argument(path), Argument(program)] + arguments,
      environment: environment, directory: directory, output: .discarded, error: .discarded)
    request.ownSession = true
    return try ChildProcess(request)
  }

  public func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(main, $0.baseAddress, $0.count) }
  }

  /// All that was shown so far, once `text` is in it.
  public func wait(for text: String, seconds: Double = 60) throws -> String {
    let deadline = Clock.monotonic() + seconds
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !seen.contains(text) {
      guard Clock.monotonic() < deadline else { throw UnexpectedExit(description: "'\(text)' did not come: \(seen)") }
      let count = read(main, &buffer, buffer.count)
      if count > 0 { seen += String(decoding: buffer[..<count], as: UTF8.self) } else { Clock.sleep(seconds: 0.02) }
    }
    return seen
  }
}
