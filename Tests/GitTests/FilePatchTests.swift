import Git
import Platform
import TestSupport
import Testing

@Suite("The text of a patch")
struct FilePatchTests {
  /// Lines as they are compared: without blanks, and without what says where they stand.
  private func lines(ofDiff text: String) -> String {
    var isInHunk = false
    var result = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("@@") {
        isInHunk = true
      } else if isInHunk, let origin = line.first, origin != "\\" {
        result += (origin == " " ? "" : String(origin)) + line.dropFirst().filter { !" \t\r".contains($0) }
      }
    }
    return result
  }

  @Test(
    "Is that of git's own diff, whatever is read meanwhile (optimised, it was read from memory that was free again)")
  func likeGit() throws {
    var generator = SeededGenerator.announced()
    let repository = try TestRepository()
    func text() -> [UInt8] {
      let lines = (0..<40).map { _ in "line \(generator.next(below: 12)) \t of a file\n" }
      return Array(lines.joined().utf8)
    }
    let opened = try repository.open()
    for _ in 0..<20 {
      let versions = [text(), text()]
      let ids = try versions.map { bytes in
        try repository.write("file", bytes)
        let id = try repository.git(["hash-object", "-w", "file"])
        return try #require(ObjectID(hex: id))
      }
      let change = TreeChange(
        path: Array("file".utf8), old: TreeEntry(mode: 0o100644, id: ids[0]), new: TreeEntry(mode: 0o100644, id: ids[1])
      )
      let patch = try #require(try opened.patchText(of: change))
      let diff = try repository.git(["diff", "--no-color", "--no-ext-diff", "\(ids[0])", "\(ids[1])"])
      #expect(String(decoding: patch, as: UTF8.self) == lines(ofDiff: diff))
    }
  }

  @Test("A file with NUL near its start has none")
  func binary() throws {
    let repository = try TestRepository()
    try repository.write("file", [0x61, 0x00, 0x0A])
    let id = try #require(ObjectID(hex: try repository.git(["hash-object", "-w", "file"])))
    let change = TreeChange(path: Array("file".utf8), old: nil, new: TreeEntry(mode: 0o100644, id: id))
    #expect(try repository.open().patchText(of: change) == nil)
  }
}
