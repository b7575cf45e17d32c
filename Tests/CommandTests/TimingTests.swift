import Platform
import TestSupport
import Testing

@Suite("preflight doctor --timing")
struct TimingTests {
  private func repository() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("chore: plan", ["preflight.toml": "[[shared]]\npaths = [\"shared.txt\"]\n"])
    #expect(try repository.preflight("install").status == 0)
    try repository.git(["switch", "-qc", "topic"])
    try repository.write("shared.txt", "x\n")
    try repository.git(["add", "shared.txt"])
    return repository
  }

  @Test("names each hook of a commit and what it does, with the sum below")
  func table() throws {
    let repository = try repository()
    let output = try repository.preflight("doctor", "--timing")
    #expect(output.status == 0)
    let lines = output.standardOutput.split(separator: "\n").map {
      $0.split(separator: " ", maxSplits: 1).map(String.init)
    }
    let hooks = lines.map(\.[0])
    #expect(hooks.filter { $0 == "pre-commit" }.count == 6)
    #expect(hooks.filter { $0 == "commit-msg" }.count == 4)
    #expect(hooks.filter { $0 == "post-commit" }.count == 2)
    for phase in [
      "start-up and end", "has trunk moved?", "refs, configuration and plan", "index", "sibling worktrees", "rules",
    ] {
      #expect(output.standardOutput.contains("pre-commit   \(phase)"), "\(phase)")
    }
    #expect(output.standardOutput.contains("all that preflight adds to a commit here: "))
  }

  @Test("changes nothing, whatever the hooks would have said and written")
  func rehearsal() throws {
    let repository = try repository()
    try repository.write("refused", "x\n")
    let before = try repository.git(["status", "--porcelain"])
    let state = try (repository.path / ".git/preflight").entries()
    #expect(try repository.preflight("doctor", "--timing", "--json").status == 0)
    #expect(try repository.git(["status", "--porcelain"]) == before)
    // Where trunk's plan is, is a cache that any look at the repository fills.
    #expect(
      try (repository.path / ".git/preflight").entries().filter { $0 != "trunk" } == state.filter { $0 != "trunk" })
    #expect(!(repository.path / ".git/preflight/head").exists)
  }
}
