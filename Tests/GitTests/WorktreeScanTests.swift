import Git
import Platform
import TestSupport
import Testing

@Suite("One pass over a worktree beside its index")
struct WorktreeScanTests {
  private static let hour: Int64 = 3_600_000_000_000

  private func scan(_ place: FilePath, seconds: Int64 = 60) throws -> WorktreeScan? {
    let now = Clock.nowInNanoseconds()
    let span = seconds * 1_000_000_000
    return WorktreeScan(of: try RepositoryLayout(around: place), writtenIn: now - span...now + span)
  }

  private func text(_ paths: [[UInt8]]) -> Set<String> { Set(paths.map { String(decoding: $0, as: UTF8.self) }) }

  @Test("What git has just written is nobody's work; what somebody writes afterwards is, be it the same bytes")
  func written() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start", ["a/b/c.txt": "c\n", "a/d.txt": "d\n", "a.txt": "a\n", "e.txt": "e\n"])
    let desk = try repository.addWorktree("desk", branch: "topic")
    #expect(try #require(try scan(desk)).written == [])
    try repository.write("a/b/c.txt", "c\n", in: desk)
    try repository.write("e.txt", "new\n", in: desk)
    try (desk / "e.txt").setModified(Clock.nowInNanoseconds() - Self.hour)
    let found = try #require(try scan(desk))
    #expect(text(found.written.map(\.path)) == ["a/b/c.txt"])
    #expect(found.untracked == [])
    try repository.git(["update-index", "--assume-unchanged", "a/b/c.txt"], in: desk)
    #expect(try #require(try scan(desk)).written == [])
  }

  @Test("Untracked directories are named whatever their age, untracked files where they are new, at every depth")
  func untracked() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start", ["a/b/c.txt": "c\n", "top.txt": "t\n", ".gitignore": "*.log\n"])
    for file in ["a/b/new.txt", "a/old.txt", "a/x.log", "dir/inner/f.txt"] { try repository.write(file, "x\n") }
    try (repository.path / "a/old.txt").setModified(Clock.nowInNanoseconds() - Self.hour)
    try (repository.path / "node_modules").createLink(to: "/tmp")
    let found = try #require(try scan(repository.path))
    #expect(text(found.untracked) == ["a/b/new.txt", "a/x.log", "dir", "node_modules"])
  }

  @Test("A directory that has become a link is not looked through, a file in a directory's place not looked into")
  func links() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start", ["a/f.txt": "a\n", "b/f.txt": "b\n", "c/f.txt": "c\n"])
    let desk = try repository.addWorktree("desk", branch: "topic")
    for name in ["a", "b"] { try (desk / name).removeRecursively() }
    try (desk / "a").createLink(to: "c")
    try repository.write("b", "a file\n", in: desk)
    let found = try #require(try scan(desk))
    #expect(found.written == [])
    #expect(found.untracked == [])
  }

  @Test("It finds what git finds", arguments: 0..<12)
  func agreement(round: Int) throws {
    var generator = SeededGenerator.announced()
    let repository = try TestRepository()
    let names = (0..<30).map { _ in
      (0..<Int.random(in: 1...4, using: &generator)).map { _ in "n\(Int.random(in: 0..<4, using: &generator))" }
        .joined(separator: "/")
    }
    // A file cannot lie below another one.
    let files = Set(names).filter { name in !names.contains { $0.hasPrefix(name + "/") } }.sorted()
    try repository.commit("feat: start", Dictionary(uniqueKeysWithValues: files.map { ($0, "\($0)\n") }))
    try repository.git(["config", "index.version", ["2", "3", "4"][round % 3]])
    let desk = try repository.addWorktree("desk", branch: "topic")
    for file in files where Int.random(in: 0..<4, using: &generator) == 0 {
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: try (desk / file).remove()
      case 1: try repository.write(file, "\(file)\n", in: desk)
      default: try repository.write(file, "edited\n", in: desk)
      }
    }
    for _ in 0..<6 {
      guard let file = files.randomElement(using: &generator) else { continue }
      try repository.write("\(file)+\(Int.random(in: 0..<9, using: &generator))", "new\n", in: desk)
    }
    let found = try #require(try scan(desk))
    let touched = try lines(["diff-files", "--name-only", "-z", "--diff-filter=M"], desk, repository)
    let sure = text(found.written.map(\.path))
    #expect(sure.isSubset(of: touched), "\(sure.subtracting(touched))")
    #expect(touched.subtracting(sure).isSubset(of: text(found.uncertain.map(\.path))))
    let others = try lines(["ls-files", "--others", "-z"], desk, repository)
    #expect(text(found.untracked).filter { !(desk / $0).isDirectory }.isSubset(of: others))
    for file in others {
      let named = text(found.untracked)
      #expect(named.contains(file) || named.contains { file.hasPrefix($0 + "/") }, "\(file)")
    }
  }

  private func lines(_ command: [Argument], _ place: FilePath, _ repository: TestRepository) throws -> Set<String> {
    Set(try repository.git(command, in: place).split(separator: "\0").map(String.init))
  }

  @Test("An index that git alone reads is left to git")
  func unreadable() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start", ["a.txt": "a\n"])
    try repository.git(["update-index", "--split-index"])
    #expect(try scan(repository.path) == nil)
  }
}
