import Platform
import TestSupport
import Testing

@testable import Git

@Suite("Configuration read in process")
struct ConfigurationTests {
  /// A home with the user's two files and a repository whose own file includes another.
  private func repository() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("one", ["a": "1\n"])
    let home = repository.surroundings / "home"
    repository.environment["GIT_CONFIG_GLOBAL"] = nil
    repository.environment["GIT_CONFIG_SYSTEM"] = (repository.surroundings / "system").description
    try (home / ".config/git").createDirectories()
    try (repository.surroundings / "system").write(Array("[core]\n\tabbrev = 9\n[One]\n\tTwo = system\n".utf8))
    try (home / ".config/git/config").write(Array("[one]\n\ttwo = xdg\n[a \"B.c\"]\n\td\n".utf8))
    try (home / ".gitconfig").write(
      Array("[one] two = \"user # \" ; comment\n[x]\n y = a \\\n  b\\t\\\"c\\\"\r\n z=\n[INCLUDE]\n path = more\n".utf8)
    )
    try (home / "more").write(Array("[one]\n\tthree = included\n\ttwo = again\n".utf8))
    return repository
  }

  private func expectGitsAnswer(
    _ repository: TestRepository, in place: FilePath? = nil, location: SourceLocation = #_sourceLocation
  ) throws {
    let opened = try repository.open(in: place)
    let own = try #require(opened.ownConfiguration(), sourceLocation: location)
    let git = try Configuration(git: opened.git)
    #expect(own == git, sourceLocation: location)
    #expect(own.isSet("user.name"), sourceLocation: location)
  }

  @Test("is what git lists, from the system's file to the worktree's own")
  func scopes() throws {
    let repository = try repository()
    try expectGitsAnswer(repository)
    let place = try repository.addWorktree("other", branch: "topic")
    try expectGitsAnswer(repository, in: place)
    try repository.git(["config", "extensions.worktreeConfig", "true"])
    try repository.git(["config", "--worktree", "one.two", "here"], in: place)
    try expectGitsAnswer(repository, in: place)
    try expectGitsAnswer(repository)
    #expect(try repository.open(in: place).configuration()["one.two"] == "here")
    #expect(try repository.open().configuration()["one.two"] == "again")
  }

  @Test("follows what is included on a branch only")
  func onBranch() throws {
    let repository = try repository()
    try repository.write(".git/topic-only", "[one]\n\ttwo = topic\n")
    try repository.git(["config", "includeIf.onbranch:topic/**.path", "topic-only"])
    try expectGitsAnswer(repository)
    try repository.git(["switch", "--quiet", "--create", "topic/x"])
    try expectGitsAnswer(repository)
    #expect(try repository.open().configuration()["one.two"] == "topic")
  }

  @Test(
    "is left to git where libgit2 would read it differently",
    arguments: [
      "[includeIf \"gitdir:/\"]\n\tpath = more\n", "[includeIf \"hasconfig:remote.*.url:x\"]\n\tpath = more\n",
      "[include]\n\tpath = ~/more\n",
    ])
  func conditions(text: String) throws {
    let repository = try repository()
    try (repository.surroundings / "home/.gitconfig").write(Array(text.utf8))
    let opened = try repository.open()
    #expect(opened.ownConfiguration() == nil)
    #expect(try opened.configuration() == Configuration(git: opened.git))
  }

  @Test("is left to git under 'git -c' and with another git's system file")
  func environments() throws {
    let repository = try repository()
    repository.environment["GIT_CONFIG_COUNT"] = "1"
    repository.environment["GIT_CONFIG_KEY_0"] = "one.two"
    repository.environment["GIT_CONFIG_VALUE_0"] = "given"
    #expect(try repository.open().configuration()["one.two"] == "given")
    repository.environment["GIT_CONFIG_COUNT"] = nil
    repository.environment["GIT_CONFIG_PARAMETERS"] = "'one.two=given'"
    #expect(try repository.open().configuration()["one.two"] == "given")
    repository.environment["GIT_CONFIG_PARAMETERS"] = nil
    #expect(try repository.open().ownConfiguration() != nil)
    repository.environment["GIT_CONFIG_SYSTEM"] = nil
    let tools = repository.surroundings / "opt/bin"
    try tools.createDirectories()
    try (tools / "git").write(Array("#!/bin/sh\nexec /usr/bin/git \"$@\"\n".utf8), permissions: 0o755)
    repository.environment["PATH"] = "\(tools):/usr/bin:/bin"
    #expect(try repository.open().ownConfiguration() == nil)
  }

  @Test("A file that git refuses is git's to refuse")
  func damage() throws {
    let repository = try repository()
    try (repository.surroundings / "home/.gitconfig").write(Array("[one\n".utf8))
    let opened = try repository.open()
    #expect(opened.ownConfiguration() == nil)
    #expect(throws: GitError.self) { try opened.configuration() }
  }
}
