import Foundation
import Platform
import TestSupport
import Testing

@Suite("preflight demo")
struct DemoCommandTests {
  /// A `TMPDIR` of its own, so that what is left behind shows.
  private func run(
    _ directory: TemporaryDirectory, changing changes: [String: String] = [:], interruptAfter line: String? = nil
  ) throws -> CommandOutcome {
    var environment = sealedEnvironment(home: "/nonexistent")
    environment[bytes: "TMPDIR"] = directory.path.bytes
    for (name, value) in changes { environment[name] = value }
    let child = try ChildProcess(
      ProcessRequest(
        BuiltProducts.executable("preflight"), ["demo"], environment: environment, directory: directory.path))
    while let line, !child.poll(seconds: 0.05) {
      guard String(decoding: child.output, as: UTF8.self).contains(line) else { continue }
      child.kill(signal: SIGINT)
      break
    }
    return CommandOutcome(child.finish())
  }

  @Test("The story plays to its end, whatever git and preflight are told outside, and leaves nothing behind")
  func story() throws {
    let directory = try TemporaryDirectory()
    let outcome = try run(
      directory, changing: ["GIT_DIR": "/nonexistent", "PREFLIGHT_SKIP": "exports", "GIT_AUTHOR_NAME": "", "CI": "1"])
    #expect(outcome.status == 0, "\(outcome.standardOutput)\(outcome.standardError)")
    #expect(outcome.standardError == "")
    #expect(
      outcome.standardOutput.split(separator: "\n").filter { $0.starts(with: /\d\./) } == [
        "0. The hive: six streams of one repository, each in a worktree",
        "1. A stream's good commit passes",
        "2. A bad message is refused",
        "3. Another stream's stub is refused",
        "4. An export without its module is refused",
        "5. A stale shared file that conflicts is refused",
        "6. A push is checked",
        "7. A stream merges, and the five others move",
        "8. A conflict is reported, and nothing is lost",
        "9. The pre-flight passes",
      ])
    #expect(outcome.standardOutput.contains("\nWhat to try next\n"))
    #expect(!outcome.standardOutput.contains("\u{1b}"))
    #expect(try directory.path.entries() == [])
  }

  @Test("Ctrl-C ends it by that signal, and nothing is left behind")
  func interruption() throws {
    let directory = try TemporaryDirectory()
    let outcome = try run(directory, interruptAfter: "$ preflight install")
    #expect(outcome.status == 128 + SIGINT)
    #expect(outcome.standardOutput.hasSuffix("The hive is removed: nothing is left behind.\n"))
    #expect(try directory.path.entries() == [])
  }

  @Test("Where what must happen does not, the demo stops with status 1 and says what was expected")
  func stop() throws {
    let directory = try TemporaryDirectory()
    let programs = try TemporaryDirectory()
    try (programs.path / "cat").write(Array("#!/bin/sh\nexit 0\n".utf8), permissions: 0o755)
    let path = try #require(Environment.current["PATH"])
    let outcome = try run(directory, changing: ["PATH": "\(programs.path):\(path)"])
    #expect(outcome.status == 1)
    #expect(
      outcome.standardError == """
        error: the demo stops: '// export * from './database/migration.js'' was expected in what is printed
        hint: to look around in the hive: preflight demo --keep

        """)
    #expect(try directory.path.entries() == [])
  }
}
