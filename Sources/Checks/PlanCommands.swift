import Git
import Plan
import Platform

extension Plan {
  /// Every command that the plan may have run, in the order of its tables: what `preflight trust` shows and approves.
  public var commands: [TrustedCommand] {
    var commands = checks.map { TrustedCommand($0) } + afterSync.map { TrustedCommand($0) }
    for files in shared where !files.run.isEmpty { commands.append(TrustedCommand("shared", files.run)) }
    for (table, words) in [
      ("worktree.setup", worktree.setup), ("worktree.remove", worktree.remove), ("launch", [launch]),
      ("finish", [finish]), ("merge", [merge]),
    ] {
      for words in words where !words.isEmpty { commands.append(TrustedCommand(table, words)) }
    }
    for event in NotifyPolicy.Event.allCases {
      if let words = notify.commands[event] { commands.append(TrustedCommand("notify.\(event.rawValue)", words)) }
    }
    var seen: Set<TrustedCommand> = []
    return commands.filter { seen.insert($0).inserted }
  }
}

extension TrustedCommand {
  public init(_ check: Plan.Check) { self.init("checks.\(check.name)", check.run) }

  public init(_ afterSync: Plan.AfterSync) {
    self.init("after-sync", afterSync.run, in: afterSync.place == .main ? .main : .worktree)
  }
}

extension Trust {
  /// What was approved for the repository that all worktrees of `layout` share.
  public static func load(for layout: RepositoryLayout, environment: Environment) throws(TrustError) -> Trust {
    try load(repository: layout.commonDirectory.description, environment: environment)
  }
}
