import Foundation
import Git
import Platform
import TestSupport
import Testing

@Suite("preflight status on a terminal")
struct StatusScreenTests {
  private func busyHive() throws -> TrainHive {
    let hive = try TrainHive()
    try hive.commitUnseen("feat: one (T-1)", ["alpha/x": "2\n", "shared": "a\n"], in: hive.a)
    try hive.commitUnseen("feat: three (T-3)", ["beta/y": "2\n", "shared": "b\n"], in: hive.b)
    _ = try hive.preflight("signal", "working", "-m", Argument(String(repeating: "wide ", count: 30)), in: hive.b)
    return hive
  }

  /// On a pseudo-terminal of so many columns.
  private func show(_ hive: TrainHive, columns: Int, _ command: String) throws -> [String] {
    let line = "stty cols \(columns) rows 24; exec \(command)"
    let outcome = try hive.repository.attempt(
      "script", ["-qec", Argument("sh -c '\(line)'"), "/dev/null"], in: hive.a, environment: ["TERM": "xterm"])
    return outcome.standardOutput.replacingOccurrences(of: "\r", with: "").components(separatedBy: "\n")
  }

  @Test("It fits 80 columns, says what may merge, what waits and what is hot, and has no colour where none is wanted")
  func narrow() throws {
    let hive = try busyHive()
    let lines = try show(hive, columns: 80, "preflight status")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
    #expect(lines[0].hasPrefix("stream  branch") && !lines[0].contains("checks"))
    #expect(lines.contains("may merge now: a (preflight next)"))
    #expect(lines.contains("b: T-3: waits for T-1 of a (Alpha)"))
    #expect(lines.contains("hot: shared (a, b)"))
    let row = try #require(lines.firstIndex { $0.hasPrefix("b ") })
    #expect(lines[row].hasSuffix("at work"), "\(lines)")
    #expect(lines[row + 1] == "    1 conflict predicted")
    #expect(lines[row + 2].hasPrefix("    says working (") && lines[row + 2].hasSuffix("…"), "its age is not cut")
    #expect(!lines.joined().contains("\u{1b}"))
  }

  @Test("Where there is room it shows more")
  func wide() throws {
    let hive = try busyHive()
    let lines = try show(hive, columns: 140, "preflight status")
    #expect(lines.allSatisfy { $0.count <= 140 })
    #expect(lines.contains { $0.hasPrefix("    says working (") }, "what is too long goes below")
    _ = try hive.preflight("signal", "working", in: hive.b)
    let fitting = try show(hive, columns: 140, "preflight status")
    #expect(["checks", "conflicts", "last"].allSatisfy(fitting[0].contains), "\(fitting)")
    #expect(fitting.contains { $0.hasPrefix("b ") && $0.contains("at work, says working (") }, "\(fitting)")
  }

  @Test("For a program it is the table alone, and as JSON it is everything")
  func program() throws {
    let hive = try busyHive()
    #expect(try !hive.preflight("status").standardOutput.contains("may merge now"))
    let text = try hive.preflight("status", "--json").standardOutput
    let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(json["version"] as? Int == 1 && json["round"] as? Int == 1)
    #expect(json["next"] as? [String] == ["a"])
    #expect((json["hot"] as? [[String: Any]])?.map { $0["path"] as? String } == ["shared"])
    let stream = try #require((json["streams"] as? [[String: Any]])?.first)
    let keys = [
      "id", "name", "branch", "worktree", "state", "signal", "signalAge", "stale", "ahead", "behind", "dirty", "due",
      "issuesDone", "issues", "conflicts", "claims",
    ]
    for key in keys { #expect(stream[key] != nil, "\(key)") }
    #expect(stream["conflictsPredicted"] as? Int == 1)
  }

  @Test("--watch writes over what it has written, and ends by the signal that ends it")
  func watch() throws {
    let hive = try busyHive()
    let lines = try show(hive, columns: 80, "timeout --foreground -s INT 5 preflight status --watch")
    let text = lines.joined(separator: "\n")
    #expect(text.hasPrefix("\u{1b}[2J\u{1b}[Hstream  branch"))
    #expect(text.components(separatedBy: "\u{1b}[Hstream  branch").count > 2)
    #expect(text.components(separatedBy: "\u{1b}[2J").count == 2)
  }

  @Test("--watch asks the remote, and shows who is behind as soon as trunk has moved there")
  func watchFollows() throws {
    let hive = try busyHive()
    try hive.commitUnseen("feat: elsewhere", ["other": "1\n"])
    try hive.repository.git(["push", "--quiet", "--no-verify", "origin", "main"])
    try hive.repository.git(["update-ref", "refs/remotes/origin/main", "main~1"])
    try hive.repository.git(["reset", "--quiet", "--hard", "HEAD~1"])
    let terminal = try PseudoTerminal()
    var environment = hive.repository.environment
    environment["TERM"] = "xterm"
    let child = try terminal.start(
      BuiltProducts.executable("preflight"), ["status", "--watch"], environment: environment, in: hive.a)
    let shown = try terminal.wait(for: "behind 'main': a, b (preflight sync)")
    #expect(shown.hasPrefix("\u{1b}[2J\u{1b}[Hstream  branch"))
    #expect(try hive.repository.tip("stream/a") != hive.repository.tip("origin/main"), "it only looks")
    terminal.type("\u{3}")
    _ = child.finish()
  }

  @Test("It shows what the checks said when they were last run, and whether that was of what the branch holds now")
  func lastChecks() throws {
    let hive = try TrainHive(
      """
      [[checks]]
      name = "tests"
      run = ["sh", "-c", "test -e @/green"]
      [[checks]]
      name = "lint"
      run = ["true"]
      """)
    func row() throws -> [String: Any] {
      let text = try hive.preflight("status", "--json").standardOutput
      let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      return try #require((json["streams"] as? [[String: Any]])?.first)
    }
    func last() throws -> [String] {
      try #require(try row()["lastChecks"] as? [[String: Any]]).map {
        "\($0["name"] ?? "") \($0["status"] ?? "") \($0["stale"] as? Bool == true)"
      }
    }
    try hive.commitUnseen("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
    #expect(try row()["checks"] as? String == "unknown" && last() == [])
    #expect(try hive.preflight("check").status == 1)
    #expect(try row()["checks"] as? String == "failed")
    #expect(try last() == ["lint passed false", "tests failed false"])
    #expect(try #require(try row()["state"] as? String).contains("checks failed"))
    #expect(try show(hive, columns: 140, "preflight status")[1].contains("  failed  "))
    try hive.commitUnseen("feat: more (T-1)", ["alpha/x": "3\n"], in: hive.a)
    #expect(try row()["checks"] as? String == "unknown")
    #expect(try last() == ["lint passed true", "tests failed true"])
    #expect(try show(hive, columns: 140, "preflight status")[1].contains("  failed, stale  "))
    try (hive.repository.surroundings / "green").write([])
    #expect(try hive.preflight("check").status == 0)
    #expect(try row()["checks"] as? String == "passed")
    #expect(try last() == ["lint passed false", "tests passed false"])
    #expect(try hive.preflight("next").standardOutput.contains("passed"))
  }

  @Test("--watch says that it needs a terminal")
  func noTerminal() throws {
    let outcome = try TrainHive().preflight("status", "--watch")
    #expect(outcome.status == 2)
    #expect(outcome.standardError.contains("takes a terminal"))
  }
}
