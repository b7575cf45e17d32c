import Foundation
import Platform
import TestSupport
import Testing

@Suite("preflight ask and brief")
struct AskCommandTests {
  private static let plan =
    "[[shared]]\npaths = [\"CHANGELOG.md\"]\nmerge = \"changelog\"\n"
    + "[[shared]]\npaths = [\"src/index.ts\"]\nmerge = \"barrel\"\n"
    + "[[checks]]\nname = \"tests\"\nrun = [\"npm\", \"run\", \"all tests\"]\n" + PlannedHive.plan

  private func hive() throws -> PlannedHive {
    let hive = try PlannedHive(plan: Self.plan)
    let barrel =
      "export * from './a.js'\n\n// Alpha (T-1)\n// export * from './alpha.js'\n\n// Beta\n// export * from './beta.js'\n"
    try hive.repository.commit("chore: files", ["CHANGELOG.md": "# Changes\n", "src/index.ts": barrel, "free": "1\n"])
    for place in [hive.a, hive.b] { try hive.repository.git(["merge", "--quiet", "--ff-only", "main"], in: place) }
    return hive
  }

  private func ask(_ paths: Argument..., of hive: PlannedHive, in place: FilePath? = nil) throws -> CommandOutcome {
    try hive.repository.attempt(BuiltProducts.executable("preflight"), ["ask"] + paths, in: place ?? hive.a)
  }

