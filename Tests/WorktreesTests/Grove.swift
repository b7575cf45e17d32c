import Checks
import Git
import Plan
import Platform
import TestSupport

@testable import Worktrees

/// A repository with a bare origin and a plan of streams that nobody has begun: `a`, `b` and, on top of `a`, `c`.
final class Grove {
  let repository: TestRepository
  let origin: FilePath
  var plan = Plan()
  let names = TrunkNames(branch: "main", remote: "origin")

  /// - Parameter directory: where the worktrees are to be, relative to the main one.
  init(in directory: String = "../the trées") throws {
    repository = try TestRepository()
    repository.environment["PREFLIGHT_TRUST"] = "1"
    origin = repository.surroundings / "origin.git"
    try repository.commit(
      "feat: start", ["file": "1\n", "deep/er": "2\n", ".gitignore": "*.log\n.env\n", "link": "3\n", "src/x y": "4\n"])
    try repository.git(["init", "--quiet", "--bare", "--initial-branch=main", Argument(origin)])
    try repository.git(["remote", "add", "origin", Argument(origin)])
    try repository.git(["push", "--quiet", "origin", "main"])
    plan.worktree.directory = directory
    plan.streams = ["a", "b", "c"].map { id in
      var stream = Plan.Stream()
      (stream.id, stream.name, stream.branch, stream.directory) = (id, id.uppercased(), "topic/\(id)", "tree \(id)")
      return stream
    }
    plan.streams[2].base = "a"
  }

  func place(_ id: String) -> FilePath {
    repository.path.appending(plan.worktree.directory).appending("tree \(id)").normalized
  }

  func layout(_ place: FilePath? = nil) throws -> RepositoryLayout {
    try RepositoryLayout(around: place ?? repository.path)
  }

  func trust() throws -> Trust { try Trust.load(for: layout(), environment: repository.environment) }

  func making(fetching: Bool = false, isDryRun: Bool = false) throws -> WorktreeMaking {
    var options = WorktreeMaking.Options()
    (options.fetches, options.isDryRun) = (fetching, isDryRun)
    return WorktreeMaking(
      try layout(), environment: repository.environment, plan: plan, names: names, trust: try trust(), options: options)
  }

  /// Makes the worktrees of these streams, of all by default.
  @discardableResult
  func up(_ ids: String..., fetching: Bool = false, isDryRun: Bool = false) throws -> MakingReport {
    let streams = ids.isEmpty ? plan.streams : plan.streams.filter { ids.contains($0.id) }
    return try making(fetching: fetching, isDryRun: isDryRun).run(streams)
  }

  /// All that a second making could spoil: refs, and every file with the time of its last write.
  func snapshot() throws -> [String] {
    var lines = [try repository.git(["for-each-ref"])]
    for stream in plan.streams {
      guard let layout = try? layout(place(stream.id)), let top = layout.workTree else { continue }
      lines.append(try repository.git(["--no-optional-locks", "status", "--porcelain=v2", "--branch"], in: top))
      try Self.list(top, &lines)
      try Self.list(layout.gitDirectory, &lines)
    }
    return lines
  }

  private static func list(_ directory: FilePath, _ lines: inout [String]) throws {
    for name in try directory.entries() {
      let path = directory.appending(name.bytes)
      guard let status = try path.status() else { continue }
      // Locks say who held them.
      if !name.description.hasSuffix(".lock"), !status.isDirectory { lines.append("\(path) \(status.modified)") }
      if status.isDirectory { try list(path, &lines) }
    }
  }
}

extension MakingReport {
  subscript(id: String) -> Entry { entries.first { $0.site.stream.id == id }! }  // a test asks for what it made
}
