import Foundation
import Git
import Platform
import TestSupport
import Testing

/// Two planned streams in worktrees, a bare origin, hooks armed, and commands of the plan that note what they are told in
/// `told` beside the repository.
final class TrainHive {
  let repository: TestRepository
  let a: FilePath
  let b: FilePath
  let origin: FilePath

  /// Of a plan: what follows a sync that brings another lock file, once and in each worktree.
  static let afterLockFile = """
    [[after-sync]]
    paths = ["package-lock.json"]
    run = ["@/tell", "install"]
    [[after-sync]]
    paths = ["package-lock.json"]
    run = ["@/tell", "rebuild", "{stream}"]
    where = "each"
    """

  /// - Parameter more: of the plan.
  init(_ more: String = "") throws {
    repository = try TestRepository()
    origin = repository.surroundings / "origin.git"
    a = repository.surroundings / "a"
    b = repository.surroundings / "b"
    let products = try BuiltProducts.directory().description
    repository.environment["PATH"] = products + ":" + (repository.environment["PATH"] ?? "")
    repository.environment["PREFLIGHT_TRUST"] = "1"
    let plan = """
      [project]
      trunk = "main"
      remote = "origin"
      issue-prefix = ["T"]
      [sync]
      quiet = "0s"
      [worktree]
      dir = ".."
      \(more.replacingOccurrences(of: "@", with: repository.surroundings.description))
      [streams.a]
      name = "Alpha"
      branch = "stream/a"
      dir = "a"
      files = ["alpha/**"]
      issues = [{ id = "T-1", title = "One" }, { id = "T-2", title = "Two", after = ["T-1"] }]
      [streams.b]
      name = "Beta"
      branch = "stream/b"
      dir = "b"
      files = ["beta/**"]
      issues = [{ id = "T-3", title = "Three", after = ["T-1"] }]
      """
    try repository.write("../tell", "#!/bin/sh\necho \"$@\" >> '\(repository.surroundings)/told'\n")
    try (repository.surroundings / "tell").setPermissions(0o755)
    try repository.commit(
      "chore: plan", ["preflight.toml": plan, "alpha/x": "1\n", "beta/y": "1\n", "shared": "1\n"])
    try repository.git(["init", "--quiet", "--bare", "--initial-branch=main", Argument(origin)])
    try repository.git(["remote", "add", "origin", Argument(origin)])
    try repository.git(["push", "--quiet", "--set-upstream", "origin", "main"])
    try repository.addWorktree("a", branch: "stream/a")
    try repository.addWorktree("b", branch: "stream/b")
    let outcome = try preflight("install", in: repository.path)
    try #require(outcome.status == 0, "\(outcome)")
  }

  func preflight(
    _ arguments: Argument..., in place: FilePath? = nil, environment: [String: String] = [:]
  ) throws -> CommandOutcome {
    try repository.attempt(
      BuiltProducts.executable("preflight"), arguments, in: place ?? a, environment: environment)
  }

  /// Through the hooks, as people do it.
  func commit(_ message: String, _ file: String, _ contents: String, in place: FilePath) throws {
    try repository.write(file, contents, in: place)
    try repository.git(["add", "--all"], in: place)
    try repository.git(["commit", "--quiet", "-m", Argument(message)], in: place)
  }

  /// As if it came from elsewhere: no hook of ours has seen it.
  func commitUnseen(_ message: String, _ files: [String: String?], in place: FilePath? = nil) throws {
    repository.environment["PREFLIGHT_DEPTH"] = "1"
    defer { repository.environment["PREFLIGHT_DEPTH"] = nil }
    try repository.commit(message, files, in: place)
  }

  /// What the plan's commands were told, in their order.
  func told() throws -> [String] {
    let bytes = try (repository.surroundings / "told").contentsIfPresent() ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Runs what waits and waits for whoever runs it just now; what `log --queue` then shows.
  func drainedQueue() throws -> String {
    let deadline = Clock.monotonic() + 30
    while true {
      _ = try preflight("log", "--drain")
      let queue = try preflight("log", "--queue").standardOutput
      let isRunning = queue.split(separator: "\n").contains { $0.hasPrefix("waiting") || $0.hasPrefix("running") }
      if !isRunning || Clock.monotonic() > deadline { return queue }
      Clock.sleep(seconds: 0.05)
    }
  }

  /// Waits until what runs beside hooks and commands has come as far.
  func waitUntilTold(_ count: Int) throws -> [String] {
    let deadline = Clock.monotonic() + 30
    while try told().count < count, Clock.monotonic() < deadline { Clock.sleep(seconds: 0.02) }
    // Whoever would be told too much would be so now.
    _ = try preflight("log", "--drain")
    return try told()
  }
}
