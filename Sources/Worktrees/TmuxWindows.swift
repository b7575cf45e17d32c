import Platform

/// The windows in which streams are launched side by side, and the calls of tmux(1) that open them.
public struct TmuxWindows: Hashable, Sendable {
  /// The session; `nil`: the one that we are in.
  public let session: String?

  /// - Parameters:
  ///   - environment: says whether we are in tmux already.
  ///   - project: for the name of a session of our own.
  public init(environment: Environment, project: String) {
    let name = project.unicodeScalars.map {
      $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) || $0 == "-" ? String($0) : "-"
    }
    session = (environment["TMUX"] ?? "").isEmpty ? "preflight-\(name.joined())" : nil
  }

  /// Prints the names of the windows, a line each; fails where there is no such session yet.
  public var list: [Argument] { ["list-windows"] + target("") + ["-F", "#{window_name}"] }

  /// Opens a window that nobody is switched to.
  ///
  /// - Parameters:
  ///   - id: the stream; the window's name.
  ///   - isFirst: whether the session has to be made with it.
  ///   - program: `preflight`, by its path.
  public func open(_ id: String, in directory: FilePath, isFirst: Bool, program: FilePath) -> [Argument] {
    let place: [Argument] =
      if let session, isFirst { ["new-session", "-d", "-s", Argument(session)] } else {
        ["new-window", "-d"] + target(":")
      }
    // More than one word of a command is run as it is, without a shell of tmux's own.
    return place + ["-n", Argument(id), "-c", Argument(directory)]
      + ["/bin/sh", "-c", Argument(Self.script), Argument(program), "launch", Argument(id)]
  }

  /// A window that closes at once would take the reason along.
  private static let script =
    #""$0" "$@"; status=$?; [ "$status" -eq 0 ] || { printf "\nexit status %d; press return" "$status"; read -r line; }"#

  /// `=` takes the name for all of it, not for its beginning.
  private func target(_ suffix: String) -> [Argument] { session.map { ["-t", Argument("=\($0)\(suffix)")] } ?? [] }

  /// What a person types to see them; `nil` where they are in it.
  public var attach: String? { session.map { "tmux attach -t \(shellQuoted("=" + $0))" } }
}
