import Git
import HookIdentity
import Installation
import Platform
import TestSupport
import Testing

@Suite struct HooksDirectoryTests {
  let repository: TestRepository
  let executables: ExecutableSet

  init() throws {
    repository = try TestRepository()
    try repository.commit("feat: first", ["a.txt": "1\n"])
    executables = try makeExecutables(below: repository.surroundings / "prefix")
  }

  @Test("Without a setting it is the common directory's, for a linked worktree and one with a blank in its path too")
  func standard() throws {
    let linked = try repository.addWorktree("linked tree", branch: "topic")
    for place in [repository.path, linked] {
      let directory = try repository.directory(of: place)
      #expect(directory.path == repository.hooks)
      #expect(directory.standing == .standard)
      #expect(directory.setting == nil)
      #expect(directory.servesFutureWorktrees)
    }
  }

  @Test("An absolute core.hooksPath that is git's own directory is git's own")
  func absoluteDefault() throws {
    try repository.git(["config", "core.hooksPath", Argument(repository.hooks)])
    #expect(try repository.directory().standing == .standard)
  }

  @Test("An empty core.hooksPath is named, and nothing is written for it")
  func empty() throws {
    try repository.git(["config", "core.hooksPath", ""])
    let report = try repository.install(executables)
    #expect(report.armed.isEmpty)
    #expect(report.manual.map(\.standing) == [.empty])
    #expect(!(repository.path / "pre-commit").exists)
  }

  @Test("A tracked directory is never written; the printed commands make its hooks start ours, and twice is once")
  func tracked() throws {
    let linked = try repository.addWorktree("linked", branch: "topic")
    try repository.commit(
      "chore: hooks",
      [
        ".githooks/pre-commit": "#!/bin/sh\nexit 0\n", ".githooks/pre-push": "#!/usr/bin/env node\n",
      ])
    try repository.git(["config", "core.hooksPath", ".githooks"])
    let report = try repository.install(executables)
    #expect(report.armed.isEmpty)
    #expect(report.manual.map(\.standing) == [.tracked, .tracked])
    #expect(report.manual.map(\.path) == [repository.path / ".githooks", linked / ".githooks"])
    #expect(try repository.git(["status", "--porcelain"]) == "")
    let snippet = try #require(report.manual[0].snippet)
    #expect(snippet.place == ".githooks")
    #expect(snippet.kind == .commands)
    for _ in 1...2 { #expect(try repository.attempt("sh", ["-c", Argument(snippet.text)]).status == 0) }
    #expect(
      try repository.read(".githooks/pre-commit") == "#!/bin/sh\npreflight hook pre-commit \"$@\" || exit\nexit 0\n")
    #expect(try repository.read(".githooks/pre-push") == "#!/usr/bin/env node\n")
    #expect(try repository.read(".githooks/commit-msg") == "#!/bin/sh\npreflight hook commit-msg \"$@\" || exit\n")
    let result = try repository.attempt(
      "git", ["commit", "--allow-empty", "-m", "bad"], environment: ["PATH": pathWithPreflight])
    #expect(result.status == 1)
    #expect(try repository.fired().last?.contains("managed=1") == true)
  }

  @Test("A directory that would be tracked with the next 'git add' counts as tracked")
  func notYetTracked() throws {
    try repository.git(["config", "core.hooksPath", ".githooks"])
    let directory = try repository.directory()
    #expect(directory.standing == .tracked)
    let snippet = try #require(directory.snippet)
    #expect(try repository.attempt("sh", ["-c", Argument(snippet.text)]).status == 0)
    #expect((repository.path / ".githooks/post-commit").canBeExecuted)
  }

  @Test("An ignored directory of each worktree is armed in each, and doctor knows that later ones are not")
  func ignoredRelative() throws {
    try repository.commit("chore: ignore", [".gitignore": ".local-hooks/\n"])
    let linked = try repository.addWorktree("linked", branch: "topic")
    try repository.git(["config", "core.hooksPath", ".local-hooks"])
    let report = try repository.install(executables, in: linked)
    #expect(report.armed.map(\.path) == [repository.path / ".local-hooks", linked / ".local-hooks"])
    #expect(report.armed.allSatisfy { $0.standing == .untracked && !$0.servesFutureWorktrees })
    for place in [repository.path, linked] {
      #expect(try repository.attempt("git", ["commit", "--allow-empty", "-m", "bad"], in: place).status == 1)
    }
    let diagnosis = try repository.examine(executables)
    #expect(diagnosis.faults.isEmpty, "\(diagnosis.faults)")
    #expect(diagnosis.notes.contains { $0.contains("'.local-hooks'") })
    _ = try repository.addWorktree("late", branch: "late")
    let later = try repository.examine(executables)
    #expect(later.faults.map(\.kind) == [.directoryMissing])
    _ = try repository.uninstall()
    #expect(!(repository.path / ".local-hooks").exists && !(linked / ".local-hooks").exists)
  }