  @Test("A path that nobody else has to do with is free, there or not, and wherever one stands")
  func free() throws {
    let hive = try hive()
    #expect(
      try ask("free", "new/file", "alpha/x", of: hive)
        == CommandOutcome(status: 0, standardOutput: "free: free\nnew/file: free\nalpha/x: free\n", standardError: ""))
    #expect(
      try ask("x", "../CHANGELOG.md", of: hive, in: hive.a / "alpha").standardOutput
        == "alpha/x: free\nCHANGELOG.md: free, shared (changelog)\n")
    #expect(try ask("../elsewhere", of: hive).status == 2)
  }

  @Test("What trunk has changed since is said, with the command that shows it")
  func stale() throws {
    let hive = try hive()
    try hive.repository.commit("docs: trunk", ["CHANGELOG.md": "# Changes\n\n- trunk\n", "free": "2\n"])
    let outcome = try ask("CHANGELOG.md", "free", "alpha/x", of: hive)
    #expect(outcome.status == 1)
    #expect(
      outcome.standardOutput == """
        CHANGELOG.md: changed on 'main' since your base [shared.stale: error if the two do not merge] (git log --oneline HEAD..main -- :/CHANGELOG.md), shared (changelog)
        free: changed on 'main' since your base (git log --oneline HEAD..main -- :/free)
        alpha/x: free

        """)
    try hive.repository.commit("docs: ours is the same", ["free": "2\n"], in: hive.a)
    #expect(try ask("free", of: hive).status == 0, "what both have made alike is nothing to wait for")
  }

  @Test("Who is changing a path is said, committed or not, added or deleted")
  func changers() throws {
    let hive = try hive()
    try hive.repository.write("CHANGELOG.md", "# Changes\n\n- b\n", in: hive.b)
    try hive.repository.write("new", "b\n", in: hive.b)
    try (hive.b / "free").remove()
    #expect(
      try ask("CHANGELOG.md", "new", "free", of: hive).standardOutput == """
        CHANGELOG.md: being changed by b (Beta), not committed yet [shared.overlap: warning if the two do not merge], shared (changelog)
        new: being changed by b (Beta), not committed yet
        free: being changed by b (Beta), not committed yet

        """)
    try hive.repository.git(["add", "--all"], in: hive.b)
    try hive.repository.commit("feat: three (T-3)", in: hive.b)
    #expect(try ask("new", of: hive).standardOutput == "new: being changed by b (Beta), committed\n")
    try hive.repository.write("new", "again\n", in: hive.b)
    #expect(try ask("new", of: hive).standardOutput == "new: being changed by b (Beta), committed, and edited since\n")
    try hive.repository.git(["merge", "--quiet", "--ff-only", "stream/b"])
    try hive.repository.git(["checkout", "--quiet", "--", "new"], in: hive.b)
    #expect(try ask("new", of: hive).standardOutput.hasPrefix("new: changed on 'main'"), "merged, it is trunk's")
  }

  @Test("Where line ends are converted git is asked, and an untouched file is not taken for a changed one")
  func converted() throws {
    let hive = try hive()
    try hive.repository.git(["config", "core.autocrlf", "true"])
    #expect(try ask("free", of: hive).status == 0)
    try hive.repository.write("free", "2\r\n", in: hive.b)
    #expect(try ask("free", of: hive).status == 1)
  }

  @Test("Another stream's files and claims are named, with what a commit will be told")
  func owned() throws {
    let hive = try hive()
    _ = try hive.say("claim", "beta", "--for", "30m", "-m", "moving", in: hive.b)
    #expect(
      try ask("beta/y", of: hive).standardOutput == """
        beta/y: belongs to b (Beta) [ownership: warning]
        beta/y: claimed by b (Beta) for another 30 min: moving [shared.claimed: warning]

        """)
    #expect(try ask("beta/y", of: hive, in: hive.b).status == 0)
    let json = try hive.json("ask", "beta/y", "--json", in: hive.a)
    let answer = try #require((json["paths"] as? [[String: Any]])?.first)
    #expect(json["version"] as? Int == 1 && answer["free"] as? Bool == false)
    #expect(answer["owners"] as? [String] == ["b"])
    #expect((answer["claim"] as? [String: Any])?["stream"] as? String == "b")
    #expect((answer["rules"] as? [[String: Any]])?.map { $0["rule"] as? String } == ["ownership", "shared.claimed"])
  }

  @Test("Asking changes nothing: not the index, not its times, no ref")
  func readOnly() throws {
    let hive = try hive()
    let index = hive.repository.path / ".git/worktrees/b/index"
    let before = try #require(try index.status())
    let refs = try hive.repository.git(["for-each-ref"])
    _ = try ask(".", "free", "src", of: hive)
    #expect(try index.status() == before)
    #expect(try hive.repository.git(["for-each-ref"]) == refs)
  }

  @Test("A brief has all that a stream's plan and the repository say of it")
  func brief() throws {
    let hive = try hive()
    try hive.repository.write("CHANGELOG.md", "# Changes\n\n- b\n", in: hive.b)
    #expect(
      try hive.say("brief", "a", in: hive.repository.path) == """
        # a (Alpha)

        branch stream/a
        worktree \(hive.a)

        ## Issues

        - T-1: one
        - T-2: two, without a commit: preflight done T-2, after T-1 (not done)

        ## Key files

        - alpha/**

        ## Shared files (preflight ask PATH before you touch one)

        - CHANGELOG.md (changelog): being changed by b (Beta)
        - src/index.ts (barrel)

        ## Your export stubs

        - src/index.ts:4: // export * from './alpha.js'

        ## Checks (preflight runs them)

        - tests: npm run 'all tests'

        ## When complete

        1. preflight
        2. git commit -m 'type(scope): description (T-1)'
        3. preflight finish (syncs, checks, pushes, says ready)

        """)
    let finishing = try PlannedHive(plan: "[finish]\nrun = [\"gh\", \"pr\", \"--head\", \"{branch}\"]\n" + Self.plan)
    #expect(
      try finishing.say("brief", "a", in: finishing.repository.path).hasSuffix(
        "\n3. preflight finish (syncs, checks, pushes, runs gh pr --head stream/a, says ready)\n"))
    #expect(try hive.say("brief", in: hive.b).contains("- T-3: three, after T-2 of a (Alpha) (not done)"))
    let stranger = try hive.repository.preflight("brief")
    #expect(stranger.status == 2)
    #expect(stranger.standardError.hasPrefix("preflight: error: this worktree's branch is no stream of the plan"))
  }
}
