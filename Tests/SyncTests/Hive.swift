import Git
import Plan
import Platform
import TestSupport

@testable import StateFiles
@testable import Sync

/// A repository with a file for each stream, and worktrees that stand on `main`.
final class Hive {
  let repository: TestRepository
  var plan = Plan()
  let names = TrunkNames(branch: "main", remote: "origin")

  init(_ streams: String..., options: [Argument] = []) throws {
    repository = try TestRepository(options: options)
    try repository.commit("feat: start", ["shared.txt": "1\n2\n3\n", "src/a.txt": "a\n", ".gitignore": "*.log\n"])
    for stream in streams { try add(stream) }
  }

  @discardableResult
  func add(_ stream: String, in directory: String? = nil) throws -> FilePath {
    try repository.addWorktree(directory ?? stream, branch: stream, from: "main")
  }

  func place(_ stream: String) -> FilePath { repository.surroundings / stream }

  /// A commit of the stream's own.
  @discardableResult
  func commit(_ stream: String, _ files: [String: String]? = nil, message: String? = nil) throws -> ObjectID {
    try repository.commit(message ?? "feat: \(stream)", files ?? ["\(stream).txt": "\(stream)\n"], in: place(stream))
  }

  /// Tests run side by side in one process: a child that another test has just started holds a copy of our lock until it
  /// is a program of its own, so that even a lock that is free may look taken for an instant.
  static var options: SyncRun.Options {
    var options = SyncRun.Options()
    options.wait = 5
    return options
  }

  func layout(_ place: FilePath? = nil) throws -> RepositoryLayout {
    try RepositoryLayout(around: place ?? repository.path)
  }

  func run(in place: FilePath? = nil, environment: Environment? = nil) -> SyncRun {
    run(Self.options, in: place, environment: environment)
  }

  func run(_ options: SyncRun.Options, in place: FilePath? = nil, environment: Environment? = nil) -> SyncRun {
    SyncRun(
      try! layout(place), environment: environment ?? repository.environment, plan: plan, names: names,
      options: options)  // a repository that the test has just made
  }

  @discardableResult
  func sync(in place: FilePath? = nil) throws -> SyncReport { try run(in: place).run() }

  func isOnTrunk(_ branch: String, _ trunk: String = "main") throws -> Bool {
    try repository.attempt("git", ["merge-base", "--is-ancestor", Argument(trunk), Argument(branch)]).status == 0
  }

  /// Everything that a sync must leave as it is where it leaves a worktree alone.
  func fingerprint(_ stream: String) throws -> String {
    let here = place(stream)
    let locks = repository.environment["GIT_OPTIONAL_LOCKS"]
    repository.environment["GIT_OPTIONAL_LOCKS"] = "0"  // looking must not refresh the index
    defer { repository.environment["GIT_OPTIONAL_LOCKS"] = locks }
    return try [
      repository.git(["rev-parse", "HEAD"], in: here),
      repository.git(["status", "--porcelain=v2", "--branch"], in: here),
      repository.git(["ls-files", "--stage"], in: here), repository.git(["stash", "list"], in: here),
      repository.git(["-c", "diff.autoRefreshIndex=false", "diff", "--cached"], in: here),
      repository.git(["-c", "diff.autoRefreshIndex=false", "diff"], in: here),
    ].joined(separator: "\n---\n")
  }
}

extension SyncReport {
  func outcome(_ branch: String) -> Outcome? { entries.first { $0.branch == "refs/heads/\(branch)" }?.outcome }

  func push(_ branch: String) -> PushLease? { entries.first { $0.branch == "refs/heads/\(branch)" }?.push }

  func reason(_ branch: String) -> LeaveReason? {
    if case .left(let reason)? = outcome(branch) { reason } else { nil }
  }

  func move(_ branch: String) -> Moved? {
    if case .moved(let moved)? = outcome(branch) { moved } else { nil }
  }

  func conflict(_ branch: String) -> Conflict? {
    if case .conflict(let conflict, _)? = outcome(branch) { conflict } else { nil }
  }
}
