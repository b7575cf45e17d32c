import Platform
import TestSupport
import Testing

@Suite("preflight trust")
struct TrustCommandTests {
  private func plan(_ command: String) -> String {
    "[[checks]]\nname = \"tests\"\nrun = [\(command)]\n[launch]\nrun = [\"code\", \"{brief}\"]\n"
  }

  @Test("All commands are shown at first, later only what has changed; nothing is approved without a yes")
  func approval() throws {
    let repository = try TestRepository()
    try repository.commit("chore: plan", ["preflight.toml": plan(#""npm", "test""#)])
    let shown = """
        table         runs in   command
        checks.tests  worktree  npm test
        launch        worktree  code '{brief}'

      """
    #expect(
      try repository.preflight("trust")
        == CommandOutcome(
          status: 1, standardOutput: shown,
          standardError: """
            error: nothing was approved: there is no terminal to ask on
            hint: preflight trust --yes

            """))
    #expect(try repository.preflight("trust", "--list").standardOutput == "no command is approved\n")
    #expect(
      try repository.preflight("trust", "--yes")
        == CommandOutcome(
          status: 0, standardOutput: shown + "approved on this machine: 2 commands\n", standardError: ""))
    #expect(try repository.preflight("trust").standardOutput == "nothing to do: 2 commands approved already\n")

    try repository.commit("chore: plan", ["preflight.toml": plan(#""sh", "-c", "npm test\u001b[2K""#)])
    #expect(
      try repository.preflight("trust", "--yes").standardOutput == #"""
           table         runs in   command
        -  checks.tests  worktree  npm test
        +  checks.tests  worktree  sh -c 'npm test\x1b[2K'
        approved on this machine: 2 commands

        """#)
    try repository.commit("chore: plan", ["preflight.toml": ""])
    #expect(
      try repository.preflight("trust").standardOutput.hasSuffix("\nno command is approved any more\n"),
      "to approve less nobody has to be asked")
  }

  @Test("What was approved can be taken back")
  func revocation() throws {
    let repository = try TestRepository()
    try repository.commit("chore: plan", ["preflight.toml": plan(#""npm", "test""#)])
    #expect(try repository.preflight("trust", "--yes").status == 0)
    #expect(try repository.preflight("trust", "--revoke").standardOutput == "no command is approved any more\n")
    #expect(try repository.preflight("trust").status == 1)
  }

  @Test("Two things at once are refused as usage")
  func usage() throws {
    #expect(try TestRepository().preflight("trust", "--yes", "--list").status == 64)
  }

  private static let script: FilePath = "/usr/bin/script"

  /// util-linux's script(1) is the terminal.
  @Test(
    "On a terminal it asks, and 'yes' is the only yes", .enabled(if: script.canBeExecuted),
    arguments: [("yes\n", 0, true), ("y\n", 1, false), ("\n", 1, false)])
  func onTerminal(answer: String, status: Int32, isApproved: Bool) throws {
    let repository = try TestRepository()
    try repository.commit("chore: plan", ["preflight.toml": plan(#""npm", "test""#)])
    let command = "'\(try BuiltProducts.executable("preflight"))' trust"
    let outcome = try repository.attempt(
      Self.script, ["--quiet", "--return", "--command", Argument(command), "/dev/null"], input: Array(answer.utf8))
    #expect(outcome.status == status)
    #expect(outcome.standardOutput.contains("approve 2 new commands on this machine? Type 'yes':"))
    #expect(try repository.preflight("trust", "--list").standardOutput.contains("npm test") == isApproved)
  }
}
