import Plan
import Platform

/// A shell script that launches one stream from wherever it is called, found by its own place relative to the worktree.
public struct LaunchScript: Hashable, Sendable {
  public let name: String
  public let text: String

  private static let mark = "# Written by 'preflight launch --script'"

  /// - Parameters:
  ///   - directory: where the script is to be, resolved.
  ///   - worktree: the stream's, resolved.
  public init(_ stream: Plan.Stream, from directory: FilePath, to worktree: FilePath) {
    name = "launch-\(stream.id).sh"
    let title = stream.name.isEmpty || stream.name == stream.id ? stream.id : "\(stream.id) (\(stream.name))"
    let line = String(title.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    text = """
      #!/bin/sh
      \(Self.mark): launches \(line) in its worktree.
      cd -- "$(dirname -- "$0")"/\(shellQuoted(worktree.relative(to: directory))) || exit
      exec preflight launch \(shellQuoted(stream.id)) "$@"

      """
  }

  /// Writes it where nothing is, or an older one.
  ///
  /// - Returns: `false` where something else is, which stays.
  public func write(in directory: FilePath) throws(SystemError) -> Bool {
    let file = directory / name
    if let former = try file.contentsIfPresent(), !former.mentions(Self.mark) { return false }
    try directory.createDirectories()
    try file.write(Array(text.utf8), permissions: 0o755)
    return true
  }
}
