import Git
import HookIdentity
import Platform

extension Doctor {
  /// What is wrong with the file that git would run, short of running it.
  func faultOfFile(_ hook: HookName, at path: FilePath, in directory: HooksDirectory) throws(SystemError) -> Fault? {
    guard directory.mayBeWritten else { return try faultOfForeignFile(hook, at: path, in: directory) }
    func fault(_ kind: Fault.Kind, _ text: String, repair: String = "preflight install") -> Fault {
      Fault(kind, text, repair: repair, in: directory.worktree, hook: hook)
    }
    let executable = executables.executable(of: hook)
    switch try HookFile(at: path, hook: hook) {
    case .absent: return fault(.hookMissing, "there is no '\(path)'")
    case .unusable: return fault(.hookMissing, "'\(path)' is not a file")
    case .foreign: return try faultOfReplaced(hook, at: path, in: directory)
    case .line(let program):
      guard program.canBeExecuted else {
        return fault(.programMissing, "'\(path)' starts '\(program)', which is not there")
      }
      if program != executable {
        return fault(.wrongVersion, "'\(path)' starts '\(program)', not '\(executable)'")
      }
    case .copy:
      if try !HookStep.isCurrent(path, executable: executable, permissions: nil) {
        return fault(.wrongVersion, "'\(path)' is another version of '\(executable)'")
      }
    }
    guard try path.status()?.isExecutable == true else {
      return fault(
        .notExecutable, "git ignores '\(path)': it is not executable", repair: "chmod +x \(shellQuoted(path))")
    }
    return nil
  }

  /// A foreign hook under a name that was ours, as the kept one beside it or our own under a new name shows.
  private func faultOfReplaced(
    _ hook: HookName, at path: FilePath, in directory: HooksDirectory
  ) throws(SystemError) -> Fault {
    let kept = HookName.chained(beside: path)
    let writer = HookManager(markedIn: (try? path.contents()) ?? []).map { $0.rawValue } ?? "somebody else"
    var wasOurs = try kept.status() != nil
    for suffix in [".old", ".legacy"] where !wasOurs {
      wasOurs = try HookFile(at: FilePath(path.bytes + Array(suffix.utf8)), hook: hook).isOurs
    }
    let step = try HookStep.decide(
      hook, in: directory.path, executable: executables.executable(of: hook), permissions: 0o755)
    var repair = "preflight install"
    if case .failure = step { repair = "mv \(shellQuoted(path)) \(shellQuoted(kept)) && preflight install" }
    return Fault(
      wasOurs ? .hookReplaced : .hookMissing,
      wasOurs ? "'\(path)' was replaced by \(writer)" : "'\(path)' is a hook of \(writer), and ours is not beside it",
      repair: repair, in: directory.worktree, hook: hook)
  }

  private func faultOfForeignFile(
    _ hook: HookName, at path: FilePath, in directory: HooksDirectory
  ) throws(SystemError) -> Fault? {
    guard let status = try path.targetStatus() else {
      return directory.isFilePerHook && directory.standing != .managed(.husky)
        ? nil  // there is nothing to start ours from: said once for all hooks
        : Fault(
          .hookMissing, "there is no '\(path)'", repair: directory.installCommand, in: directory.worktree, hook: hook)
    }
    guard status.isExecutable else {
      return Fault(
        .notExecutable, "git ignores '\(path)': it is not executable", repair: "chmod +x \(shellQuoted(path))",
        in: directory.worktree, hook: hook)
    }
    return nil
  }

  /// One fault for all the hooks that nothing here starts.
  func gatherMissingLines(_ directory: HooksDirectory, _ result: inout Diagnosis) {
    guard let snippet = directory.snippet else { return }
    let missing = HookName.allCases.filter { !directory.names($0) }
    guard !missing.isEmpty else { return }
    let names = missing.map { "'preflight hook \($0)'" }.joined(separator: ", ")
    var repair = "preflight install"  // prints what to paste into the configuration
    if snippet.kind == .commands { repair = "cd \(shellQuoted(directory.worktree))\n\(snippet.text)" }
    result.faults.append(
      Fault(
        .lineMissing, "nothing in '\(snippet.place)' runs \(names)", repair: repair, in: directory.worktree))
  }

  /// Whether firing a hook starts ours and nothing of the project's: another manager's scripts are run only where our line
  /// is their first command, since ours then ends them.
  func mayFire(_ hook: HookName, in directory: HooksDirectory) -> Bool {
    if directory.mayBeWritten { return true }
    guard directory.isFilePerHook, let commands = directory.commands(of: hook) else { return false }
    return commands.first { !$0.isPreamble }?.position(of: hook) == 0
  }

  /// Has git run the hook; what came of it if not our hook's answer.
  func fire(_ hook: HookName, in directory: HooksDirectory) throws(GitError) -> Fault? {
    let answers: FilePath
    do { answers = try FilePath.temporaryDirectory() } catch { throw GitError(.system(error)) }
    defer { try? answers.removeRecursively() }
    let file = answers / "canary"
    var git = GitCommand(in: directory.worktree, environment: environment)
    git.environment[bytes: Canary.variable] = file.bytes
    var request = git.request(["hook", "run", Argument(hook.rawValue)])
    request.timeout = 10
    request.ownGroup = true
    let result: ProcessResult
    let answer: [UInt8]
    do {
      result = try ChildProcess.run(request)
      answer = try file.contentsIfPresent() ?? []
    } catch { throw GitError(.system(error)) }
    let lines = answer.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) + "\n" }
    guard let line = lines.first else {
      let said = result.error.split(separator: UInt8(ascii: "\n")).last
      let reason = said.map { ": " + String(decoding: $0, as: UTF8.self) } ?? ""
      return Fault(
        .notFired, "git ran \(hook), and ours did not answer\(reason)", repair: directory.installCommand,
        in: directory.worktree, hook: hook)
    }
    guard line == Canary.line(hook, version: version) else {
      let said = line.dropLast()
      return Fault(
        .wrongVersion, "\(hook) answers as '\(said)', and this is \(version)", repair: directory.installCommand,
        in: directory.worktree, hook: hook)
    }
    return nil
  }
}
