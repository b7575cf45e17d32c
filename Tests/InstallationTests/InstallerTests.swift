import Git
import HookIdentity
import Installation
import Plan
import Platform
import TestSupport
import Testing

@Suite struct InstallerTests {
  let repository: TestRepository
  let executables: ExecutableSet

  init() throws {
    repository = try TestRepository()
    try repository.commit("feat: first", ["a.txt": "1\n"])
    executables = try makeExecutables(below: repository.surroundings / "prefix")
  }

  @Test("An installed hook is one line that starts the executable")
  func oneLine() throws {
    let report = try repository.install(executables)
    #expect(report.changes.count == 9)
    for hook in HookName.allCases {
      let file = repository.hooks / hook.rawValue
      let line = String(decoding: try file.contents(), as: UTF8.self)
      #expect(line == "#!\(executables.executable(of: hook))\n")
      #expect(try file.status()?.permissions == 0o755)
    }
    #expect(try repository.git(["config", "preflight.trunk"]) == "refs/heads/main")
    #expect(try repository.git(["config", "preflight.program"]) == executables.program.description)
  }

  @Test("A second run changes nothing, byte for byte")
  func idempotent() throws {
    try repository.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n")
    try (repository.hooks / "pre-commit").setPermissions(0o700)
    _ = try repository.install(executables)
    let before = try repository.snapshot(repository.path / ".git")
    let report = try repository.install(executables)
    #expect(report.changes.isEmpty)
    #expect(try repository.snapshot(repository.path / ".git") == before)
  }

  @Test("Hooks fire in the main worktree, in one that was there and in one made afterwards")
  func everyWorktree() throws {
    let early = try repository.addWorktree("early tree", branch: "early")
    _ = try repository.install(executables, in: early)
    let late = try repository.addWorktree("late", branch: "late")
    for place in [repository.path, early, late] {
      let good = try repository.attempt("git", ["commit", "--allow-empty", "-m", "good"], in: place)
      #expect(good.status == 0, "\(good.standardError)")
      let bad = try repository.attempt("git", ["commit", "--allow-empty", "-m", "bad"], in: place)
      #expect(bad.status == 1)
      #expect(bad.standardError == "refused\n")
      let names = try repository.fired().map { $0.prefix { $0 != " " } }
      #expect(names == ["pre-commit", "commit-msg", "post-commit", "pre-commit", "commit-msg"])
    }
  }

