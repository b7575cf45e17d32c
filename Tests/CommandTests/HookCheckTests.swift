import Platform
import TestSupport
import Testing

@Suite("Checks at commit and at push")
struct HookCheckTests {
  @Test("They run where the plan says so, once trusted, and a failing one stops the commit or the push")
  func occasions() throws {
    let repository = try TestRepository()
    let plan = """
      [[checks]]
      name = "commit-time"
      run = ["test", "!", "-e", "bad"]
      when = ["pre-commit"]

      [[checks]]
      name = "push-time"
      run = ["test", "!", "-e", "unpushable"]
      when = ["pre-push"]
      """
    try repository.commit("chore: plan", ["preflight.toml": plan])
    let origin = repository.surroundings / "origin.git"
    try repository.git(["init", "-q", "--bare", Argument(origin)])
    try repository.git(["remote", "add", "origin", Argument(origin)])
    #expect(try repository.preflight("install").status == 0)
    try repository.git(["switch", "-qc", "topic"])
    try repository.write("file", "x\n")
    try repository.git(["add", "file"])
    let untrusted = try repository.attempt("git", ["commit", "-qm", "feat: x"])
    #expect(untrusted.status == 1)
    #expect(untrusted.standardError.hasSuffix("hint: preflight trust\n"))
    #expect(try repository.preflight("trust", "--yes").status == 0)
    #expect(try repository.attempt("git", ["commit", "-qm", "feat: x"]).status == 0)

    try repository.write("bad", "x\n")
    try repository.git(["add", "bad"])
    let refused = try repository.attempt("git", ["commit", "-qm", "feat: bad"])
    #expect(refused.status == 1)
    #expect(refused.standardError.contains("commit-time"))
    try repository.git(["rm", "-qf", "--cached", "bad"])
    try (repository.path / "bad").remove()

    try repository.write("unpushable", "x\n")
    let stopped = try repository.attempt("git", ["push", "-q", "origin", "main", "topic"])
    #expect(stopped.status == 1)
    #expect(stopped.standardError.contains("push-time"))
    try (repository.path / "unpushable").remove()
    #expect(try repository.attempt("git", ["push", "-q", "origin", "main", "topic"]).status == 0)
  }
}
