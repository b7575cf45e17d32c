import Git
import HookSupport
import Inspection
import Plan
import Platform
import Rules

/// The file that holds a message being committed: mended where it has one reading, judged as git will store it.
public struct MessageFile {
  private let file: FilePath
  private let desk: HookDesk

  public init(_ file: FilePath, desk: HookDesk) {
    self.file = file
    self.desk = desk
  }

  public func judge() throws -> HookVerdict {
    let policy = desk.situation.policies.commits
    let settings = desk.situation.ruleSettings
    let cleanup = try cleanup()
    var bytes = try file.contents()
    var context = try context()
    let encoding = try desk.repository.configuration()["i18n.commitencoding"].map { Array($0.utf8) }
    if let mend = MessageMend(
      file: bytes, cleanup: cleanup, encoding: encoding, policy: policy, settings: settings, context: context)
    {
      bytes = mend.file
      try file.write(bytes, permissions: try file.status()?.permissions ?? 0o644)
      desk.report.say(mend.changes)
    }
    let stored = cleanup.stored(bytes)
    let message = CommitMessage(stored.bytes, encoding: encoding)
    if message.header.isEmpty { return .passed }  // git itself aborts an empty message
    context.fileLines = stored.fileLines
    var findings = messageFindings(for: message, policy: policy, settings: settings, context: context)
    if !findings.isEmpty {
      // What was typed is guessed from the index, for the hints alone.
      context.remedy = .commitAgain(command: try command(), file: keptFile.description)
      findings = messageFindings(for: message, policy: policy, settings: settings, context: context)
    }
    let verdict = desk.conclude(findings)
    if verdict == .refused {
      let kept = messageToKeep(message, policy: policy, settings: settings, context: context)
      try keptFile.parent.createDirectories()
      try keptFile.write(kept)
    }
    return verdict
  }

  /// Where a refused message is kept: git overwrites its own file at the next try.
  private var keptFile: FilePath { desk.layout.worktreeStateDirectory / "refused-message" }

  /// How git will clean the file up; `--cleanup` and `--verbose` on the command line are not told to hooks.
  private func cleanup() throws -> MessageCleanup {
    let settings = try desk.repository.configuration()
    // Two names of one setting: the last one counts.
    let comment = settings.last(of: ["core.commentchar", "core.commentstring"])
    return MessageCleanup(
      setting: settings["commit.cleanup"].map { Array($0.utf8) }, comment: comment.map { Array($0.utf8) },
      hasEditor: desk.invocation.environment["GIT_EDITOR"] != ":")
  }

  private func context() throws -> MessageContext {
    var context = MessageContext(.writing)
    context.isMerge = (desk.layout.gitDirectory / "MERGE_HEAD").exists
    context.isRoot = desk.situation.head == nil
    context.isForTrunk = false  // a fixup! commit on a local trunk is squashed before the push, which is judged
    context.issuePrefixes = desk.situation.policies.project.issuePrefixes
    return context
  }

  /// The command that made this commit.
  private func command() throws -> String {
    let paths = try desk.repository.stagedChanges(against: desk.situation.head).map(\.path)
    let form = desk.situation.commitForm(paths)
    // Nothing staged: it amends. (An amend that stages something, too, cannot be told from a commit.)
    return paths.isEmpty && form == .staged ? "git commit --amend" : form.command
  }
}