  @Test("A hook that was there runs after ours, and a plain uninstall puts every byte and mode back")
  func chained() throws {
    let old = "#!/bin/sh\necho old \"$@\" >>\"$HOME/fired\"\n# \u{e9}\r\n"
    try repository.write(".git/hooks/commit-msg", old)
    try (repository.hooks / "commit-msg").setPermissions(0o711)
    try (repository.hooks / "post-merge").createLink(to: "elsewhere")
    let before = try repository.snapshot(repository.path / ".git")
    let report = try repository.install(executables)
    let kept = HookName.chained(beside: repository.hooks / "commit-msg")
    #expect(report.changes.contains(.kept(repository.hooks / "commit-msg", as: kept)))
    #expect(try kept.status()?.permissions == 0o711)

    try repository.git(["commit", "--quiet", "--allow-empty", "-m", "good"])
    let fired = try repository.fired()
    #expect(fired.contains("old .git/COMMIT_EDITMSG"))

    let undone = try repository.uninstall()
    #expect(undone.changes.contains(.restored(repository.hooks / "commit-msg")))
    #expect(undone.left.isEmpty)
    var after = try repository.snapshot(repository.path / ".git")
    for name in Set(after.keys).subtracting(before.keys) {  // the commit in between
      #expect(name.hasPrefix("objects/") || name == "COMMIT_EDITMSG")
      after[name] = nil
    }
    for file in ["hooks/commit-msg", "hooks/post-merge", "config"] { #expect(after[file] == before[file]) }
    #expect(after.keys.allSatisfy { !$0.hasPrefix("preflight") && !$0.hasSuffix("preflight-chained") })
  }

  @Test("A hook that git ignored for want of its executable bit stays ignored")
  func chainedWithoutBit() throws {
    try repository.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n")
    _ = try repository.install(executables)
    let kept = HookName.chained(beside: repository.hooks / "pre-commit")
    #expect(try kept.status()?.permissions == 0o644)
    #expect(try repository.attempt("git", ["commit", "--allow-empty", "-m", "good"]).status == 0)
  }

  @Test("Two foreign hooks under one name are both named, and nothing is changed")
  func twoForeignHooks() throws {
    try repository.write(".git/hooks/pre-push", "#!/bin/sh\necho new\n")
    try repository.write(".git/hooks/pre-push.preflight-chained", "#!/bin/sh\necho earlier\n")
    let before = try repository.snapshot(repository.path / ".git")
    let error = #expect(throws: InstallationError.self) { try repository.install(executables) }
    guard case .obstructed(let obstacles)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(obstacles.map(\.path) == [repository.hooks / "pre-push"])
    #expect(obstacles[0].text.contains("'pre-push.preflight-chained'"))
    #expect(try repository.snapshot(repository.path / ".git") == before)
  }

  @Test("A manager that wrote the kept hook again is taken off the name again")
  func rewrittenByManager() throws {
    try repository.write(".git/hooks/pre-commit", "#!/bin/sh\ncall_lefthook run pre-commit\n")
    _ = try repository.install(executables)
    try repository.write(".git/hooks/pre-commit", "#!/bin/sh\ncall_lefthook run pre-commit\n")
    #expect(try repository.install(executables).changes == [.wrote(repository.hooks / "pre-commit")])
  }

  @Test("An older form of our own hook is replaced and not kept")
  func olderForm() throws {
    try repository.write(".git/hooks/pre-commit", "#!/somewhere/older/pre-commit\n")
    _ = try repository.install(executables)
    #expect(try HookFile(at: repository.hooks / "pre-commit", hook: .preCommit).isOurs)
    #expect(!HookName.chained(beside: repository.hooks / "pre-commit").exists)
  }

  @Test(
    "Where a kernel would cut the path the hook is the executable itself",
    arguments: ["with a blank", String(repeating: "long", count: 30)])
  func copy(directory: String) throws {
    let executables = try makeExecutables(below: repository.surroundings / directory)
    _ = try repository.install(executables)
    let file = repository.hooks / "commit-msg"
    #expect(try file.contents() == executables.executable(of: .commitMsg).contents())
    #expect(try file.status()?.inode == executables.executable(of: .commitMsg).status()?.inode)
    #expect(try !file.status()!.isSymbolicLink)
  }

  @Test("A copy is known as ours in whichever version, and a second run leaves it alone")
  func copyAgain() throws {
    let executables = try makeExecutables(below: repository.surroundings / "with a blank")
    for hook in HookName.allCases {
      let binary = try FilePath("/bin/true").contents() + Array("PREFLIGHT_CANARY \(hook)".utf8)
      try executables.executable(of: hook).write(binary, permissions: 0o755)
    }
    _ = try repository.install(executables)
    #expect(try repository.install(executables).changes.isEmpty)
    let newer = try FilePath("/bin/true").contents() + Array("PREFLIGHT_CANARY newer".utf8)
    try executables.executable(of: .preCommit).write(newer, permissions: 0o755)
    #expect(try repository.install(executables).changes == [.wrote(repository.hooks / "pre-commit")])
    #expect(try (repository.hooks / "pre-commit").contents() == newer)
    _ = try repository.uninstall()
    #expect(!(repository.hooks / "pre-commit").exists)
  }

  @Test(
    "Hooks are as accessible as core.sharedRepository wants",
    arguments: [("group", 0o775), ("all", 0o775), ("0640", 0o750), ("umask", 0o755)] as [(String, UInt32)])
  func sharedRepository(setting: String, permissions: UInt32) throws {
    try repository.git(["config", "core.sharedRepository", Argument(setting)])
    _ = try repository.install(executables)
    #expect(try (repository.hooks / "pre-commit").status()?.permissions == permissions)
    #expect(try repository.install(executables).changes.isEmpty)
  }

  @Test("Trunk and remote are the plan's before what the repository looks like")
  func trunkOfPlan() throws {
    var plan = Plan()
    plan.project.trunk = "develop"
    plan.project.remote = "upstream"
    let installer = Installer(try repository.open(), executables: executables, environment: repository.environment)
    let report = try installer.install(plan: plan)
    #expect(report.trunk == TrunkNames(branch: "develop", remote: "upstream"))
    #expect(try repository.git(["config", "preflight.trunk"]) == "refs/heads/develop")
    #expect(try repository.git(["config", "preflight.remote"]) == "upstream")
  }

  @Test("A value that somebody had set before comes back with uninstall")
  func earlierValue() throws {
    try repository.git(["config", "preflight.program", "/mine"])
    let before = try repository.read(".git/config")
    _ = try repository.install(executables)
    let report = try repository.uninstall()
    #expect(report.changes.contains(.configured(key: "preflight.program", value: "/mine")))
    #expect(try repository.read(".git/config") == before)
  }

  @Test("Without a directory for hooks one is made, and taken away again")
  func madeDirectory() throws {
    try repository.hooks.removeRecursively()
    _ = try repository.install(executables)
    #expect((repository.hooks / "pre-commit").exists)
    _ = try repository.uninstall()
    #expect(!repository.hooks.exists)
  }

  @Test("A foreign hook that took the name meanwhile stays, and so does what was kept")
  func takenName() throws {
    try repository.write(".git/hooks/pre-commit", "#!/bin/sh\necho first\n")
    _ = try repository.install(executables)
    try repository.write(".git/hooks/pre-commit", "#!/bin/sh\necho second\n")
    let report = try repository.uninstall()
    #expect(report.left == [HookName.chained(beside: repository.hooks / "pre-commit")])
    #expect(try repository.read(".git/hooks/pre-commit") == "#!/bin/sh\necho second\n")
  }

  @Test("Uninstalling keeps the tips from before each sync and names their refs")
  func undoReferences() throws {
    _ = try repository.install(executables)
    try repository.git(["update-ref", "refs/preflight/undo/1/topic", "HEAD"])
    #expect(try repository.uninstall().undoReferences == ["refs/preflight/undo/1/topic"])
    #expect(try repository.git(["for-each-ref", "--format=%(refname)", "refs/preflight"]) != "")
  }

  @Test("A bare repository and its worktrees have one directory of hooks")
  func bareRepository() throws {
    let bare = try TestRepository(cloning: repository, name: "hub.git", options: ["--bare"])
    let place = repository.surroundings / "from bare"
    try bare.git(["worktree", "add", "--quiet", "-b", "topic", Argument(place)])
    let report = try bare.install(executables, in: place)
    #expect(report.armed.map(\.path) == [bare.path / "hooks"])
    #expect(try repository.attempt("git", ["commit", "--allow-empty", "-m", "bad"], in: place).status == 1)
  }
}
