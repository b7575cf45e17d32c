import Platform

/// What `{worktree}`, `{stream}`, `{branch}` and `{base}` stand for in a command of the plan, and `{brief}` and
/// `{brief-file}` in the one that is launched.
public struct Placeholders: Hashable, Sendable {
  public var worktree: FilePath
  /// `nil` where the branch is no stream of the plan.
  public var stream: [UInt8]?
  /// `nil` where `HEAD` is detached.
  public var branch: [UInt8]?
  public var base: [UInt8]?
  /// The text of the brief, and a file that holds it; `nil` where nothing is launched.
  public var brief: [UInt8]?
  public var briefFile: FilePath?
  /// What an event is about; see `[notify]`.
  public var issue: [UInt8]?
  public var sha: [UInt8]?
  public var subject: [UInt8]?

  public init(worktree: FilePath, stream: [UInt8]? = nil, branch: [UInt8]? = nil, base: [UInt8]? = nil) {
    self.worktree = worktree
    self.stream = stream
    self.branch = branch
    self.base = base
  }

  /// A placeholder that has no value here.
  public struct Unfilled: Error, Equatable, CustomStringConvertible {
    public let name: String

    public var description: String { "'{\(name)}' stands for nothing here" }
  }

  /// `words` with every placeholder replaced, wherever it stands in a word. A value stays within its word, whatever is in
  /// it, and is not looked at again; any other brace stays as it is.
  public func filling(_ words: [String]) throws(Unfilled) -> [Argument] {
    var result: [Argument] = []
    for word in words { result.append(Argument(try filling(Array(word.utf8)))) }
    return result
  }

  private func filling(_ word: [UInt8]) throws(Unfilled) -> [UInt8] {
    var result: [UInt8] = []
    var rest = word[...]
    while let first = rest.first {
      guard let name = Self.names.first(where: { rest.starts(with: "{\($0)}".utf8) }) else {
        result.append(first)
        rest.removeFirst()
        continue
      }
      guard let value = value(of: name) else { throw Unfilled(name: name) }
      result += value
      rest.removeFirst(name.utf8.count + 2)
    }
    return result
  }

  private static let names = [
    "worktree", "stream", "branch", "base", "brief", "brief-file", "issue", "sha", "subject",
  ]

  private func value(of name: String) -> [UInt8]? {
    switch name {
    case "worktree": worktree.bytes
    case "stream": stream
    case "branch": branch
    case "brief": brief
    case "brief-file": briefFile?.bytes
    case "issue": issue
    case "sha": sha
    case "subject": subject
    default: base
    }
  }
}
