import Git
import HookIdentity
import Platform
import Reporting

/// What a hook decided.
public enum HookVerdict: Int32, Sendable {
  case passed = 0
  case refused = 1
}

/// Runs one of our hooks from its start to its exit status.
///
/// 0: clean; 1: findings; 2: could not work. A hook that follows its operation always exits with 0: it cannot undo it.
public func runHook(_ hook: HookName, _ body: (HookInvocation) throws -> HookVerdict) -> Never {
  ignoreBrokenPipes()
  // `exit` runs no deinit: all handles are inside `status`, which has returned by then.
  CurrentProcess.exit(status(of: hook, body))
}

private func status(of hook: HookName, _ body: (HookInvocation) throws -> HookVerdict) -> Int32 {
  let environment = Environment.current
  if Canary.answer(hook, version: preflightVersion, environment: environment) { return Canary.exitStatus }
  do {
    let invocation = try HookInvocation(
      hook, commandLine: CommandLine.arguments, environment: environment, directory: FilePath.currentDirectory())
    if invocation.isOurOwnDoing { return invocation.runChained() ?? 0 }
    return try invocation.isRehearsal ? rehearse(invocation, body) : run(invocation, body)
  } catch {
    Printer(.error).print("preflight: error: \(String(describing: error))")
    return hook.isAfterwards ? 0 : 2
  }
}

private func run(_ invocation: HookInvocation, _ body: (HookInvocation) throws -> HookVerdict) throws -> Int32 {
  if invocation.hook.isAfterwards {
    // What was there before must run even where we cannot.
    do { _ = try body(invocation) } catch { Printer(.error).print("preflight: \(String(describing: error))") }
    follow(invocation)
    invocation.startNotices()
    _ = invocation.runChained()
    return 0
  }
  follow(invocation)
  let verdict = try body(invocation)
  guard verdict == .passed else { return verdict.rawValue }
  invocation.startNotices()
  guard invocation.chained != nil else { return 0 }
  let before = indexStamp(invocation)
  if let status = invocation.runChained(), status != 0 { return status }
  // A formatter that stages what it changed has made another commit of it.
  guard invocation.hook == .preCommit, indexStamp(invocation) != before else { return 0 }
  return try body(invocation).rawValue
}

private func rehearse(_ invocation: HookInvocation, _ body: (HookInvocation) throws -> HookVerdict) throws -> Int32 {
  try TrunkFollow(invocation).run()
  invocation.mark("has trunk moved?")
  _ = try body(invocation)
  try invocation.timing?.write()
  return 0
}

/// Trunk also moves where no hook fires (a fetch, a merge button): whoever comes next brings the others along, even where
/// it is refused afterwards. That is no reason to fail what git is about to do.
private func follow(_ invocation: HookInvocation) {
  do { try TrunkFollow(invocation).run() } catch {
    Printer(.error, environment: invocation.environment).print("preflight: \(String(describing: error))")
  }
}

private func indexStamp(_ invocation: HookInvocation) -> FileStatus? {
  (try? invocation.layout().indexFile.status()) ?? nil
}
