import Git
import Inspection
import Landing
import Plan
import PlanFile
import Platform
import TestSupport

/// A repository with a plan on trunk, a bare origin, and the worktrees of two streams; what `preflight` would do beside is
/// counted.
final class LandingHive {
  let repository: TestRepository
  let a: FilePath
  let b: FilePath

  /// - Parameter more: of the plan.
  init(_ more: String = "") throws {
    repository = try TestRepository()
    repository.environment["PREFLIGHT_TRUST"] = "1"
    let plan = """
      [project]
      trunk = "main"
      remote = "origin"
      [sync]
      quiet = "0s"
      \(more.split(separator: "@", omittingEmptySubsequences: false).joined(separator: repository.surroundings.description))
      [streams.a]
      branch = "stream/a"
      issues = [{ id = "T-1", title = "One" }, { id = "T-2", title = "Two", after = ["T-1"] }]
      [streams.b]
      branch = "stream/b"
      issues = [{ id = "T-3", title = "Three", after = ["T-1"] }]
      """
    try repository.commit("chore: plan", ["preflight.toml": plan, "alpha": "1\n", "beta": "1\n", "shared": "1\n"])
    let origin = repository.surroundings / "origin.git"
    try repository.git(["init", "--quiet", "--bare", "--initial-branch=main", Argument(origin)])
    try repository.git(["remote", "add", "origin", Argument(origin)])
    try repository.git(["push", "--quiet", "--set-upstream", "origin", "main"])
    a = try repository.addWorktree("a", branch: "stream/a")
    b = try repository.addWorktree("b", branch: "stream/b")
  }

  var names: TrunkNames { TrunkNames(branch: "main", remote: "origin") }

  func situation(in place: FilePath) throws -> Situation {
    let opened = try repository.open(in: place)
    let source = PlanSource(opened) { text, blob throws(PlanProblem) in
      let document = PlanDocument(text, file: "preflight.toml", rules: [])
      guard let plan = document.plan else { throw .faulty(text: "\(document.faults)", origin: .trunk) }
      return CompiledPlan.encode(plan, sourceID: blob.bytes)
    }
    return try Situation(opened, source: source)
  }

  /// Lines of a file beside the repository, where commands of the plan note what they were run for.
  func noted(_ name: String = "noted") throws -> [String] {
    let bytes = try (repository.surroundings / name).contentsIfPresent() ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// Thrown where a test has somebody die.
struct Killed: Error {}
