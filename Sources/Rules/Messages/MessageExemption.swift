/// Why a message need not be a conventional one: somebody else chose its words.
enum MessageExemption: Hashable, Sendable {
  case merge
  case revert
  /// `fixup!`, `squash!`, `amend!`: gone after the next autosquash.
  case autosquash
  case initialCommit

  init?(_ message: CommitMessage, context: MessageContext) {
    let header = message.header
    if context.isMerge {
      self = .merge
    } else if context.occasion == .writing, mergeSubjects.contains(where: { header.starts(with: $0) }) {
      // An amended merge has no MERGE_HEAD; once it is made, its parents tell.
      self = .merge
    } else if revertSubjects.contains(where: { header.starts(with: $0) }) {
      self = .revert
    } else if autosquashPrefixes.contains(where: { header.starts(with: $0) }) {
      self = .autosquash
    } else if context.isRoot, header.equalsIgnoringCase("Initial commit".utf8) {
      self = .initialCommit
    } else {
      return nil
    }
  }
}

/// As git (builtin/fmt-merge-msg.c) and the hosts write them.
private let mergeSubjects: [StaticString] = [
  "Merge branch ", "Merge branches ", "Merge tag ", "Merge tags ", "Merge commit ", "Merge commits ",
  "Merge remote-tracking branch ", "Merge remote-tracking branches ", "Merge pull request ", "Merge HEAD",
]

/// sequencer.c; `Reapply` since git 2.43.
private let revertSubjects: [StaticString] = ["Revert \"", "Reapply \""]

/// git-commit(1), `--fixup` and `--squash`.
private let autosquashPrefixes: [StaticString] = ["fixup! ", "squash! ", "amend! "]
