import Git
import HookIdentity
import Installation
import Plan
import Platform
import TestSupport
import Testing

@Suite struct DoctorTests {
  let repository: TestRepository
  let linked: FilePath
  let executables: ExecutableSet

  init() throws {
    repository = try TestRepository()
    try repository.commit("feat: first", ["a.txt": "1\n"])
    linked = try repository.addWorktree("linked tree", branch: "topic")
    executables = try makeExecutables(below: repository.surroundings / "prefix")
    _ = try repository.install(executables)
  }

  /// Pastes each fault's repair, in which `preflight install` is the installer itself, and examines again.
  private func faultsAfterRepair(_ diagnosis: Diagnosis, plan: PlanReading = .absent) throws -> [Fault] {
    for fault in diagnosis.faults {
      var command = fault.repair
      let installs = command.hasSuffix("preflight install")
      if installs { command.removeLast("preflight install".count) }
      if command.hasSuffix(" && ") { command.removeLast(4) }
      let outcome = try repository.attempt("sh", ["-c", Argument(command)])
      #expect(outcome.status == 0, "\(fault.repair): \(outcome.standardError)")
      if installs { _ = try repository.install(executables) }
    }
    return try repository.examine(executables, plan: plan).faults
  }

  @Test("An armed repository has no fault: every hook of every worktree answers the canary and runs nothing else")
  func healthy() throws {
    let diagnosis = try repository.examine(executables, in: linked)
    #expect(diagnosis.faults.isEmpty, "\(diagnosis.faults)")
    #expect(diagnosis.places.map(\.worktree.path) == [repository.path, linked])
    for place in diagnosis.places {
      #expect(place.hooks.map(\.hook) == HookName.allCases)
      #expect(place.hooks.allSatisfy { $0.firing == .proven })
    }
    #expect(diagnosis.trunk?.branch == "refs/heads/main")
    #expect(try repository.fired().isEmpty)
  }

  @Test("Without an installation it says so once, and what is missing in each worktree")
  func notInstalled() throws {
    _ = try repository.uninstall()
    let diagnosis = try repository.examine(executables)
    #expect(diagnosis.faults.first?.kind == .notInstalled)
    #expect(diagnosis.faults.filter { $0.kind == .hookMissing }.count == 12)
    #expect(try faultsAfterRepair(diagnosis).isEmpty)
  }

  @Test(
    "Whatever keeps a hook from firing is named, and the printed command mends it",
    arguments: [
      ("chmod -x .git/hooks/pre-push", Fault.Kind.notExecutable),
      ("rm .git/hooks/commit-msg", .hookMissing),
      ("rm -r .git/hooks", .directoryMissing),
      ("printf '#!/gone/commit-msg\\n' >.git/hooks/commit-msg", .programMissing),
      ("printf '#!/bin/sh\\ncall_lefthook\\n' >.git/hooks/post-merge", .hookMissing),
      ("mv .git/hooks/pre-commit .git/hooks/pre-commit.old; echo lefthook >.git/hooks/pre-commit", .hookReplaced),
      ("git config core.hooksPath ''", .hooksPathEmpty),
      ("git config core.bare true", .bareWithWorkTree),
      ("touch -d '2 minutes ago' .git/packed-refs.lock", .lockLeft),
      ("touch -d '2 minutes ago' .git/refs/heads/main.lock $(echo .git/worktrees/*)/index.lock", .lockLeft),
      ("git config preflight.program /gone", .programMissing),
      ("git config --unset preflight.program", .notInstalled),
    ] as [(String, Fault.Kind)])
  func mended(damage: String, kind: Fault.Kind) throws {
    #expect(try repository.attempt("sh", ["-c", Argument(damage)]).status == 0)
    let diagnosis = try repository.examine(executables, in: linked)
    #expect(diagnosis.faults.contains { $0.kind == kind }, "\(diagnosis.faults)")
    #expect(diagnosis.faults.allSatisfy { $0.kind == kind }, "\(diagnosis.faults)")
    #expect(try faultsAfterRepair(diagnosis).isEmpty)
  }

  @Test("A lock of just now is a git's at work, and one that a sync has left goes with the next command")
  func locksOfTheLiving() throws {
    try repository.write(".git/packed-refs.lock", "")
    try repository.write(".git/index.lock", "preflight sync 1-2\n")
    try (repository.path / ".git/index.lock").setModified(Clock.nowInNanoseconds() - 3600 * 1_000_000_000)
    #expect(try repository.examine(executables).faults == [])
  }

  @Test("A hook of another manager over one that is kept already is named with its writer")
  func replacedBySecond() throws {
    try repository.write(".git/hooks/pre-commit.preflight-chained", "#!/bin/sh\necho first\n")
    try repository.write(".git/hooks/pre-commit", "#!/bin/sh\ncall_lefthook run\n")
    let diagnosis = try repository.examine(executables)
    #expect(Set(diagnosis.faults.map(\.kind)) == [.hookReplaced])
    #expect(diagnosis.faults[0].text.hasSuffix("was replaced by lefthook"))
    #expect(diagnosis.places[0].hooks[0].firing == .silent)
  }

