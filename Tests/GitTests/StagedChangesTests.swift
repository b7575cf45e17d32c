import Platform
import TestSupport
import Testing

@testable import Git

/// What git itself says is staged.
private func gitsAnswer(_ repository: TestRepository, against base: ObjectID?) throws -> [TreeChange] {
  let tree = try base ?? repository.open().emptyTree
  let output = try repository.attempt(
    "git",
    ["diff", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--ita-invisible-in-index", "\(tree)"])
  return try RawDiff(Array(output.standardOutput.utf8)).changes
}

extension TestRepository {
  /// `mode`, path and contents' name by turns, as for `git update-index --index-info`; mode 0 takes the path out.
  fileprivate func stage(_ lines: [String]) throws {
    try git(["update-index", "-z", "--index-info"], input: Array(lines.map { $0 + "\0" }.joined().utf8))
  }

  /// A commit of what the index holds, on no branch; the index notes its trees.
  fileprivate func commitIndex() throws -> ObjectID {
    let tree = try git(["write-tree", "--missing-ok"])
    return try #require(ObjectID(hex: git(["commit-tree", "-m", "one", Argument(tree)])))
  }
}

@Suite("Staged changes from the bytes of the index")
struct StagedChangesTests {
  /// Names that sort differently as files and as directories, so that one becomes the other.
  private static let paths =
    ["a", "a-b", "a.b", "a/b", "a/b/c", "a/b.c", "a/c/d/e", "a0", "b/ü", "b/x y", "b/z/z/z", "c", "d/d", "d/e", "é"]
    + (0..<12).map { "e/\($0)/f" } + (0..<12).map { "f/g/\($0)" } + ["long/" + String(repeating: "n", count: 5000)]

  private static func randomLine(_ generator: inout SeededGenerator) -> String {
    let path = paths.randomElement(using: &generator)!
    guard Int.random(in: 0..<4, using: &generator) > 0 else { return "0 \(String(repeating: "0", count: 40))\t\(path)" }
    let mode = ["100644", "100644", "100755", "120000", "160000"].randomElement(using: &generator)!
    let id = String(repeating: ["1", "2", "3"].randomElement(using: &generator)!, count: 40)
    return "\(mode) \(id)\t\(path)"
  }

  @Test("agree with git, whatever is staged, in every version of the index", arguments: [2, 3, 4])
  func random(version: Int) throws {
    for seed in UInt64(1)...6 {
      var generator = SeededGenerator(seed: seed)
      let repository = try TestRepository()
      try repository.git(["config", "index.version", "\(version)"])
      var bases: [ObjectID?] = [nil]
      for step in 0..<12 {
        try repository.stage((0..<Int.random(in: 1...8, using: &generator)).map { _ in Self.randomLine(&generator) })
        if step == 5, version > 2 { try addMarks(repository) }
        if step % 3 == 1, step < 5 { bases.append(try repository.commitIndex()) }
        let opened = try repository.open()
        for base in bases {
          let changes = try #require(try opened.indexChanges(against: base), "seed \(seed), step \(step)")
          #expect(try changes == gitsAnswer(repository, against: base), "seed \(seed), step \(step)")
        }
      }
      let index = try (repository.path / ".git/index").contents()
      #expect(Int(index[7]) == version || version == 3 && index[7] == 2)
    }
  }

  /// Entries with flags that only version 3 and newer hold.
  private func addMarks(_ repository: TestRepository) throws {
    try repository.write("noted/file", "x\n")
    try repository.write("zz", "x\n")
    try repository.git(["add", "--intent-to-add", "noted/file", "zz"])
    try repository.stage(["100644 \(String(repeating: "4", count: 40))\tskipped"])
    try repository.git(["update-index", "--skip-worktree", "skipped"])
  }

  @Test("are found in 5,000 files with a cache tree that is whole, torn or missing")
  func manyFiles() throws {
    let repository = try TestRepository()
    let id = String(repeating: "1", count: 40)
    try repository.stage((0..<5000).map { "100644 \(id)\tsource/\($0 % 50)/part\($0 % 7)/\($0).ts" })
    let base = try repository.commitIndex()
    let opened = try repository.open()
    #expect(try opened.indexChanges(against: base) == [])
    try repository.stage([
      "100644 \(String(repeating: "2", count: 40))\tsource/7/part0/7.ts", "100755 \(id)\tsource/new",
    ])
    #expect(try opened.indexChanges(against: base) == gitsAnswer(repository, against: base))
    _ = try repository.commitIndex()
    #expect(try opened.indexChanges(against: base)?.count == 2)
    let lines = try repository.git(["ls-files", "--stage"])
    try (repository.path / ".git/index").remove()
    try repository.git(["update-index", "--index-info"], input: Array(lines.utf8))
    #expect(try opened.indexChanges(against: base) == gitsAnswer(repository, against: base))
  }

  @Test(
    "are read beside what only speeds git up",
    arguments: [
      ["update-index", "--fsmonitor"], ["update-index", "--untracked-cache"], ["update-index", "--index-version=4"],
      ["-c", "index.threads=2", "update-index", "--force-write-index"],
    ])
  func optionalExtensions(arguments: [String]) throws {
    let repository = try TestRepository()
    let base = try repository.commit("one", ["a/b": "1\n", "c": "1\n"])
    try repository.git(arguments.map { Argument($0) })
    try repository.write("a/b", "2\n")
    try repository.git(["add", "a/b"])
    let changes = try #require(try repository.open().indexChanges(against: base))
    #expect(try changes == gitsAnswer(repository, against: base))
    #expect(changes.map(\.path) == [Array("a/b".utf8)])
  }

  @Test("are read without the checksum that git leaves out (index.skipHash)")
  func withoutChecksum() throws {
    let repository = try TestRepository()
    let base = try repository.commit("one", ["a": "1\n"])
    let file = repository.path / ".git/index"
    let bytes = try file.contents()
    try file.write(bytes.dropLast(20) + [UInt8](repeating: 0, count: 20))
    #expect(try repository.open().indexChanges(against: base) == [])
  }

  @Test("of `commit`, `commit --all` and `commit -- path` are those of the index that git gave to the hook")
  func hookIndexes() throws {
    for arguments in [["--message=x"], ["--message=x", "--all"], ["--message=x", "--", "d/e/f"]] {
      let repository = try TestRepository()
      let base = try repository.commit("one", ["a": "1\n", "b/c": "1\n", "d/e/f": "1\n", "d/g": "1\n"])
      for file in ["a", "b/c", "d/e/f"] { try repository.write(file, "2\n") }
      try repository.git(["add", "a"])
      let hook = repository.path / ".git/hooks/pre-commit"
      try hook.parent.createDirectories()
      try hook.write(
        Array(
          "#!/bin/sh\ncp \"$GIT_INDEX_FILE\" seen\ngit diff --cached --raw -z --no-renames --no-abbrev >said\n".utf8),
        permissions: 0o755)
      try repository.git(["commit", "--quiet"] + arguments.map { Argument($0) })
      repository.environment["GIT_INDEX_FILE"] = "seen"
      let changes = try #require(try repository.open().indexChanges(against: base))
      #expect(try changes == RawDiff((repository.path / "said").contents()).changes)
      #expect(!changes.isEmpty)
    }
  }

  @Test(
    "of formats that this reader does not know are git's to tell",
    arguments: ["split", "sparse", "sha256", "unmerged", "gone"])
  func leftToGit(format: String) throws {
    let repository = try TestRepository(options: format == "sha256" ? ["--object-format=sha256"] : [])
    let base = try repository.commit("one", ["a/b": "1\n", "c/d/e": "1\n", "f": "1\n"])
    switch format {
    case "split": try repository.git(["update-index", "--split-index"])
    case "sha256": break
    case "sparse": try repository.git(["sparse-checkout", "set", "--cone", "--sparse-index", "a"])
    case "unmerged":
      let id = try repository.git(["rev-parse", "HEAD:f"])
      try repository.git(["rm", "--quiet", "--cached", "f"])
      try repository.stage((1...3).map { "100644 \(id) \($0)\tf" })
    default: try (repository.path / ".git/index").remove()
    }
    if format != "gone" {
      try repository.write("a/b", "2\n")
      try repository.git(["add", "a/b"])
    }
    let opened = try repository.open()
    #expect(try opened.indexChanges(against: base) == nil)
    #expect(try opened.stagedChanges(against: base) == gitsAnswer(repository, against: base))
  }

  @Test("do not name a file whose mode git once wrote otherwise into the tree")
  func modesOfOld() throws {
    let repository = try TestRepository()
    try repository.commit("one", ["a": "1\n"])
    let blob = try repository.git(["rev-parse", "HEAD:a"])
    let contents = Array("100664 a\0".utf8) + ObjectID(hex: blob)!.bytes
    let tree = try repository.git(["hash-object", "-t", "tree", "-w", "--stdin", "--literally"], input: contents)
    let base = try #require(ObjectID(hex: tree))
    #expect(try gitsAnswer(repository, against: base) == [])
    #expect(try repository.open().indexChanges(against: base) == [])
  }

  @Test("No bytes in an index make the reader crash", arguments: [2, 3, 4])
  func damage(version: Int) throws {
    var generator = SeededGenerator.announced()
    let repository = try TestRepository()
    try repository.git(["config", "index.version", "\(version)"])
    try repository.stage((0..<40).map { _ in Self.randomLine(&generator) })
    let base = try repository.commitIndex()
    try repository.stage([Self.randomLine(&generator)])
    if version == 3 { try addMarks(repository) }
    let file = repository.path / ".git/index"
    let whole = try file.contents()
    let opened = try repository.open()
    for _ in 0..<1500 {
      try file.write(Self.damaged(whole, &generator))
      _ = try? opened.indexChanges(against: base)
    }
    // Every beginning of it, which must not be read as an index of its own.
    for count in stride(from: 0, to: whole.count, by: 37) {
      try file.write(Array(whole[..<count]))
      _ = try? opened.indexChanges(against: base)
    }
  }

  private static func damaged(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let place = Int.random(in: 4..<bytes.count, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes[place] = .random(in: 0 ... .max, using: &generator)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 2: bytes[place] = [0, 0x2d, 0x2f, 0x30, 0x7f, 0x80, 0xff].randomElement(using: &generator)!
      case 3: bytes.remove(at: place)
      default: bytes.insert(.random(in: 0 ... .max, using: &generator), at: place)
      }
    }
    return bytes
  }

  @Test("A path of thousands of directories is left to git")
  func depth() throws {
    let repository = try TestRepository()
    let name = String(repeating: "a/", count: 20_000) + "a"
    var entry = [UInt8](repeating: 0, count: 24) + [0, 0, 0x81, 0xa4] + [UInt8](repeating: 0, count: 12)
    entry += [UInt8](repeating: 1, count: 20) + [0x0f, 0xff] + Array(name.utf8)
    repeat { entry.append(0) } while entry.count % 8 != 0
    let header = Array("DIRC".utf8) + [0, 0, 0, 2, 0, 0, 0, 1]
    try (repository.path / ".git/index").write(header + entry + [UInt8](repeating: 0, count: 20))
    #expect(try repository.open().indexChanges(against: nil) == nil)
  }
}
