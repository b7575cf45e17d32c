import Platform

/// A git command as it was typed: `git [options] SUBCOMMAND [arguments]`.
public struct GitInvocation: Hashable, Sendable {
  public let subcommand: String
  public let arguments: [String]

  /// `nil` for what runs no subcommand of git.
  public init?(_ words: [String]) {
    guard let program = words.first.map({ FilePath($0).lastComponent.description }) else { return nil }
    var rest = words.dropFirst()
    if program.hasPrefix("git-") {
      subcommand = String(program.dropFirst("git-".count))
    } else if program == "git" {
      while let word = rest.first, word.hasPrefix("-") {
        rest = rest.dropFirst(Self.optionsWithValue.contains(word) ? 2 : 1)
      }
      guard let name = rest.popFirst() else { return nil }
      subcommand = name
    } else {
      return nil
    }
    arguments = Array(rest)
  }

  public init?(_ process: RunningProcess) {
    self.init(process.arguments.map { String(decoding: $0, as: UTF8.self) })
  }

  /// See "OPTIONS" in git(1): those whose value may be a word of its own.
  private static let optionsWithValue = [
    "-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--config-env", "--super-prefix",
  ]

  /// Whether it changes index, files or `HEAD` of the worktree that it runs in.
  public var changesWorktree: Bool { Self.changing.contains(subcommand) }

  private static let changing: Set<String> = [
    "add", "am", "apply", "bisect", "checkout", "checkout-index", "cherry-pick", "clean", "commit", "merge", "mv",
    "pull", "read-tree", "rebase", "reset", "restore", "revert", "rm", "sparse-checkout", "stash", "submodule",
    "switch", "update-index",
  ]
}
