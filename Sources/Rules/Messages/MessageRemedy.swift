import Git
import Platform

/// How a refused message is put right, given where it is.
public enum MessageRemedy: Hashable, Sendable {
  /// commit-msg refused it, and the caller keeps `messageToKeep` in `file`: `command` is what made the commit, such as
  /// `git commit --amend`.
  case commitAgain(command: String = "git commit", file: String)
  /// The tip of the branch that is checked out.
  case amend
  /// A commit further down the branch that is checked out.
  case rebase(ObjectID, isRoot: Bool = false)

  /// The line to paste: with a correction it makes the message pass as it stands, without one it opens an editor.
  func command(corrected: CorrectedMessage?) -> String {
    switch (self, corrected) {
    case (.commitAgain(let command, _), let corrected?) where corrected.isHeaderAlone && corrected.isPrintable:
      "\(command) -m \(shellQuoted(corrected.header))"
    case (.commitAgain(let command, let file), .some): "\(command) --file=\(shellQuoted(file))"
    case (.commitAgain(let command, let file), nil): "\(command) --edit --file=\(shellQuoted(file))"
    case (.amend, let corrected?) where corrected.isPrintable:
      "\(corrected.printed(restOf: "HEAD")) | git commit --amend --only --allow-empty --file=-"
    case (.amend, _): "git commit --amend --only --allow-empty"
    case (.rebase(let commit, let isRoot), let corrected?) where corrected.isPrintable:
      // An `amend!` commit carries the new message; autosquash folds it in (git-rebase(1)) and keeps author and date.
      "\(corrected.printed(restOf: "\(commit)", below: "amend! \(commit)")) | git commit --allow-empty --only --file=-"
        + " && GIT_SEQUENCE_EDITOR=: git rebase --interactive --autosquash \(base(of: commit, isRoot))"
    case (.rebase(let commit, let isRoot), _): "git rebase --interactive \(base(of: commit, isRoot))"
    }
  }

  private func base(of commit: ObjectID, _ isRoot: Bool) -> String { isRoot ? "--root" : "\(commit)~" }
}

/// A message that passes, made from one that did not.
struct CorrectedMessage: Hashable, Sendable {
  /// The whole message, in the encoding of the original.
  var bytes: [UInt8]
  /// Its first line, to be shown.
  var header: String
  /// The number of the original's header line; what follows it is kept.
  var headerLine: Int
  var isHeaderAlone: Bool
  /// Whether the header survives a terminal: all of it could be decoded, and it holds no control characters.
  var isPrintable: Bool

  /// A command that prints this message, taking the lines below the header from the commit itself.
  fileprivate func printed(restOf commit: String, below first: String? = nil) -> String {
    let lines = first.map { "\(shellQuoted($0)) '' " } ?? ""
    let header = shellQuoted(header)
    if isHeaderAlone { return "printf '%s\\n' \(lines)\(header)" }
    let aboveBody = headerLine == 1 ? "1d" : "1,\(headerLine)d"
    return
      "{ printf '%s\\n' \(lines)\(header) ''; git log -1 --format=%B \(commit) | sed \(aboveBody); }"
  }
}
