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
    #expect(!lines.joined().contains("\u{1b}"))
  }

  @Test("Where there is room it shows more")
  func wide() throws {
    let hive = try busyHive()
    let lines = try show(hive, columns: 140, "preflight status")
    #expect(lines.allSatisfy { $0.count <= 140 })
    #expect(lines[0].contains("checks") && lines[0].contains("conflicts") && lines[0].contains("last"))
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

  @Test("--watch says that it needs a terminal")
  func noTerminal() throws {
    let outcome = try TrainHive().preflight("status", "--watch")
    #expect(outcome.status == 2)
    #expect(outcome.standardError.contains("takes a terminal"))
  }
}
