import Git
import HookIdentity
import Plan
import Platform

/// Arms a repository: our hooks in every directory where git looks for them, and where trunk is in its configuration.
///
/// A second run changes nothing, byte for byte.
public struct Installer {
  private let repository: Repository
  private let executables: ExecutableSet
  private let environment: Environment

  public init(_ repository: Repository, executables: ExecutableSet, environment: Environment = .current) {
    self.repository = repository
    self.executables = executables
    self.environment = environment
  }

  /// What was done, and what a person has to do.
  public struct Report: Hashable, Sendable {
    public enum Change: Hashable, Sendable {
      case wrote(FilePath)
      /// A hook that was there before, kept under the second name and run after ours.
      case kept(FilePath, as: FilePath)
      case configured(key: String, value: String)
    }

    /// In the order in which they were made; empty on a second run.
    public var changes: [Change] = []
    /// Where our hooks are now, each directory once.
    public var armed: [HooksDirectory] = []
    /// Where preflight does not write: `snippet` says what to paste, `empty` what to unset.
    public var manual: [HooksDirectory] = []
    /// What was recorded; `nil` where no branch looks like trunk.
    public var trunk: TrunkNames?
  }

  /// - Parameters:
  ///   - plan: the plan that counts here, whose trunk and remote go before what the repository looks like.
  ///   - blob: the id of the file that it was read from.
  public func install(plan: Plan?, blob: ObjectID? = nil) throws(InstallationError) -> Report {
    let directories = try attempt { () throws(GitError) in
      try HooksDirectory.all(of: repository.layout, environment: environment)
    }.uniqued(by: \.path)
    var report = Report()
    report.armed = directories.filter(\.mayBeWritten)
    report.manual = directories.filter { !$0.mayBeWritten }
    report.trunk = try attempt { () throws(GitError) in try trunk(plan) }
    let permissions = try attempt { () throws(GitError) in
      hookPermissions(sharedRepository: try repository.configuration()["core.sharedrepository"])
    }
    let steps = try decide(report.armed, permissions: permissions)
    var record = try attemptSystem { () throws(SystemError) in try InstallationRecord(in: repository.layout) }

    for directory in report.armed.map(\.path) where !directory.isDirectory {
      if !record.directories.contains(directory) { record.directories.append(directory) }
    }
    for step in steps where !record.hooks.contains(step.path) { record.hooks.append(step.path) }
    let settings = try pendingSettings(report.trunk)
    for setting in settings where !record.configuration.keys.contains(setting.key) {
      record.configuration.updateValue(setting.previous, forKey: setting.key)
    }
    try attemptSystem { () throws(SystemError) in
      try record.write(in: repository.layout)  // before the first change, so that whatever follows can be taken back
      for directory in report.armed { try directory.path.createDirectories() }
      for step in steps {
        try step.perform(executable: executables.executable(of: step.hook), permissions: permissions)
        report.changes += step.changes
      }
    }
    for setting in settings {
      _ = try attempt { () throws(GitError) in
        try repository.git.output(
          ["config", "--local", "--replace-all", Argument(setting.key), Argument(setting.value)])
      }
      report.changes.append(.configured(key: setting.key, value: setting.value))
    }
    if let plan, let blob {
      let registration = DriverRegistration(repository)
      if let file = try registration.write(registration.wanted(plan, blob: blob)) {
        report.changes.append(.wrote(file))
      }
    }
    return report
  }

  private func decide(
    _ directories: [HooksDirectory], permissions: UInt32
  ) throws(InstallationError) -> [HookStep] {
    var steps: [HookStep] = []
    var obstacles: [Obstacle] = []
    for directory in directories {
      if !directory.path.nearestDirectory.canBeWritten {
        obstacles.append(
          Obstacle(
            path: directory.path, text: "no write permission in '\(directory.path)'",
            repair: "ls -ld \(shellQuoted(directory.path))"))
        continue
      }
      for hook in HookName.allCases {
        let executable = executables.executable(of: hook)
        let decision = try attemptSystem { () throws(SystemError) in
          try HookStep.decide(hook, in: directory.path, executable: executable, permissions: permissions)
        }
        switch decision {
        case .success(let step): steps.append(step)
        case .failure(let obstacle): obstacles.append(obstacle)
        }
      }
    }
    guard obstacles.isEmpty else { throw .obstructed(obstacles) }
    return steps
  }

  private func trunk(_ plan: Plan?) throws(GitError) -> TrunkNames? {
    let found = try repository.trunkNames()
    guard let branch = plan?.project.trunk ?? found?.branch else { return nil }
    return TrunkNames(branch: branch, remote: plan?.project.remote ?? found?.remote)
  }

  private struct Setting {
    let key: String
    let value: String
    let previous: String?
  }

  /// What the repository's own configuration does not say yet.
  private func pendingSettings(_ trunk: TrunkNames?) throws(InstallationError) -> [Setting] {
    var wanted = [
      (programKey, executables.program.description),
      (DriverCommand.key, DriverCommand.text(executables.mergeDriver)),
    ]
    if let trunk {
      wanted.append((TrunkNames.branchKey, trunk.branch))
      if let remote = trunk.remote { wanted.append((TrunkNames.remoteKey, remote)) }
    }
    var pending: [Setting] = []
    for (key, value) in wanted {
      let previous = try attempt { () throws(GitError) in
        try repository.git.lineIfAny(["config", "--local", "--get", Argument(key)])
      }
      if previous != value { pending.append(Setting(key: key, value: value, previous: previous)) }
    }
    return pending
  }
}

extension HookStep {
  fileprivate var changes: [Installer.Report.Change] {
    switch action {
    case .nothing: []
    case .write: [.wrote(path)]
    case .keepAndWrite: [.kept(path, as: kept), .wrote(path)]
    }
  }
}

extension Array {
  /// Each key's first element.
  func uniqued(by key: (Element) -> some Hashable) -> [Element] {
    var seen: Set<AnyHashable> = []
    return filter { seen.insert(AnyHashable(key($0))).inserted }
  }
}
