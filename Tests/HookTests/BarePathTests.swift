import Platform
import TestSupport
import Testing

@Suite("Hooks without a PATH")
struct BarePathTests {
  @Test("A commit is judged and made as ever where git was started with a bare environment, as by a GUI")
  func commits() throws {
    let repository = try TestRepository()
    try repository.commit("chore: plan", ["preflight.toml": "[[shared]]\npaths = [\"a\"]\n"])
    #expect(try repository.preflight("install").status == 0)
    try repository.git(["switch", "-qc", "topic"])
    let search = repository.environment["PATH"] ?? ""
    let git = try #require(
      search.split(separator: ":").map { FilePath(String($0)) / "git" }.first { $0.canBeExecuted })
    repository.environment["PATH"] = nil
    try repository.write("a", "1\n")
    #expect(try repository.attempt(git, ["add", "a"]).status == 0)
    let refused = try repository.attempt(git, ["commit", "-qm", "no header"])
    #expect(refused.status == 1)
    #expect(refused.standardError.contains("[message.grammar]"))
    let made = try repository.attempt(git, ["commit", "-qm", "feat: add a"])
    #expect(made.status == 0)
    #expect(made.standardError == "")
  }
}
