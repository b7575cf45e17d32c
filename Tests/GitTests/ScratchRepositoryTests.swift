import Git
import Platform
import TestSupport
import Testing

@Suite("Predictions in a scratch repository")
struct ScratchRepositoryTests {
  private func file(_ text: String, path: String = "d/ü \"x\".txt") -> ScratchRepository.File {
    .init(path: Array(path.utf8), contents: Array(text.utf8))
  }

  @Test("git's verdict is read, and no object is written to the user's repository")
  func verdict() throws {
    let repository = try TestRepository()
    try repository.commit("one", ["a": "a\n"])
    let before = try repository.git(["count-objects"])
    let scratch = try ScratchRepository(borrowingFrom: repository.open())
    #expect(
      try scratch.merge(base: [file("a\n\nb\n\nc\n")], ours: [file("A\n\nb\n\nc\n")], theirs: [file("a\n\nb\n\nC\n")])
        == .clean)
    #expect(
      try scratch.merge(base: [file("a\n\nb\n")], ours: [file("x\n\nb\n")], theirs: [file("y\n\nb\n")])
        == .conflict(paths: [Array("d/ü \"x\".txt".utf8)]))
    #expect(try repository.git(["count-objects"]) == before)
    #expect(try repository.git(["for-each-ref", "--format=%(refname)"]) == "refs/heads/main")
  }

  @Test("Attributes of the working tree and drivers of the configuration decide, as in a real merge")
  func attributes() throws {
    let repository = try TestRepository()
    try repository.write(".gitattributes", "*.log merge=union\n")
    try repository.commit("one", ["a": "a\n"])
    let scratch = try ScratchRepository(borrowingFrom: repository.open())
    #expect(
      try scratch.merge(
        base: [file("a\n", path: "x.log")], ours: [file("a\nb\n", path: "x.log")],
        theirs: [file("a\nc\n", path: "x.log")]) == .clean)
  }

  @Test("In a SHA-256 repository git reads everything")
  func sha256() throws {
    let repository = try TestRepository(options: ["--object-format=sha256"])
    let commit = try repository.commit("one", ["d/a": "a\n"])
    #expect(commit.byteCount == 32)
    let opened = try repository.open()
    #expect(opened.isReadByGit)
    let tree = try opened.commit(commit).tree
    let blob = try #require(try opened.entry(at: "d/a".utf8, in: tree))
    #expect(try opened.blob(blob.id) == Array("a\n".utf8))
    #expect(try opened.headCommit() == commit)
    let scratch = try ScratchRepository(borrowingFrom: opened)
    #expect(try scratch.merge(base: [file("a\n")], ours: [file("b\n")], theirs: [file("a\n")]) == .clean)
  }

  @Test("Commits that nobody has made are merged in one go, by the attributes that are laid out")
  func merges() throws {
    let repository = try TestRepository()
    let base = try repository.commit("one", ["a": "a\nb\nc\n", "d/e": "e\n"])
    let before = try repository.git(["count-objects", "--verbose"])
    let opened = try repository.open()
    let tree = try opened.commit(base).tree
    let scratch = try ScratchRepository(borrowingFrom: opened, hasOwnAttributes: true)
    func edit(_ text: String) -> ScratchRepository.Snapshot {
      .init(parents: [base], tree: tree, replaced: [Array("a".utf8): .contents(Array(text.utf8), mode: 0o100644)])
    }
    let gone = ScratchRepository.Snapshot(
      parents: [base], tree: tree,
      replaced: [Array("d/e".utf8): .deletion, Array("d".utf8): .contents(Array("d\n".utf8), mode: 0o100644)])
    let ids = try scratch.commit([edit("A\nb\nc\n"), edit("B\nb\nc\n"), edit("a\nb\nC\n"), gone])
    let merges = try scratch.merges([(ids[0], ids[1]), (ids[0], ids[2]), (ids[2], ids[3])])
    #expect(merges.map(\.isClean) == [false, true, true])
    #expect(merges.map(\.conflicts) == [[Array("a".utf8)], [], []])
    try scratch.placeAttributes([.init(path: Array(".gitattributes".utf8), contents: Array("a merge=union\n".utf8))])
    #expect(try scratch.merges([(ids[0], ids[1])]).map(\.isClean) == [true])
    let many = try scratch.merges(Array(repeating: (ids[0], ids[2]), count: 20))
    #expect(many.count == 20)
    #expect(many.allSatisfy { $0 == merges[1] })
    #expect(try repository.git(["count-objects", "--verbose"]) == before)
  }
}
