import Git
import Platform
import TestSupport

/// A repository with preflight installed and a shared file of every policy, and worktrees of streams that merge.
final class MergeHive {
  let repository: TestRepository

  static let plan = """
    [project]
    trunk = "main"

    [sync]
    quiet = "0s"

    [[shared]]
    paths = ["src/index.ts"]
    merge = "barrel"

    [[shared]]
    paths = ["CHANGELOG.md"]
    merge = "changelog"

    [[shared]]
    paths = ["package.json"]
    merge = "manifest"

    [[shared]]
    paths = ["package-lock.json"]
    merge = "regenerate"
    run = ["cp", "package.json", "package-lock.json"]

    [[shared]]
    paths = ["notes.txt"]
    merge = "text"

    """

  static let files = [
    "src/index.ts": "export * from './a.js'\n// export * from './b.js'\n// export * from './c.js'\n",
    "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- a\n",
    "package.json": "{\n  \"dependencies\": {\n    \"a\": \"1.0.0\"\n  }\n}\n", "package-lock.json": "a\n",
    "notes.txt": "1\n2\n3\n",
  ]

  init(plan: String = MergeHive.plan, files: [String: String] = MergeHive.files, streams: [String] = ["one"]) throws {
    repository = try TestRepository()
    let path = try BuiltProducts.directory().description + ":" + (repository.environment["PATH"] ?? "")
    repository.environment["PATH"] = path
    try repository.commit("feat: start", files)
    try repository.commit("chore: add the plan", ["preflight.toml": plan])
    for stream in streams { try repository.addWorktree(stream, branch: stream) }
    let outcome = try repository.preflight("install")
    guard outcome.status == 0 else { throw UnexpectedExit(description: "\(outcome)") }
    // Others than a test's own sync must not move the worktrees.
    try repository.git(["config", "core.hooksPath", "/dev/null"])
  }

  func place(_ stream: String) -> FilePath { repository.surroundings / stream }

  /// What came of a script in a worktree; `nil`: in the main one.
  func outcome(of script: String, in stream: String? = nil) throws -> CommandOutcome {
    try repository.attempt("sh", ["-c", Argument(script)], in: stream.map(place))
  }

  @discardableResult
  func type(_ script: String, in stream: String? = nil) throws -> String {
    let outcome = try outcome(of: "set -e\n" + script, in: stream)
    guard outcome.status == 0 else { throw UnexpectedExit(description: "\(script)\n\(outcome)") }
    return outcome.standardOutput + outcome.standardError
  }

  func read(_ file: String, in stream: String? = nil) throws -> String {
    try repository.read(file, in: stream.map(place))
  }
}
