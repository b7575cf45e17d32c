import Git
import Platform
import TestSupport
import Testing

@Suite("What is not committed")
struct StatusTests {
  private func paths(_ repository: TestRepository) throws -> [String] {
    try repository.open().uncommittedPaths().map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("Edits, staged files, both ends of a rename and untracked files are in it; ignored files are not")
  func everything() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start", ["a": "1\n", "b": "1\n", "c d\n": "long enough to be found again\n"])
    #expect(try paths(repository) == [])
    try repository.write("a", "2\n")
    try repository.write("new dir/x", "1\n")
    try repository.write(".gitignore", "ignored\n")
    try repository.write("ignored", "1\n")
    try repository.git(["mv", "c d\n", "moved"])
    #expect(try Set(paths(repository)) == ["a", "c d\n", "moved", ".gitignore", "new dir/x"])
  }

  @Test("What the user's configuration hides from 'git status' is in it all the same")
  func hidden() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start", ["a": "1\n"])
    try repository.git(["config", "status.showUntrackedFiles", "no"])
    try repository.git(["config", "status.relativePaths", "true"])
    try repository.write("dir/x", "1\n")
    #expect(try paths(repository) == ["dir/x"])
  }

  @Test("A command of the project's own is bound to no repository and keeps what the user has set")
  func unbound() {
    let own = Environment(["GIT_AUTHOR_NAME": "A", "LC_ALL": "de_DE.UTF-8", "PATH": "/bin"])
    var bound = own
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX"] { bound[name] = "x" }
    #expect(GitCommand.unbound(bound) == own)
  }
}
