import Plan

/// Every rule there is, with what it is by default and what good looks like; `docs/rules.md` and `--help` print it.
public enum RuleTable {
  public struct Entry: Hashable, Sendable {
    public var rule: RuleID
    /// Where the plan says nothing.
    public var severity: Severity
    /// What holds where the rule is content: one line, lower case, no full stop.
    public var summary: String
  }

  /// In the order in which they are shown.
  public static let entries: [Entry] = [
    Entry(
      rule: "message.grammar", severity: .error,
      summary: "the header reads 'type(scope)!: description', scope and '!' where wanted"),
    Entry(rule: "message.type", severity: .error, summary: "the type is one of the plan's, in any case"),
    Entry(rule: "message.scope", severity: .error, summary: "the scope is one of the plan's, and there where required"),
    Entry(rule: "message.blank-line", severity: .error, summary: "a blank line parts header and body"),
    Entry(
      rule: "message.fixup", severity: .error,
      summary: "no fixup!, squash!, amend! or WIP commit is pushed to trunk"),
    Entry(
      rule: "message.subject-length", severity: .warning,
      summary: "the header is at most 100 characters long, a trailing ' (#123)' not counted"),
    Entry(
      rule: "message.body-length", severity: .warning,
      summary: "body lines are at most as long as the plan's body-max; links may be longer"),
    Entry(
      rule: "message.breaking", severity: .warning,
      summary: "a breaking change is spelled 'BREAKING CHANGE: ' or marked by '!'"),
    Entry(
      rule: "message.encoding", severity: .warning,
      summary: "the message is UTF-8, or in the encoding that the commit names"),
    Entry(
      rule: "message.issue", severity: .warning,
      summary: "a stream's commit names one of its issues in the subject or in a footer"),
    Entry(
      rule: "shared.stale", severity: .error,
      summary: "a shared file merges with what trunk has made of it since"),
    Entry(
      rule: "shared.overlap", severity: .warning,
      summary: "a shared file merges with what the sibling worktrees have made of it"),
    Entry(
      rule: "revert.silent", severity: .warning,
      summary: "what trunk has gained is not taken back without a word; an error where a sync had brought it here"),
    Entry(
      rule: "shared.claimed", severity: .warning,
      summary: "a stream leaves alone what another has claimed, for as long as the claim holds"),
    Entry(
      rule: "submodule.backward", severity: .error,
      summary: "a submodule is not taken back to before what trunk has"),
    Entry(rule: "ownership", severity: .warning, summary: "a stream leaves the files of other streams alone"),
    Entry(rule: "exports.foreign", severity: .error, summary: "a stream leaves the stubs of other streams alone"),
    Entry(
      rule: "exports.shape", severity: .error,
      summary: "outside its own stubs or blocks a stream changes nothing of a barrel"),
    Entry(
      rule: "exports.missing-module", severity: .error,
      summary: "a module that is exported is there"),
    Entry(
      rule: "exports.lost", severity: .error,
      summary: "an export of trunk's whose module is still there stays exported"),
    Entry(
      rule: "exports.collision", severity: .error,
      summary: "no two modules behind one barrel export the same name"),
    Entry(
      rule: "exports.unfinished", severity: .warning,
      summary: "a stream that is ready, by its issues or by its word, has no stub left; 'preflight' alone asks"),
    Entry(rule: "exports.unowned", severity: .warning, summary: "a stub that is brought to life belongs to somebody"),
    Entry(
      rule: "lock.outdated", severity: .error,
      summary: "a lock file that a merge has set to trunk's is made anew before it is pushed"),
    Entry(
      rule: "structure.markers", severity: .error,
      summary: "no conflict is left in a file: its markers are gone"),
    Entry(
      rule: "structure.export", severity: .error,
      summary: "a barrel exports each thing once"),
    Entry(
      rule: "structure.json", severity: .error,
      summary: "a shared JSON file can be read, and names nothing twice"),
    Entry(
      rule: "structure.stub", severity: .warning,
      summary: "a stub that was brought to life is gone"),
    Entry(
      rule: "structure.heading", severity: .warning,
      summary: "a release of a changelog has one heading for each kind"),
    Entry(
      rule: "structure.released", severity: .warning,
      summary: "an entry that comes after a release is not listed under it"),
    Entry(
      rule: "depends", severity: .warning,
      summary: "what an issue waits for in other streams is done before its commits are pushed"),
    Entry(
      rule: "branch.drift", severity: .error,
      summary: "a stream's worktree has the stream's branch checked out, and keeps it during a commit"),
    Entry(rule: "plan.faults", severity: .error, summary: "the plan that a commit brings can be read"),
    Entry(rule: "trunk.push", severity: .warning, summary: "trunk is pushed by merging, not by hand"),
    Entry(
      rule: "push.unseen", severity: .error,
      summary: "a forced push overwrites only commits that this repository has seen"),
    Entry(
      rule: "push.lease", severity: .error,
      summary: "a branch that a sync has moved is pushed with its exact lease"),
    Entry(
      rule: "push.range", severity: .error,
      summary: "what is pushed can be judged as a whole: its history reaches back to trunk"),
  ]

  /// How much a finding of `rule` matters under `settings`; `nil` where it is switched off.
  public static func severity(of rule: RuleID, in settings: RuleSettings) -> Severity? {
    switch settings.level(of: rule.rawValue) {
    case .error: .error
    case .warn: .warning
    case .off: nil
    case nil:
      // A rule that is missing here is our own mistake, and the worse one to make is silence.
      entries.first { $0.rule == rule }?.severity ?? .error
    }
  }
}
