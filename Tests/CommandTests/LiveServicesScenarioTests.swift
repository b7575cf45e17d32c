import Foundation
import Git
import Platform
import TestSupport
import Testing

/// A plan of six streams and seventeen issues, from its worktrees to their end, with the real git and a bare remote.
@Suite("Six streams, from 'up' to 'down'")
struct LiveServicesScenarioTests {
  private let repository: TestRepository
  private var worktrees: FilePath { repository.surroundings / "worktrees" }

  /// What each stream brings: issues with the file that is the work on it, in their order.
  private static let work: [(directory: String, commits: [(String, String)])] = [
    (
      "live-svc-ci-testing",
      [
        ("ci: add a fresh install test (SMI-1582)", ".github/workflows/ci.yml"),
        ("test: add partial responses (SMI-1583)", "packages/core/tests/fixtures/api-responses.ts"),
        ("fix: detect paths (SMI-1584)", "packages/cli/tests/e2e/paths.test.ts"),
      ]
    ),
    (
      "live-svc-security",
      [
        ("fix: write minimal refs (SMI-1454)", "packages/core/src/security/scanner.ts"),
        ("ci: scan weekly (SMI-1456)", ".github/workflows/security-scan.yml"),
      ]
    ),
    (
      "live-svc-database",
      [
        ("fix: match the schema's version (SMI-1446)", "packages/core/src/database/schema.ts"),
        ("feat: merge databases (SMI-1448)", "packages/cli/src/commands/db-merge.ts"),
        ("feat: sync with production (SMI-1452)", "packages/cli/src/commands/db-sync.ts"),
      ]
    ),
    (
      "live-svc-cli-devops",
      [
        ("build: add sqlite3 (SMI-1449)", "Dockerfile"),
        ("fix: say it once (SMI-1450)", "packages/cli/src/import.ts"),
        ("feat: merge skills safely (SMI-1455)", "packages/cli/src/commands/merge.ts"),
        ("build: upgrade the CLI (SMI-1556)", ".github/workflows/deploy.yml"),
      ]
    ),
    (
      "live-svc-api-monitoring",
      [
        ("feat: answer for health (SMI-1447)", "supabase/functions/health/index.ts"),
        ("feat: watch rate limits (SMI-1453)", "packages/core/src/monitoring/rate-limiter.ts"),
      ]
    ),
    (
      "live-svc-docs",
      [
        ("docs: tell how apps sign in (SMI-1451)", "docs/architecture/github-app-auth.md"),
        ("docs: tell how versions are governed (SMI-1585)", "docs/architecture/versioning-policy.md"),
      ]
    ),
  ]

  init() throws {
    repository = try TestRepository()
    let products = try BuiltProducts.directory().description
    repository.environment["PATH"] = products + ":" + (repository.environment["PATH"] ?? "")
    let origin = repository.surroundings / "origin.git"
    try repository.commit(
      "chore: plan",
      [
        "preflight.toml": try Self.plan(), "package.json": "{}\n", "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n",
        "packages/core/src/index.ts": "export * from './version.js'\n",
      ])
    try repository.git(["init", "--quiet", "--bare", "--initial-branch=main", Argument(origin)])
    try repository.git(["remote", "add", "origin", Argument(origin)])
    try repository.git(["push", "--quiet", "--set-upstream", "origin", "main"])
    try expect("install")
  }

  /// The plan without the commands that need its project's containers and accounts.
  private static func plan() throws -> String {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../PlanFileTests/Fixtures/live-services.toml")
    var isLeftOut = false
    let kept = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n").filter { line in
      if line.hasPrefix("[") {
        let names = ["[[checks]]", "[[after-sync]]", "[launch]", "[finish]", "[merge]", "[notify]"]
        isLeftOut = names.contains { line.hasPrefix($0) }
      }
      return !isLeftOut
    }
    return kept.joined(separator: "\n").replacingOccurrences(of: "quiet = \"20s\"", with: "quiet = \"0s\"")
  }

  @discardableResult
  private func expect(
    _ arguments: Argument..., in place: FilePath? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let outcome = try repository.attempt(BuiltProducts.executable("preflight"), arguments, in: place)
    #expect(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
    return outcome.standardOutput
  }

  private func next() throws -> [String: Any] {
    let text = try expect("next", "--all", "--json")
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("Every stream is made, does its work, is merged in its turn and removed; a mention of an issue is not its work")
  func life() throws {
    try expect("up")
    #expect(try worktrees.entries().map(\.description).sorted() == Self.work.map(\.directory).sorted())

    let messages: [String] = Self.work.flatMap { $0.commits.map(\.0) }
    let named: [String] = messages.compactMap { $0.split(separator: "(").last.map { String($0.dropLast()) } }
    let issues: [String] = named + ["SMI-1457"]
    #expect(issues.count == 17)
    try repository.commit("feat: begin\n\nTo come: \(issues.joined(separator: ", "))", ["begin": "1\n"])
    #expect(try next()["done"] as? [String] == [])

    for (directory, commits) in Self.work {
      for (message, file) in commits {
        let place = worktrees / directory
        try repository.write(file, "\(message)\n", in: place)
        try repository.git(["add", "--all"], in: place)
        try repository.git(["commit", "--quiet", "-m", Argument(message)], in: place)  // through the hooks
      }
    }
    #expect((try next()["rounds"] as? [Any])?.count == 3)
    let forecast = try expect("merge", "--dry-run")
    #expect(forecast.components(separatedBy: "\n").filter { $0.hasSuffix("  clean") }.count == 6)

    let report = try expect("merge", "--all")
    let order = report.components(separatedBy: "\n").filter { $0.contains(": merged (") }.map { $0.prefix(3) }
    #expect(Set(order) == ["ws1", "ws2", "ws3", "ws4", "ws5", "ws6"] && order.count == 6)
    let place = { (stream: String) in order.firstIndex { $0 == stream } ?? -1 }
    #expect(place("ws3") < place("ws4"))  // SMI-1455 comes after SMI-1448
    try expect("done", "SMI-1457", "-m", "the project is there", in: worktrees / "live-svc-security")
    let done = try #require(try next()["done"] as? [String])
    #expect(Set(done) == Set(issues))

    try repository.git(["push", "--quiet", "origin", "main"])
    try expect("down")
    #expect(try !worktrees.exists || worktrees.entries().isEmpty)
    for (_, commits) in Self.work {
      for (message, file) in commits { #expect(try repository.read(file) == "\(message)\n") }
    }
  }
}