  @Test("A directory outside of every working tree that is ours is armed")
  func outside() throws {
    let place = repository.surroundings / "my hooks"
    try place.createDirectories()
    try repository.git(["config", "core.hooksPath", Argument(place)])
    #expect(try repository.install(executables).armed.map(\.path) == [place])
    #expect(try repository.attempt("git", ["commit", "--allow-empty", "-m", "bad"]).status == 1)
  }

  @Test("What the user's configuration names is shared with other repositories and never written")
  func global() throws {
    let global = repository.surroundings / "home/gitconfig"
    let place = repository.surroundings / "everywhere"
    try place.createDirectories()
    repository.environment[bytes: "GIT_CONFIG_GLOBAL"] = global.bytes
    try repository.git(["config", "--global", "core.hooksPath", Argument(place)])
    let report = try repository.install(executables)
    #expect(report.armed.isEmpty)
    #expect(report.manual.map(\.standing) == [.shared])
    #expect(report.manual[0].setting?.scope == "global")
    #expect(try place.entries().isEmpty)
    #expect(report.manual[0].snippet?.text.contains(place.description) == true)
  }

  @Test("Another repository's directory is never written")
  func otherRepository() throws {
    let other = try TestRepository()
    try repository.git(["config", "core.hooksPath", Argument(other.hooks)])
    #expect(try repository.directory().standing == .shared)
  }

  @Test("A worktree's own core.hooksPath counts there alone")
  func worktreeScope() throws {
    let linked = try repository.addWorktree("linked", branch: "topic")
    try repository.git(["config", "extensions.worktreeConfig", "true"])
    let own = repository.surroundings / "own hooks"
    try repository.git(["config", "--worktree", "core.hooksPath", Argument(own)], in: linked)
    let report = try repository.install(executables)
    #expect(report.armed.map(\.path) == [repository.hooks, own])
    #expect(report.armed[1].setting?.scope == "worktree")
    for place in [repository.path, linked] {
      #expect(try repository.attempt("git", ["commit", "--allow-empty", "-m", "bad"], in: place).status == 1)
    }
  }

  @Test("Beside husky 9 the printed commands put ours first, and a bad message is refused wherever husky runs")
  func husky() throws {
    try repository.installHusky(tracked: ["commit-msg": "echo project >>\"$HOME/fired\"\n"])
    try repository.git(["add", "--all"])
    try repository.git(["commit", "--quiet", "--no-verify", "-m", "chore: husky"])
    let linked = try repository.addWorktree("linked", branch: "topic")
    let before = try repository.snapshot(repository.path / ".husky")
    let report = try repository.install(executables)
    #expect(report.armed.isEmpty)
    #expect(report.manual.map(\.standing) == [.managed(.husky), .managed(.husky)])
    #expect(try repository.snapshot(repository.path / ".husky") == before)

    let snippet = try #require(report.manual[0].snippet)
    #expect(snippet.place == ".husky")
    for place in [repository.path, linked] {
      for _ in 1...2 { #expect(try repository.attempt("sh", ["-c", Argument(snippet.text)], in: place).status == 0) }
    }
    #expect(
      try repository.read(".husky/commit-msg") == "preflight hook commit-msg \"$@\"\necho project >>\"$HOME/fired\"\n")
    try repository.installHusky(tracked: [:], in: linked)  // what 'npm install' does in a new worktree
    for place in [repository.path, linked] {
      let result = try repository.attempt(
        "git", ["commit", "--allow-empty", "-m", "bad"], in: place, environment: ["PATH": pathWithPreflight])
      #expect(result.status == 1)
      #expect(try !repository.fired().contains("project"))
    }
    repository.environment["PATH"] = pathWithPreflight
    let diagnosis = try repository.examine(executables)
    #expect(diagnosis.faults.isEmpty, "\(diagnosis.faults)")
    #expect(diagnosis.places.flatMap(\.hooks).allSatisfy { $0.firing == .proven })
    #expect(try repository.fired().isEmpty)
  }

  @Test(
    "lefthook and prek in a directory of core.hooksPath are known by what they write",
    arguments: [
      ("call_lefthook run \"pre-commit\" \"$@\"\n", HookManager.lefthook),
      ("# File generated by prek: https://github.com/j178/prek\n", HookManager.prek),
      ("# File generated by pre-commit: https://pre-commit.com\n", HookManager.preCommit),
    ])
  func otherManagers(text: String, manager: HookManager) throws {
    let place = repository.surroundings / "managed"
    try repository.write(FilePath("pre-commit"), Array("#!/bin/sh\n\(text)".utf8), in: place)
    try repository.git(["config", "core.hooksPath", Argument(place)])
    let directory = try repository.directory()
    #expect(directory.standing == .managed(manager))
    let snippet = try #require(directory.snippet)
    #expect(snippet.kind == .configuration)
    for hook in HookName.allCases { #expect(snippet.text.contains("preflight hook \(hook)")) }
  }

  private var pathWithPreflight: String {
    "\(executables.program.parent):\(repository.environment["PATH"] ?? "")"
  }
}
