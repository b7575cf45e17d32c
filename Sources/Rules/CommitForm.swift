/// Where a commit that is being made takes its content from: a hint that leaves a path out of it must know.
///
/// `git commit --all` and `git commit -- path` take what is in the files, so that unstaging a path changes nothing for them.
public enum CommitForm: Hashable, Sendable {
  /// What is staged.
  case staged
  /// The same on a branch without a commit: there is nothing yet to restore from.
  case first
  /// `git commit --all`.
  case all
  /// `git commit -- path…`, with these paths.
  case only([[UInt8]])

  /// What was typed, without the message.
  public var command: String {
    switch self {
    case .staged, .first: "git commit"
    case .all: "git commit --all"
    case .only(let paths): Self.only(paths)
    }
  }

  /// The command that takes a path out of the commit; its edit stays in the file.
  func leavingOut(_ path: [UInt8]) -> String {
    let unstage = "git restore --staged -- \(Pathspec(path))"
    switch self {
    case .staged: return unstage
    case .first: return "git rm --cached -- \(Pathspec(path))"
    case .all: return "git add --update :/ && \(unstage) && git commit"
    case .only(let paths):
      let others = paths.filter { $0 != path }
      return others.isEmpty ? unstage : Self.only(others)
    }
  }

  /// The command that takes an untracked file into the commit as well.
  func takingIn(_ path: [UInt8]) -> String {
    let stage = "git add -- \(Pathspec(path))"
    guard case .only(let paths) = self else { return stage }
    return "\(stage) && \(Self.only(paths + [path]))"
  }

  private static func only(_ paths: [[UInt8]]) -> String {
    // No option: a pathspec from the top begins with a colon. So more options may follow.
    "git commit --only " + paths.map { "\(Pathspec($0))" }.joined(separator: " ")
  }
}
