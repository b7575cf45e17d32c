import Git
import Inspection
import Plan
import PlanFile
import Platform
import Rules
import TestSupport

/// A repository with a plan on trunk, two planned streams in worktrees, and one shared file.
final class TestHive {
  static let plan = """
    [project]
    trunk = "main"
    issue-prefix = ["T"]

    [worktree]
    dir = ".."

    [[shared]]
    paths = ["CHANGELOG.md"]
    merge = "text"

    [streams.a]
    name = "Alpha"
    branch = "stream/a"
    dir = "a"
    files = ["alpha/**"]
    issues = [{ id = "T-1", title = "one" }, { id = "T-2", title = "two", after = ["T-1"] }]

    [streams.b]
    name = "Beta"
    branch = "stream/b"
    dir = "b"
    files = ["beta/**"]
    issues = [{ id = "T-3", title = "three", after = ["T-1"] }]
    """

  static let changelog = "# Changelog\n\n## [Unreleased]\n\n- first\n- second\n- third\n- fourth\n"

  let repository: TestRepository
  let a: FilePath
  let b: FilePath

  init(plan: String = TestHive.plan) throws {
    repository = try TestRepository()
    try repository.commit(
      "chore: plan", ["preflight.toml": plan, "CHANGELOG.md": TestHive.changelog, "alpha/x": "x\n", "beta/y": "y\n"])
    a = try repository.addWorktree("a", branch: "stream/a")
    b = try repository.addWorktree("b", branch: "stream/b")
  }

  func situation(in place: FilePath? = nil) throws -> Situation {
    let opened = try repository.open(in: place)
    let source = PlanSource(opened) { text, blob throws(PlanProblem) in
      let document = PlanDocument(text, file: "preflight.toml", rules: RuleTable.entries.map(\.rule.rawValue))
      guard let plan = document.plan else { throw .faulty(text: "\(document.faults)", origin: .trunk) }
      return CompiledPlan.encode(plan, sourceID: blob.bytes)
    }
    return try Situation(opened, source: source)
  }

  /// Stages `files` in `place` and asks the rules.
  func findings(staging files: [String: String], in place: FilePath) throws -> [Finding] {
    for (file, contents) in files {
      try repository.write(file, contents, in: place)
      try repository.git(["add", "--", Argument(file)], in: place)
    }
    let situation = try situation(in: place)
    return try ChangeRules(situation, situation.stagedChange()).findings()
  }
}

extension [Finding] {
  /// `rule path` each, for comparison.
  var summary: [String] {
    map { finding in
      ([finding.rule.rawValue] + (finding.path.map { [String(decoding: $0, as: UTF8.self)] } ?? []))
        .joined(separator: " ")
    }
  }
}
