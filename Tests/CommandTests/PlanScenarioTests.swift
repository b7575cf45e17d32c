import Foundation
import Git
import Platform
import TestSupport
import Testing

/// A page written for people, with six streams and seventeen issues, from its import to the end of the last worktree: the
/// real git, its hooks, and a bare remote.
@Suite("Six streams, from 'plan import' to 'down'")
struct PlanScenarioTests {
  /// A stream of the page with the work on its issues, in their order.
  private struct Work {
    var stream: String
    var directory: String
    /// Messages, each with the file that is the work.
    var commits: [(message: String, file: String)]
    /// The module that it brings to life in the barrel.
    var module: String?
  }

  private static let work = [
    Work(
      stream: "ws1", directory: "hb-cranes",
      commits: [
        ("fix: replace the cable (HB-101)", ".github/workflows/cranes.yml"),
        ("feat: read load cells (HB-102)", "src/cranes/load.ts"),
        ("fix: hold the south crane (HB-103)", "src/cranes/south.test.ts"),
      ], module: "./cranes/load.js"),
    Work(
      stream: "ws2", directory: "hb-customs",
      commits: [
        ("feat: export forms (HB-201)", "src/customs/forms.ts"),
        ("ci: report weekly (HB-202)", ".github/workflows/report.yml"),
      ], module: "./customs/forms.js"),
    Work(
      stream: "ws3", directory: "hb-berths",
      commits: [
        ("fix: take long ships (HB-301)", "src/berths/table.ts"),
        ("feat: merge tables (HB-302)", "src/berths/merge.ts"),
        ("feat: sync with the coast guard (HB-303)", "src/berths/sync.ts"),
      ], module: "./berths/merge.js"),
    Work(
      stream: "ws4", directory: "hb-tools",
      commits: [
        ("build: add the tides (HB-401)", "Dockerfile"), ("fix: print once (HB-402)", "src/tools/print.ts"),
        ("feat: merge safely (HB-403)", "src/tools/merge.ts"), ("build: upgrade the radio (HB-404)", "radio.cfg"),
      ], module: nil),
    Work(
      stream: "ws5", directory: "hb-beacons",
      commits: [
        ("feat: tell the health (HB-501)", "src/beacons/health.ts"),
        ("feat: alarm when dark (HB-502)", "src/beacons/alarm.ts"),
      ], module: "./beacons/health.js"),
    Work(
      stream: "ws6", directory: "hb-charts",
      commits: [
        ("docs: describe the approach (HB-601)", "docs/approach.md"),
        ("docs: describe the rules (HB-602)", "CONTRIBUTING.md"),
      ], module: nil),
  ]

  private static let external = "HB-203"

  /// What the page does not say and a person adds: commands, and how soon a quiet worktree may be moved.
  private static func additions(_ place: FilePath) -> String {
    """
    [sync]
    quiet = "0s"

    [[checks]]
    name = "tests"
    run = ["sh", "-c", "! grep -rq BROKEN src"]

    [launch]
    run = ["sh", "-c", "head -n 1 \\"$1\\"; echo slot $PREFLIGHT_SLOT of $PREFLIGHT_STREAM", "worker", "{brief-file}"]

    [finish]
    run = ["sh", "-c", "echo {branch} >> '\(place)/opened'"]

    [notify]
    merged = ["sh", "-c", "echo {issue} >> '\(place)/told'"]
    interval = "1ms"


    """
  }

  private let repository: TestRepository
  private let origin: FilePath
  private var worktrees: FilePath { repository.surroundings / "berths" }
  private var issues: [String] {
    Self.work.flatMap(\.commits).compactMap { $0.message.split(separator: "(").last.map { String($0.dropLast()) } }
      + [Self.external]
  }

  init() throws {
    repository = try TestRepository()
    origin = repository.surroundings / "origin.git"
    let products = try BuiltProducts.directory().description
    repository.environment["PATH"] = products + ":" + (repository.environment["PATH"] ?? "")
    repository.environment["PREFLIGHT_TRUST"] = "1"
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../PlanFileTests/Fixtures/harbour-plan.md")
    try repository.commit(
      "chore: begin",
      [
        "harbour.md": try String(contentsOf: page, encoding: .utf8), "package.json": "{}\n",
        "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A quay\n",
        "src/index.ts": "export * from './quay.js'\n",
      ])
    try repository.git(["init", "--quiet", "--bare", "--initial-branch=main", Argument(origin)])
    try repository.git(["remote", "add", "origin", Argument(origin)])
    try repository.git(["push", "--quiet", "--set-upstream", "origin", "main"])
  }

