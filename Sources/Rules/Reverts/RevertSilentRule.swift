import Git
import Platform

/// A change of somebody else's that a branch was brought onto, and that the branch takes back.
public struct UndoneChange: Hashable, Sendable {
  public var path: [UInt8]
  /// Where it was, from 1; `nil` where the whole path is back at what it was.
  public var line: Int?
  /// What is undone, and its subject.
  public var commit: ObjectID?
  public var subject: [UInt8]
  /// Whether a sync had brought it into the worktree.
  public var isFromSync: Bool
  /// The base of the branch before it came, and the present one.
  public var earlier: ObjectID
  public var base: ObjectID
  /// What undoes it, where that is a commit already.
  public var undoing: ObjectID?
  /// How the commit is being made; `nil` where it is made.
  public var form: CommitForm?
  /// Whether the branch is checked out here.
  public var isHere: Bool

  public init(
    path: [UInt8], line: Int?, commit: ObjectID?, subject: [UInt8], isFromSync: Bool, earlier: ObjectID, base: ObjectID,
    undoing: ObjectID?, form: CommitForm?, isHere: Bool
  ) {
    self.path = path
    self.line = line
    self.commit = commit
    self.subject = subject
    self.isFromSync = isFromSync
    self.earlier = earlier
    self.base = base
    self.undoing = undoing
    self.form = form
    self.isHere = isHere
  }
}

/// A branch does not take back without a word what it was brought onto, as an editor or agent does that writes back its old
/// copy of a file.
public enum RevertSilentRule {
  public static let id: RuleID = "revert.silent"

  /// Files that were moved under somebody's hands are a hazard that sync itself makes: there it is an error.
  public static func findings(in change: UndoneChange) -> [Finding] {
    [
      Finding(
        id, change.isFromSync ? .error : .warning, .undone(change), path: change.path, line: change.line,
        commit: change.undoing)
    ]
  }
}

extension CommitMessage {
  /// Whether whoever wrote it says that it takes something back: as git words it, or by the type.
  public var saysItUndoes: Bool {
    saysItReverts || type == "revert" || header.starts(with: "Revert \"".utf8)
  }
}

extension Finding.Message {
  fileprivate static func undone(_ change: UndoneChange) -> Self {
    let subject = String(decoding: change.subject, as: UTF8.self)
    let what = change.commit.map { "\($0.abbreviated) (\(subject))" } ?? "what its base has gained"
    let origin = change.isFromSync ? ", which a sync brought here" : ""
    return .init("takes back \(what)\(origin), and no message says so", hint: hint(for: change))
  }

  private static func hint(for change: UndoneChange) -> String {
    let path = Pathspec(change.path)
    if change.form == nil, !change.isHere {
      return "to see what it was: git diff \(change.earlier.abbreviated) \(change.base.abbreviated) -- \(path)"
    }
    // A three-way merge of the old version, the new one and what is there now: one's own edits stay.
    let again =
      "git diff-tree -p --binary \(change.earlier) \(change.base) -- \(path) | git -C \"./$(git rev-parse --show-cdup)\" apply --3way"
    let command =
      switch change.form {
      case .staged, .first: again
      case .all: "git add --update :/ && \(again) && git commit"
      case .only(let paths):
        "git add -- \(paths.map { "\(Pathspec($0))" }.joined(separator: " ")) && \(again) && \(CommitForm.only(paths).command)"
      case nil: "\(again) && git commit"
      }
    return "to bring it back beside your own edits: \(command)"
  }
}
