import Platform
import TestSupport
import Testing

@Suite("HEAD during a commit")
struct MovedHeadTests {
  @Test("A HEAD that was switched between pre-commit and post-commit is said at once; one that stayed is not")
  func moved() throws {
    let repository = try TestRepository()
    try repository.commit("chore: plan", ["preflight.toml": ""])
    try repository.git(["branch", "elsewhere"])
    // What an agent in the same worktree does while a slow hook runs.
    let hook = repository.path / ".git/hooks/pre-commit"
    try hook.parent.createDirectories()
    try hook.write(
      Array("#!/bin/sh\n[ -e stay ] || git symbolic-ref HEAD refs/heads/elsewhere\n".utf8), permissions: 0o755)
    #expect(try repository.preflight("install").status == 0)
    try repository.write("file", "x\n")
    try repository.git(["add", "file"])
    let moved = try repository.attempt("git", ["commit", "-qm", "feat: x"])
    #expect(
      moved.standardError == """
        error: HEAD was switched from 'main' to 'elsewhere' while the commit was made: it is on 'elsewhere' now [branch.drift]
        hint: to see where it went: git log --oneline -1 elsewhere

        """)
    try repository.write("stay", "x\n")
    try repository.git(["add", "stay"])
    #expect(try repository.attempt("git", ["commit", "-qm", "feat: y"]).standardError == "")
  }
}
