import Platform
import TestSupport
import Testing

@Suite("A repository that git refuses to read")
struct UnreadableTests {
  @Test(
    "Is named in one sentence, and nothing is changed (libgit2 is told of the extension, and read it)",
    arguments: [
      "sync", "sync --dry-run", "status", "conflicts", "undo", "next", "up", "finish one", "ask src/index.ts",
    ])
  func extensions(command: String) throws {
    let hive = try ArmedHive()
    try hive.arrange("echo 2 >one/kept && git commit -q -a -m 'feat: begin'", in: hive.one)
    func state() throws -> String {
      try hive.type("find \"$MAIN/.git\" -type f -not -name config | sort | xargs cksum", in: hive.trunk)
    }
    let before = try state()
    // As git 2.48 writes it; one that knows it has nothing to refuse.
    try hive.arrange(
      "git config core.repositoryformatversion 1 && git config extensions.relativeWorktrees true", in: hive.trunk)
    guard try hive.outcome(of: "git status", in: hive.trunk).status != 0 else { return }
    let outcome = try hive.outcome(of: "preflight \(command)", in: hive.trunk)
    #expect(outcome.status == 2, "\(outcome)")
    #expect(outcome.standardOutput.isEmpty)
    #expect(
      outcome.standardError.hasSuffix(
        """
        failed with status 128: fatal: unknown repository extension found: relativeworktrees
        hint: install a newer git: 2.48 or later knows relativeWorktrees\n
        """), "\(outcome)")
    #expect(try state() == before)
  }
}