  // MARK: Typing

  @discardableResult
  private func preflight(
    _ arguments: Argument..., in place: FilePath? = nil, exits status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> CommandOutcome {
    let outcome = try repository.attempt(BuiltProducts.executable("preflight"), arguments, in: place)
    #expect(
      outcome.status == status, "\(arguments.map { String(decoding: $0.bytes, as: UTF8.self) }) \(outcome)",
      sourceLocation: sourceLocation)
    return outcome
  }

  private func json(_ arguments: Argument..., in place: FilePath? = nil) throws -> [String: Any] {
    let outcome = try repository.attempt(BuiltProducts.executable("preflight"), arguments + ["--json"], in: place)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8)) as? [String: Any], "\(outcome)")
  }

  private func place(_ stream: String) -> FilePath {
    worktrees / (Self.work.first { $0.stream == stream }?.directory ?? "")
  }

  private func row(_ stream: String) throws -> [String: Any] {
    let rows = try #require(try json("status")["streams"] as? [[String: Any]])
    return try #require(rows.first { $0["id"] as? String == stream })
  }

  private func done() throws -> Set<String> { Set(try #require(try json("next", "--all")["done"] as? [String])) }
  private func mayMerge() throws -> [String] { try #require(try json("status")["next"] as? [String]) }

  /// Through the hooks, as people do it.
  private func commit(_ message: String, in place: FilePath) throws {
    try repository.git(["add", "--all"], in: place)
    try repository.git(["commit", "--quiet", "-m", Argument(message)], in: place)
  }

  private func lines(_ file: String) throws -> [String] {
    let bytes = try (repository.surroundings / file).contentsIfPresent() ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  // MARK: The story

  @Test(
    "A page is imported, its streams are made, do their work, are merged in their turn, taken back once, and removed")
  func life() throws {
    try importPlan()
    try makeWorktrees()
    try mentionEverything()
    try work()
    try talk()
    try settleConflict()
    try finishAndMerge()
    try takeBack()
    try takeDown()
  }

  private func importPlan() throws {
    let imported = try preflight("plan", "import", "harbour.md")
    #expect(imported.standardError.contains("speaks of 18 issues; 17 are listed"))
    #expect(imported.standardError.contains("match the same files"))
    let (head, streams) = try #require(
      imported.standardOutput.range(of: "[streams.ws1]").map {
        (imported.standardOutput[..<$0.lowerBound], imported.standardOutput[$0.lowerBound...])
      })
    let plan = head + Self.additions(repository.surroundings) + streams
    // Files that the page forgot to name.
    let filled = plan.replacingOccurrences(
      of: #""src/berths/table.ts","#, with: #"{ path = "src/berths/**", new = true },"#
    )
    .replacingOccurrences(of: #"{ path = "src/tools/merge.ts""#, with: #""radio.cfg", { path = "src/tools/**""#)
    .replacingOccurrences(of: #"{ path = "src/beacons/health.ts""#, with: #"{ path = "src/beacons/**""#)
    try repository.write("preflight.toml", filled)
    try preflight("plan", "check")
    for work in Self.work {
      guard let module = work.module else { continue }
      try preflight("stubs", "add", "--stream", Argument(work.stream), Argument(module))
    }
    try repository.git(["add", "--all"])
    try repository.git(["commit", "--quiet", "-m", "chore: plan"])
    try preflight("install")
    try repository.git(["push", "--quiet", "origin", "main"])
  }

  private func slots(_ document: [String: Any]) throws -> [String: Int] {
    let streams = try #require(document["streams"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: streams.map { ($0["id"] as? String ?? "", $0["slot"] as? Int ?? 0) })
  }

  private func makeWorktrees() throws {
    let made = try json("up")
    let outcomes = try #require(made["streams"] as? [[String: Any]]).map { $0["outcome"] as? String }
    #expect(outcomes == Array(repeating: "made", count: 6))
    #expect(try worktrees.entries().map(\.description).sorted() == Self.work.map(\.directory).sorted())
    let slots = try slots(made)
    #expect(Set(slots.values).count == 6 && !slots.values.contains(0))
    #expect(try self.slots(json("up")) == slots, "run again, everybody keeps theirs")
    // One that is removed and made again takes no other's.
    try preflight("down", "ws2")
    try repository.git(["branch", "--quiet", "-D", "harbour/customs"])
    #expect(try self.slots(json("up")) == slots)

    let brief = try preflight("brief", "ws4").standardOutput
    #expect(brief.contains("HB-403: Command for safe berth merging (Low), after HB-302 of ws3 (Berths) (not done)"))
    for work in Self.work {
      let launched = try preflight("launch", Argument(work.stream)).standardOutput
      #expect(launched.hasPrefix("# \(work.stream) ("))
      #expect(launched.contains("slot \(slots[work.stream] ?? 0) of \(work.stream)\n"), "\(launched)")
    }
  }

  /// The first user made such a commit, and nothing was done by it.
  private func mentionEverything() throws {
    #expect(issues.count == 17)
    try repository.commit("feat: begin\n\nTo come: \(issues.joined(separator: ", "))", ["begin": "1\n"])
    #expect(try done() == [])
    let rows = try #require(try json("status")["streams"] as? [[String: Any]])
    #expect(rows.prefix(6).allSatisfy { $0["issuesDone"] as? Int == 0 })
    #expect(try mayMerge() == [])
  }

  private func work() throws {
    for work in Self.work {
      let place = place(work.stream)
      for (message, file) in work.commits {
        try repository.write(file, "\(message)\n", in: place)
        if let module = work.module, "./" + file.dropFirst("src/".count) == module.dropLast(2) + "ts" {
          let barrel = try repository.read("src/index.ts", in: place)
          let alive = barrel.replacingOccurrences(of: "// export * from '\(module)'", with: "export * from '\(module)'")
          #expect(alive != barrel)
          try repository.write("src/index.ts", alive, in: place)
          let changes = try repository.read("CHANGELOG.md", in: place)
          try repository.write("CHANGELOG.md", changes + "- What \(work.stream) brings\n", in: place)
        }
        try commit(message, in: place)
      }
      #expect(try row(work.stream)["ahead"] as? Int == work.commits.count)
    }
    #expect((try json("next", "--all")["rounds"] as? [Any])?.count == 3)
    #expect(Set(try mayMerge()) == ["ws1", "ws2", "ws3", "ws4", "ws5", "ws6"])
    // Six streams brought a line of the barrel and of the changelog each, and none is in another's way.
    try preflight("conflicts")
  }

  private func talk() throws {
    try preflight("signal", "working", "-m", "tables first", in: place("ws3"))
    try preflight("signal", "blocked", "--on", "HB-302", in: place("ws4"))
    #expect(try !mayMerge().contains("ws4"))
    #expect(try row("ws4")["signal"] as? String == "blocked")
    try preflight("claim", "src/berths", "-m", "moving all of it", in: place("ws3"))
    let refused = try preflight("claim", "src/berths/merge.ts", in: place("ws4"), exits: 1)
    #expect(refused.standardError.contains("is claimed by ws3 (Berths) ('src/berths')"))
    let asked = try preflight("ask", "src/berths/merge.ts", in: place("ws4"), exits: 1)
    #expect(asked.standardOutput.contains("belongs to ws3 (Berths)"))
    try preflight("memory", "set", "tide/table", "2026", in: place("ws6"))
    #expect(try preflight("memory", "get", "tide/table", in: place("ws1")).standardOutput == "2026\n")
    try preflight("claim", "--drop", in: place("ws3"))
    try preflight("signal", "working", in: place("ws4"))
    #expect(try mayMerge().contains("ws4"))
  }

  /// Two streams own the same pattern, as the import has noticed, and meet there.
  private func settleConflict() throws {
    let tools = place("ws4")
    try repository.write(".github/workflows/cranes.yml", "another\n", in: tools)
    try commit("build: lift by radio (HB-404)", in: tools)
    let shown = try preflight("conflicts", exits: 1).standardOutput
    #expect(shown.contains("conflict in .github/workflows/cranes.yml: ws1 and ws4"), "\(shown)")
    #expect(try row("ws4")["conflictsPredicted"] as? Int == 1)
    try repository.git(["reset", "--quiet", "--hard", "HEAD~1"], in: tools)
    try preflight("conflicts")
  }

  private func finishAndMerge() throws {
    for stream in ["ws6", "ws3"] {
      let finished = try preflight("finish", Argument(stream)).standardOutput
      #expect(finished.hasSuffix(") is finished\n"))
      #expect(try row(stream)["signal"] as? String == "ready")
    }
    #expect(try lines("opened") == ["harbour/charts", "harbour/berths"])
    #expect(try row("ws3")["checks"] as? String == "passed")
    let forecast = try preflight("merge", "--dry-run").standardOutput
    #expect(forecast.components(separatedBy: "\n").filter { $0.hasSuffix("  clean") }.count == 6)

    let report = try preflight("merge", "--all").standardOutput
    let order = report.components(separatedBy: "\n").filter { $0.contains(": merged (") }.map { String($0.prefix(3)) }
    #expect(order.sorted() == Self.work.map(\.stream), "\(report)")
    let turn = { (stream: String) in order.firstIndex(of: stream) ?? -1 }
    #expect(turn("ws3") < turn("ws4"), "HB-403 comes after HB-302")
    #expect(try done() == Set(issues).subtracting([Self.external]))
    try preflight("done", Argument(Self.external), "-m", "the court has it", in: place("ws2"))
    #expect(try done() == Set(issues))
    #expect(try mayMerge() == [])
    let barrel = try repository.read("src/index.ts").components(separatedBy: "\n")
    for module in Self.work.compactMap(\.module) { #expect(barrel.contains("export * from '\(module)'")) }
    for stream in ["ws1", "ws2", "ws3", "ws5"] {
      #expect(try repository.read("CHANGELOG.md").contains("- What \(stream) brings\n"))
    }
    try preflight("sync", "--push")
    #expect(try repository.git(["status", "--porcelain"]) == "")
    try repository.git(["push", "--quiet", "origin", "main"])
    _ = try preflight("log", "--drain")
    #expect(try lines("told").sorted() == issues.sorted(), "each once")
  }

  private func takeBack() throws {
    let work = Self.work[0]
    let own = work.commits.compactMap { $0.message.split(separator: "(").last.map { String($0.dropLast()) } }
    let reverted = try json("revert", "ws1")
    #expect(reverted["outcome"] as? String == "made" && reverted["branch"] as? String == "revert/ws1")
    #expect(reverted["reopenedOnTrunk"] as? [String] == own)
    #expect(try done() == Set(issues), "not before trunk has it")
    try repository.git(["merge", "--quiet", "--ff-only", "revert/ws1"])
    #expect(try done() == Set(issues).subtracting(own))
    #expect(try row("ws1")["issuesDone"] as? Int == 0)
    #expect(try !(repository.path / work.commits[0].file).exists)
    #expect(try repository.read("src/index.ts").contains("\nexport * from './berths/merge.js'"), "the others' stays")
    // Mended, it comes back by reverting the reverts.
    let count = try repository.git(["rev-list", "--count", "HEAD~1..HEAD"])
    #expect(count == "1")
    try repository.git(["revert", "--no-edit", "HEAD"])
    #expect(try repository.read(work.commits[0].file) == "\(work.commits[0].message)\n")
    #expect(try done() == Set(issues))
    try repository.git(["push", "--quiet", "origin", "main"])
  }

  private func takeDown() throws {
    try repository.write("left", "mine\n", in: place("ws5"))
    let refused = try json("down")
    let rows = try #require(refused["worktrees"] as? [[String: Any]])
    #expect(rows.map { $0["outcome"] as? String }.filter { $0 == "removed" }.count == 5)
    #expect(try worktrees.entries().map(\.description) == ["hb-beacons"])
    try (place("ws5") / "left").remove()
    try preflight("down")
    let left = worktrees.exists ? try worktrees.entries() : []
    #expect(left.isEmpty)
    #expect(try repository.git(["branch", "--list", "harbour/*"]) == "")
    for (message, file) in Self.work.flatMap(\.commits) { #expect(try repository.read(file) == "\(message)\n") }
  }
}