  @Test("Hooks that start another installation, and executables that answer with another version, are not ours")
  func versions() throws {
    let other = try makeExecutables(below: repository.surroundings / "other", version: "2.0.0")
    let elsewhere = try repository.examine(other).faults
    #expect(Set(elsewhere.map(\.kind)) == [.wrongVersion])
    #expect(elsewhere.count == 13)
    _ = try repository.install(other)
    let outdated = try repository.examine(other).faults
    #expect(outdated.map(\.text).first == "pre-commit answers as 'preflight pre-commit 2.0.0', and this is 1.0.0")
  }

  @Test("A hook that git runs and that does not answer has not fired")
  func silent() throws {
    let script = Array("#!/bin/sh\necho broken >&2\nexit 1\n".utf8)
    try executables.executable(of: .postMerge).write(script, permissions: 0o755)
    let faults = try repository.examine(executables).faults
    #expect(Set(faults.map(\.kind)) == [.notFired])
    #expect(faults.map(\.worktree) == [repository.path, linked])
    #expect(faults[0].text == "git ran post-merge, and ours did not answer: broken")
  }

  @Test("Recorded trunk and remote must be the plan's")
  func trunkOfPlan() throws {
    var plan = Plan()
    plan.project.trunk = "topic"
    plan.project.remote = "upstream"
    let diagnosis = try repository.examine(executables, plan: .read(plan))
    #expect(diagnosis.faults.map(\.kind) == [.trunkDiffers, .trunkDiffers])
    #expect(try faultsAfterRepair(diagnosis, plan: .read(plan)).isEmpty)
  }

  @Test("A trunk that is nowhere is a fault")
  func trunkGone() throws {
    try repository.git(["config", "preflight.trunk", "refs/heads/gone"])
    let diagnosis = try repository.examine(executables)
    #expect(diagnosis.faults.map(\.kind) == [.trunkUnresolved])
    #expect(diagnosis.faults[0].text == "there is no 'refs/heads/gone'")
    #expect(try faultsAfterRepair(diagnosis).isEmpty)
  }

  @Test("A plan that cannot be read is a fault, none at all a note")
  func plan() throws {
    let unreadable = try repository.examine(executables, plan: .unreadable("preflight.toml:3:1: unknown key"))
    #expect(unreadable.faults.map(\.kind) == [.planUnreadable])
    #expect(try repository.examine(executables).notes == ["there is no plan: 'preflight init' writes a first one"])
  }

  @Test("Hooks that are defined in git's configuration are listed")
  func configuredHooks() throws {
    try repository.git(["config", "hook.lint.command", "make lint"])
    try repository.git(["config", "hook.lint.event", "pre-commit"])
    let diagnosis = try repository.examine(executables)
    let hook = try #require(diagnosis.configuredHooks.first)
    #expect(hook.name == "lint" && hook.command == "make lint" && hook.events == ["pre-commit"])
    #expect(hook.scope == "local")
  }

  @Test("A worktree that is gone is a note, and a bare repository's worktrees are examined like others")
  func goneAndBare() throws {
    try linked.removeRecursively()
    #expect(try repository.examine(executables).notes.contains { $0.contains("'\(linked)' is gone") })
    let bare = try TestRepository(cloning: repository, name: "hub.git", options: ["--bare"])
    let place = repository.surroundings / "from bare"
    try bare.git(["worktree", "add", "--quiet", "-b", "other", Argument(place)])
    _ = try bare.install(executables)
    let diagnosis = try bare.examine(executables, in: place)
    #expect(diagnosis.faults.isEmpty, "\(diagnosis.faults)")
    #expect(diagnosis.places.map(\.worktree.path) == [place])
  }

  @Test("A worktree in which husky was never set up has no hooks, and the printed command brings them")
  func huskyMissing() throws {
    _ = try repository.uninstall()
    var scripts: [String: String] = [:]
    for hook in HookName.allCases { scripts[hook.rawValue] = "preflight hook \(hook) \"$@\"\nexit 7\n" }
    try repository.installHusky(tracked: scripts)
    try repository.commit("chore: husky", scripts.reduce(into: [:]) { $0[".husky/\($1.key)"] = $1.value })
    try repository.git(["reset", "--quiet", "--hard", "main"], in: linked)
    repository.environment["PATH"] = "\(executables.program.parent):\(repository.environment["PATH"] ?? "")"
    _ = try repository.install(executables)
    let diagnosis = try repository.examine(executables)
    #expect(diagnosis.faults.map(\.kind) == [.directoryMissing])
    #expect(diagnosis.faults[0].worktree == linked)
    #expect(diagnosis.places[1].hooks.allSatisfy { $0.firing == .silent })
    #expect(try faultsAfterRepair(diagnosis).isEmpty)
  }

  @Test("Beside husky a branch from before the line is named, and other people's commands are never started")
  func huskyWithoutLine() throws {
    _ = try repository.uninstall()
    try repository.installHusky(tracked: ["pre-commit": "touch ran\npreflight hook pre-commit\n"])
    _ = try repository.install(executables)
    let diagnosis = try repository.examine(executables)
    let fault = try #require(diagnosis.faults.first { $0.kind == .lineMissing })
    #expect(fault.text.hasPrefix("nothing in '.husky' runs 'preflight hook commit-msg', 'preflight hook pre-push'"))
    #expect(diagnosis.places[0].hooks.map(\.firing).prefix(2) == [.unproven, .silent])
    #expect(!(repository.path / "ran").exists)
    #expect(try repository.attempt("sh", ["-c", Argument(fault.repair)]).status == 0)
    #expect(try !repository.examine(executables).faults.contains { $0.kind == .lineMissing })
  }
}
