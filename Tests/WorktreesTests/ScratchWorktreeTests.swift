import Git
import Platform
import TestSupport
import Testing

@testable import Worktrees

@Suite("A worktree of our own")
struct ScratchWorktreeTests {
  private func registered(_ grove: Grove) throws -> [String] {
    let registry = grove.repository.path / ".git/worktrees"
    return registry.isDirectory ? try registry.entries().map(\.description) : []
  }

  @Test("It is made at a commit, over what is left of the last, and goes without a trace")
  func life() throws {
    let grove = try Grove()
    let place = try grove.layout().stateDirectory / "scratch"
    let scratch = ScratchWorktree(at: place, of: try grove.layout(), environment: grove.repository.environment)
    let tip = try grove.repository.tip("main")
    for _ in 0..<2 {
      let worktree = try scratch.make(at: tip)
      #expect(try grove.repository.tip("HEAD", in: worktree.path) == tip)
      try grove.repository.write("file", "edited", in: worktree.path)
    }
    try scratch.remove()
    try scratch.remove()
    #expect(try registered(grove) == [] && !place.exists)
  }

  enum Remains: CaseIterable {
    case unnamed, noHead, onlyPlace, goneAfterwards
  }

  @Test("What a killed 'git worktree add' leaves of it is removed, and nobody else's", arguments: Remains.allCases)
  func remains(_ remains: Remains) throws {
    let grove = try Grove()
    let layout = try grove.layout()
    let place = layout.stateDirectory / "scratch"
    let registration = grove.repository.path / ".git/worktrees/scratch"
    let elsewhere = grove.repository.surroundings / "scratch1"
    try grove.repository.git(["worktree", "add", "--quiet", "--detach", Argument(elsewhere), "main"])
    try (remains == .onlyPlace ? place : registration).createDirectories()
    if remains != .onlyPlace { try (registration / "locked").write(Array("initializing".utf8)) }
    if remains == .noHead || remains == .goneAfterwards {
      try (registration / "HEAD").write([])
      try (registration / "gitdir").write(Array("\(place / ".git")\n".utf8))
    }
    if remains == .noHead {
      try place.createDirectories()
      try (place / ".git").write(Array("gitdir: \(registration)\n".utf8))
    }
    let scratch = ScratchWorktree(at: place, of: layout, environment: grove.repository.environment)
    let made = try scratch.make(at: try grove.repository.tip("main"))
    #expect(try grove.repository.read("file", in: made.path) == "1\n")
    try scratch.remove()
    #expect(try registered(grove) == ["scratch1"] && !place.exists)
    #expect(try grove.repository.git(["fsck", "--no-dangling"]) == "")
  }
}
