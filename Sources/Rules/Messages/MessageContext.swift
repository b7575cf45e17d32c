import Git

/// What the caller knows of a message beside its text.
public struct MessageContext: Hashable, Sendable {
  public enum Occasion: Hashable, Sendable {
    /// commit-msg: the commit is being made.
    case writing
    /// The commit exists: pre-push, `preflight`, `preflight try`.
    case written
  }

  public var occasion: Occasion
  /// Two parents or more; while writing, whether there is a `MERGE_HEAD`.
  public var isMerge = false
  /// No parent.
  public var isRoot = false
  /// Whether the commit is about to become part of trunk.
  public var isForTrunk = false
  /// The issues of the stream, `MUS-201`; empty: none need be named.
  public var issues: [String] = []
  /// How issues of any stream begin, `MUS`.
  public var issuePrefixes: [String] = []
  /// From the lines of the message to those of its file: `StoredMessage.fileLines`; empty where they are the same.
  public var fileLines: [Int] = []
  public var commit: ObjectID?
  /// What the branch is pushed onto, as git names it; commits to be squashed are above it.
  public var upstream: String?
  /// How a refused message is put right; `nil`: nobody can be told.
  public var remedy: MessageRemedy?

  public init(_ occasion: Occasion) { self.occasion = occasion }

  func shownLine(_ line: Int, of message: CommitMessage) -> Int {
    let stored = line + message.skippedLines
    return stored <= fileLines.count ? fileLines[stored - 1] : stored
  }
}
