import Git
import HookIdentity
import Plan
import Platform

/// Proves, worktree by worktree, that the hooks really fire there, and names what keeps them from it. Changes nothing.
public struct Doctor {
  let repository: Repository
  let executables: ExecutableSet
  let version: String
  let environment: Environment

  /// - Parameter version: as the hooks say it to the canary.
  public init(
    _ repository: Repository, executables: ExecutableSet, version: String, environment: Environment = .current
  ) {
    self.repository = repository
    self.executables = executables
    self.version = version
    self.environment = environment
  }

  public func examine(plan: PlanReading) throws(InstallationError) -> Diagnosis {
    do { return try diagnosis(plan: plan) } catch { throw .git(error) }
  }

  private func diagnosis(plan: PlanReading) throws(GitError) -> Diagnosis {
    var result = Diagnosis(git: try repository.git.version())
    try examineRepository(plan: plan, &result)
    for worktree in try repository.layout.worktrees() {
      if let absence = worktree.absence {
        note(absence, of: worktree, &result)
        continue
      }
      let directory = try HooksDirectory(of: worktree.path, in: repository.layout, environment: environment)
      var place = Diagnosis.Place(worktree: worktree, directory: directory, hooks: [])
      try examine(&place, &result)
      result.places.append(place)
    }
    try examineLocks(&result)
    noteFutureWorktrees(&result)
    return result
  }

  private func note(_ absence: Worktree.Absence, of worktree: Worktree, _ result: inout Diagnosis) {
    switch absence {
    case .gone: result.notes.append("worktree '\(worktree.path)' is gone: 'git worktree prune' forgets it")
    case .bare:
      result.faults.append(
        Fault(
          .bareWithWorkTree, "core.bare is true, and '\(worktree.path)' has a working tree", repair: absence.repair,
          in: worktree.path))
    case .elsewhere:
      result.faults.append(Fault(.worktreeElsewhere, absence.sentence, repair: absence.repair, in: worktree.path))
    }
  }

  private func examine(_ place: inout Diagnosis.Place, _ result: inout Diagnosis) throws(GitError) {
    let directory = place.directory
    let canBeFired = result.git >= GitVersion(major: 2, minor: 36)  // git hook run
    if let fault = faultOfDirectory(directory, result.places) {
      if !result.faults.contains(fault) { result.faults.append(fault) }
      place.hooks = HookName.allCases.map { .init(hook: $0, path: directory.path / $0.rawValue, firing: .silent) }
      return
    }
    for hook in HookName.allCases {
      let path = directory.path / hook.rawValue
      var found = Diagnosis.Hook(hook: hook, path: path, firing: .unproven)
      var fault: Fault?
      do { fault = try faultOfFile(hook, at: path, in: directory) } catch { throw GitError(.system(error)) }
      if fault == nil, canBeFired, mayFire(hook, in: directory) {
        fault = try fire(hook, in: directory)
        found.firing = .proven
      }
      if let fault { result.faults.append(fault) }
      if fault != nil || !directory.mayBeWritten && !directory.names(hook) { found.firing = .silent }
      place.hooks.append(found)
    }
    gatherMissingLines(directory, &result)
  }

  private func noteFutureWorktrees(_ result: inout Diagnosis) {
    guard let directory = result.places.map(\.directory).first(where: { !$0.servesFutureWorktrees }) else { return }
    let value = directory.setting?.value ?? ""
    guard directory.setting?.isRelative == true, directory.standing != .tracked else { return }
    result.notes.append(
      "core.hooksPath '\(value)' is looked for in each worktree: one made by 'git worktree add' has no hooks until "
        + "they are put there")
  }

  /// What is wrong with the directory as a whole.
  private func faultOfDirectory(_ directory: HooksDirectory, _ examined: [Diagnosis.Place]) -> Fault? {
    let top = directory.worktree
    if directory.standing == .empty {
      let scope = directory.setting?.scope ?? "local"
      let isOwn = scope == "worktree"  // any other scope is the same fault in every worktree
      let place = isOwn ? "-C \(shellQuoted(top)) " : ""
      return Fault(
        .hooksPathEmpty, "core.hooksPath is set to nothing, so git looks for hooks in the top directory",
        repair: "git \(place)config --\(scope) --unset-all core.hooksPath", in: isOwn ? top : nil)
    }
    guard !directory.path.isDirectory else { return nil }
    return Fault(
      .directoryMissing, "no hook runs here: '\(directory.shown(directory.path))' is missing",
      repair: repairOfMissing(directory, examined), in: top)
  }

  private func repairOfMissing(_ directory: HooksDirectory, _ examined: [Diagnosis.Place]) -> String {
    if directory.mayBeWritten { return "preflight install" }
    let shown = directory.shown(directory.path)
    let source = examined.map(\.directory).first { $0.shown($0.path) == shown && $0.path.isDirectory }
    if let source {
      let parent = shellQuoted(directory.path.parent)
      return "mkdir -p \(parent) && cp -R \(shellQuoted(source.path)) \(parent)/"
    }
    if directory.standing == .managed(.husky) { return "(cd \(shellQuoted(directory.worktree)) && npx husky)" }
    return "mkdir -p \(shellQuoted(directory.path))"
  }
}
