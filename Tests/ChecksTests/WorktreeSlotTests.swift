import Git
import Platform
import TestSupport
import Testing

@testable import Checks

@Suite("Slots")
struct WorktreeSlotTests {
  private func slot(_ place: FilePath) throws -> Int {
    try WorktreeSlot(of: RepositoryLayout(around: place)).number()
  }

  @Test("The main worktree is 0, each other has the smallest free number, and keeps it")
  func numbers() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start")
    let places = try ["c", "a", "b"].map { try repository.addWorktree($0, branch: $0) }
    #expect(try slot(repository.path) == 0)
    #expect(try places.map { try slot($0) } == [1, 2, 3])
    #expect(try places.reversed().map { try slot($0) } == [3, 2, 1])
    try repository.git(["worktree", "move", Argument(places[1]), Argument(repository.surroundings / "moved")])
    #expect(try slot(repository.surroundings / "moved") == 2)
  }

  @Test("A worktree that is gone, by whatever hand, frees its number")
  func freed() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start")
    let places = try ["a", "b"].map { try repository.addWorktree($0, branch: $0) }
    #expect(try places.map { try slot($0) } == [1, 2])
    try repository.git(["worktree", "remove", Argument(places[0])])
    #expect(try slot(repository.addWorktree("c", branch: "c")) == 1)
  }

  @Test("Many that ask at once get different numbers")
  func atOnce() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start")
    let places = try (0..<12).map { try repository.addWorktree("w\($0)", branch: "w\($0)") }
    runConcurrently(places.count) { index in _ = try? WorktreeSlot(of: RepositoryLayout(around: places[index])).number()
    }
    #expect(try Set(places.map { try slot($0) }) == Set(1...12))
  }

  @Test("A copied git directory does not make two of one number")
  func copied() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start")
    let places = try ["a", "b"].map { try repository.addWorktree($0, branch: $0) }
    _ = try slot(places[0])
    let registry = repository.path / ".git/worktrees"
    try (registry / "b/preflight").createDirectories()
    try (registry / "b/preflight/slot").write(try (registry / "a/preflight/slot").contents())
    #expect(try places.map { try slot($0) } == [1, 2])
  }

  @Test("A command is told its stream, its worktree and its slot, and nothing of another's")
  func environment() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start")
    let place = try repository.addWorktree("a", branch: "a")
    var user = repository.environment
    user["PREFLIGHT_STREAM"] = "another"
    user["GIT_DIR"] = "/elsewhere"
    let environment = user.forCommand(in: try RepositoryLayout(around: place), stream: nil)
    #expect(environment["PREFLIGHT_STREAM"] == nil && environment["GIT_DIR"] == nil)
    #expect(environment["PREFLIGHT_WORKTREE"] == place.description && environment["PREFLIGHT_SLOT"] == "1")
    #expect(environment["HOME"] == user["HOME"])
    let named = user.forCommand(in: try RepositoryLayout(around: repository.path), stream: "ws1")
    #expect(named["PREFLIGHT_STREAM"] == "ws1" && named["PREFLIGHT_SLOT"] == "0")
  }
}
