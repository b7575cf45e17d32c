/// The parts of a compiled plan, each readable by itself. The order within a part is the format: a change of it, or of
/// the cases of an enumeration that it holds, is a new `CompiledPlan.version`.
enum PlanPart: Int, CaseIterable {
  case policies
  case rules
  case shared
  case checks
  case afterSync
  case commands
  case streams
  case rounds

  func code(_ plan: inout Plan, with coder: inout some PlanCoder) {
    switch self {
    case .policies: plan.codePolicies(with: &coder)
    case .rules: plan.rules.code(with: &coder)
    case .shared: coder.code(indexed: &plan.shared, of: .init()) { $1.code(with: &$0) }
    case .checks: coder.code(&plan.checks, of: .init()) { $1.code(with: &$0) }
    case .afterSync: coder.code(&plan.afterSync, of: .init()) { $1.code(with: &$0) }
    case .commands: plan.codeCommands(with: &coder)
    case .streams: coder.code(indexed: &plan.streams, of: .init()) { $1.code(with: &$0) }
    case .rounds: coder.code(&plan.rounds)
    }
  }
}

extension Plan {
  fileprivate mutating func codePolicies(with coder: inout some PlanCoder) {
    coder.code(&project.name)
    coder.code(&project.trunk)
    coder.code(&project.remote)
    coder.code(&project.issuePrefixes)
    coder.code(&commits.types)
    coder.code(&commits.scopes)
    coder.code(&commits.requiresScope)
    coder.code(&commits.subjectLimit)
    coder.code(&commits.bodyLimit)
    coder.code(&commits.fixes)
    coder.code(&sync.mode)
    coder.code(&sync.streams)
    coder.code(&sync.published)
    coder.code(&sync.quiet)
    coder.code(&worktree.directory)
    coder.code(&worktree.links)
    coder.code(&worktree.setup)
    coder.code(&worktree.remove)
    coder.code(&worktree.checkout)
    coder.code(&hive.isShared)
  }

  fileprivate mutating func codeCommands(with coder: inout some PlanCoder) {
    coder.code(&launch)
    coder.code(&finish)
    coder.code(&merge)
    coder.code(&mergeKind)
    for event in NotifyPolicy.Event.allCases {
      coder.code(&notify.commands[event], or: []) { coder, command in coder.code(&command) }
    }
    coder.code(&notify.interval)
    coder.code(&notify.retries)
  }
}

extension RuleSettings {
  fileprivate mutating func code(with coder: inout some PlanCoder) {
    var entries = levels.map { Entry(rule: $0.key, level: $0.value) }.sorted { $0.rule < $1.rule }
    coder.code(&entries, of: Entry(rule: "", level: .error)) { coder, entry in
      coder.code(&entry.rule)
      coder.code(&entry.level)
    }
    levels = Dictionary(entries.map { ($0.rule, $0.level) }, uniquingKeysWith: { first, _ in first })
  }

  private struct Entry {
    var rule: String
    var level: Level
  }
}

extension Plan.SharedFiles {
  /// The patterns come first: they are what a compiled plan is asked for before anything else.
  mutating func code(with coder: inout some PlanCoder) {
    coder.code(&paths)
    coder.code(&merge)
    coder.code(&stubs)
    coder.code(&takesHigherVersion)
    coder.code(&run)
  }
}

extension Plan.Check {
  fileprivate mutating func code(with coder: inout some PlanCoder) {
    coder.code(&name)
    coder.code(&run)
    coder.code(choices: &occasions, of: .preflight)
    coder.code(&lock)
    coder.code(&timeout)
    coder.code(&paths)
    coder.code(&environment)
  }
}

extension Plan.AfterSync {
  fileprivate mutating func code(with coder: inout some PlanCoder) {
    coder.code(&paths)
    coder.code(&run)
    coder.code(&place)
  }
}

extension Plan.Stream {
  /// Patterns, branch and directory come first: they are what a compiled plan is asked for before anything else.
  mutating func code(with coder: inout some PlanCoder) {
    coder.code(&files)
    coder.code(&branch)
    coder.code(&directory)
    coder.code(&id)
    coder.code(&name)
    coder.code(&worker)
    coder.code(&estimate, or: 0...0) { coder, estimate in
      var (from, to) = (estimate.lowerBound, estimate.upperBound)
      coder.code(&from)
      coder.code(&to)
      if from <= to { estimate = from...to } else { coder.refuse() }
    }
    coder.code(&issues, of: .init()) { $1.code(with: &$0) }
    coder.code(&base)
    coder.code(&stubs)
  }
}

extension Plan.Issue {
  fileprivate mutating func code(with coder: inout some PlanCoder) {
    coder.code(&id)
    coder.code(&title)
    coder.code(&priority)
    coder.code(&after)
    coder.code(&isExternal)
  }
}
