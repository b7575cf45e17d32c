import Git
import HookIdentity
import Plan
import Platform

extension Doctor {
  /// What concerns all worktrees alike.
  func examineRepository(plan: PlanReading, _ result: inout Diagnosis) throws(GitError) {
    try examineProgram(&result)
    try examineTrunk(plan, &result)
    switch plan {
    case .read: break
    case .absent: result.notes.append("there is no plan: 'preflight init' writes a first one")
    case .unreadable(let reason):
      result.faults.append(Fault(.planUnreadable, "the plan cannot be read: \(reason)", repair: "preflight plan check"))
    }
    try examineMerging(plan: plan, &result)
    result.configuredHooks = try configuredHooks()
    if !result.configuredHooks.isEmpty, result.git < GitVersion(major: 2, minor: 54) {
      result.notes.append("git \(result.git) does not run the hooks that are defined in its configuration")
    }
    if result.git < GitVersion(major: 2, minor: 36) {
      result.notes.append("git \(result.git) cannot be asked to fire a hook: that takes 2.36")
    }
  }

  private func examineProgram(_ result: inout Diagnosis) throws(GitError) {
    guard let program = try repository.configuration()[programKey] else {
      result.faults.append(
        Fault(.notInstalled, "preflight is not installed in this repository", repair: "preflight install"))
      return
    }
    if !FilePath(program).canBeExecuted {
      result.faults.append(
        Fault(
          .programMissing, "\(programKey) is '\(program)', which is not there", repair: "preflight install"))
    } else if FilePath(program) != executables.program {
      result.faults.append(
        Fault(
          .wrongVersion, "\(programKey) is '\(program)', and this is '\(executables.program)'",
          repair: "preflight install"))
    }
  }

  private func examineTrunk(_ plan: PlanReading, _ result: inout Diagnosis) throws(GitError) {
    result.trunk = try repository.recordedTrunk()
    guard let recorded = result.trunk else {
      if try repository.configuration().isSet(programKey) {
        result.faults.append(
          Fault(
            .trunkUnresolved, "no trunk is recorded, and no branch looks like one",
            repair: "git config \(TrunkNames.branchKey) refs/heads/main"))
      }
      return
    }
    if try repository.trunk(recorded) == nil {
      let remote = recorded.remoteBranch.map { " nor '\($0)'" } ?? ""
      let fetch = recorded.remote.map { "git fetch \(shellQuoted($0))" }
      result.faults.append(
        Fault(
          .trunkUnresolved, "there is no '\(recorded.branch)'\(remote)",
          repair: fetch ?? "git branch \(shellQuoted(recorded.branch.shortBranchName))"))
    }
    if case .read(let plan, _) = plan { examine(recorded, against: plan.project, &result) }
  }

  private func examine(_ recorded: TrunkNames, against project: Plan.Project, _ result: inout Diagnosis) {
    if let trunk = project.trunk, TrunkNames(branch: trunk, remote: nil).branch != recorded.branch {
      let wanted = TrunkNames(branch: trunk, remote: nil).branch
      result.faults.append(
        Fault(
          .trunkDiffers, "\(TrunkNames.branchKey) is '\(recorded.branch)', and the plan's trunk is '\(wanted)'",
          repair: "git config \(TrunkNames.branchKey) \(shellQuoted(wanted))"))
    }
    if let remote = project.remote, remote != recorded.remote {
      result.faults.append(
        Fault(
          .trunkDiffers,
          "\(TrunkNames.remoteKey) is '\(recorded.remote ?? "")', and the plan's remote is '\(remote)'",
          repair: "git config \(TrunkNames.remoteKey) \(shellQuoted(remote))"))
    }
  }

  /// See "hook.<friendly-name>.command" in git-config(1) of git 2.54.
  private func configuredHooks() throws(GitError) -> [Diagnosis.ConfiguredHook] {
    let arguments: [Argument] = [
      "config", "--null", "--show-scope", "--get-regexp", "^hook\\..*\\.(command|event)$",
    ]
    let output = try repository.git.run(arguments).output  // status 1: there is none
    let fields = output.split(separator: 0, omittingEmptySubsequences: false).dropLast()
    var hooks: [Diagnosis.ConfiguredHook] = []
    for index in stride(from: 0, to: fields.count - 1, by: 2) {
      let scope = String(decoding: fields[index], as: UTF8.self)
      let end = fields[index + 1].firstIndex(of: UInt8(ascii: "\n")) ?? fields[index + 1].endIndex
      let key = String(decoding: fields[index + 1][..<end], as: UTF8.self)
      let value = String(decoding: fields[index + 1][end...].dropFirst(), as: UTF8.self)
      guard let dot = key.lastIndex(of: "."), key.hasPrefix("hook.") else { continue }
      let name = String(key[..<dot].dropFirst("hook.".count))
      var found = hooks.firstIndex { $0.name == name && $0.scope == scope }
      if found == nil {
        hooks.append(.init(name: name, scope: scope, command: "", events: []))
        found = hooks.count - 1
      }
      guard let found else { continue }
      if key[dot...] == ".command" { hooks[found].command = value } else { hooks[found].events.append(value) }
    }
    return hooks
  }
}
