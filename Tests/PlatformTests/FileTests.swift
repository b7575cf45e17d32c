import Foundation
import Platform
import Testing

func withTemporaryDirectory(_ body: (FilePath) throws -> Void) throws {
  let directory = try FilePath.temporaryDirectory(prefix: "platform-tests").resolved()
  defer { try? directory.removeRecursively() }
  try body(directory)
}

@Suite("Files")
struct FileTests {
  @Test("A write replaces the file as a whole, with its mode, and leaves nothing beside it")
  func atomicWrite() throws {
    try withTemporaryDirectory { directory in
      let file = directory / "file"
      try file.write(Array("old".utf8), permissions: 0o600)
      let before = try #require(try file.status())
      try file.write(Array("new".utf8), permissions: 0o640, durable: true)
      let after = try #require(try file.status())
      #expect(try file.contents() == Array("new".utf8))
      #expect(after.permissions == 0o640)
      #expect(after.inode != before.inode)
      #expect(try directory.entries() == ["file"])
    }
  }

  @Test("A write that fails leaves the old file and nothing beside it")
  func failedWrite() throws {
    try withTemporaryDirectory { directory in
      let target = directory / "directory"
      try target.createDirectories()
      try (target / "inside").write([1])
      #expect(throws: SystemError.self) { try target.write([2]) }
      #expect(try directory.entries() == ["directory"])
      #expect(try (target / "inside").contents() == [1])
    }
  }

  @Test("Writers side by side never mix: the file is always one of theirs")
  func concurrentWrites() throws {
    try withTemporaryDirectory { directory in
      let file = directory / "file"
      DispatchQueue.concurrentPerform(iterations: 64) { index in
        try? file.write([UInt8](repeating: UInt8(index), count: 100_000))
      }
      let contents = try file.contents()
      #expect(contents.count == 100_000)
      #expect(Set(contents).count == 1)
      #expect(try directory.entries() == ["file"])
    }
  }

  @Test("A name of the greatest length that is not UTF-8 is written, listed and removed")
  func oddName() throws {
    try withTemporaryDirectory { directory in
      let name = [UInt8](repeating: 0xff, count: 254) + [0x0a]
      try directory.appending(name).write([1])
      #expect(try directory.entries() == [FilePath(name)])
      try directory.appending(name).remove()
      #expect(try directory.entries().isEmpty)
    }
  }

  @Test("Of two who create a file one is told that it is there")
  func exclusiveCreation() throws {
    try withTemporaryDirectory { directory in
      let file = directory / "file"
      try file.create([1])
      let error = #expect(throws: SystemError.self) { try file.create([2]) }
      #expect(error?.code == EEXIST)
      #expect(try file.contents() == [1])
    }
  }

  @Test("A file in the way of a directory is an error, a directory is not")
  func createDirectories() throws {
    try withTemporaryDirectory { directory in
      try (directory / "a/b/c").createDirectories()
      try (directory / "a/b/c").createDirectories()
      #expect((directory / "a/b/c").isDirectory)
      try (directory / "file").write([])
      #expect(throws: SystemError.self) { try (directory / "file").createDirectories() }
      #expect(throws: SystemError.self) { try (directory / "file/below").createDirectories() }
    }
  }

  @Test("What is not there is nil where absence is expected, and an error elsewhere")
  func absence() throws {
    try withTemporaryDirectory { directory in
      #expect(try (directory / "no").contentsIfPresent() == nil)
      #expect(try (directory / "no").status() == nil)
      #expect(throws: SystemError.self) { try (directory / "no").contents() }
      try (directory / "no").remove()
    }
  }

  @Test("Symbolic links are looked at, read and removed as links")
  func links() throws {
    try withTemporaryDirectory { directory in
      try (directory / "target").createDirectories()
      try (directory / "target/kept").write([1])
      let link = directory / "link"
      try link.createLink(to: "target")
      #expect(try link.status()?.isSymbolicLink == true)
      #expect(try link.targetStatus()?.isDirectory == true)
      #expect(link.linkTarget() == "target")
      #expect(try link.resolved() == directory / "target")
      try link.removeRecursively()
      #expect(try directory.entries() == ["target"])
      #expect(try (directory / "target").entries() == ["kept"])
    }
  }

  @Test("Records appended by several writers are all there, each in one piece")
  func append() throws {
    try withTemporaryDirectory { directory in
      let file = directory / "log"
      DispatchQueue.concurrentPerform(iterations: 50) { index in
        try? file.append([UInt8](repeating: UInt8(ascii: "a") + UInt8(index % 26), count: 99) + [0x0a])
      }
      let lines = try file.contents().split(separator: 0x0a)
      #expect(lines.count == 50)
      #expect(lines.allSatisfy { Set($0).count == 1 && $0.count == 99 })
    }
  }
}

@Suite("Paths")
struct FilePathTests {
  @Test(
    "A path is taken apart at its last slash",
    arguments: [
      ("/a/b", "/a", "b"), ("/a", "/", "a"), ("a", ".", "a"), ("a/b//", "a", "b"), ("/", "/", ""),
    ])
  func components(path: String, parent: String, last: String) {
    #expect(FilePath(path).parent == FilePath(parent))
    #expect(FilePath(path).lastComponent == FilePath(last))
  }

  @Test(
    "Dots are removed without asking the disk",
    arguments: [("/a/../b/./c", "/b/c"), ("a/..", "."), ("../a", "../a"), ("/..", "/"), ("a//b/", "a/b")])
  func normalized(path: String, expected: String) {
    #expect(FilePath(path).normalized == FilePath(expected))
  }

  @Test(
    "A path is seen from another directory",
    arguments: [("/a/b", "/a", "b"), ("/a", "/a/b", ".."), ("/a/b", "/a/c", "../b"), ("/a", "/a", ".")])
  func relative(path: String, directory: String, expected: String) {
    #expect(FilePath(path).relative(to: FilePath(directory)) == FilePath(expected))
  }

  @Test("A path is inside a directory by whole components")
  func isInside() {
    #expect(FilePath("/a/b").isInside("/a"))
    #expect(FilePath("/a").isInside("/a"))
    #expect(FilePath("/a").isInside("/"))
    #expect(!FilePath("/ab").isInside("/a"))
  }
}
