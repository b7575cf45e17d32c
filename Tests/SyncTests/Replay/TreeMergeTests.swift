import ContentMerging
import Git
import Platform
import Sync
import TestSupport
import Testing

@Suite("Merging three trees")
struct TreeMergeTests {
  typealias Files = [String: String]

  /// Three sets of files, and what is known of their merge without git.
  struct Case: CustomTestStringConvertible, Sendable {
    enum Expectation: Equatable, Sendable {
      case merged(Files)
      case conflict([String])
      case undecided
    }

    let name: String
    let base: Files
    let ours: Files
    let theirs: Files
    let expected: Expectation

    init(_ name: String, _ base: Files, _ ours: Files, _ theirs: Files, _ expected: Expectation) {
      (self.name, self.base, self.ours, self.theirs, self.expected) = (name, base, ours, theirs, expected)
    }

    var testDescription: String { name }
  }

  static let lines = "1\n2\n3\n4\n5\n"

  static let cases = [
    Case(
      "different files in different directories", ["a/x": "1\n", "b/y": "1\n"], ["a/x": "2\n", "b/y": "1\n"],
      ["a/x": "1\n", "b/y": "2\n"], .merged(["a/x": "2\n", "b/y": "2\n"])),
    Case(
      "different files in one directory", ["a/x": "1\n", "a/y": "1\n"], ["a/x": "2\n", "a/y": "1\n", "a/n": "n\n"],
      ["a/x": "1\n"], .merged(["a/x": "2\n", "a/n": "n\n"])),
    Case(
      "the same change twice", ["x": "1\n"], ["x": "2\n"], ["x": "2\n", "y": "1\n"], .merged(["x": "2\n", "y": "1\n"])),
    Case(
      "lines with an untouched one between", ["x": lines], ["x": "1\n2\n3\n4\nV\n"], ["x": "I\n2\n3\n4\n5\n"],
      .merged(["x": "I\n2\n3\n4\nV\n"])),
    Case("lines that touch", ["x": lines], ["x": "1\nII\n3\n4\n5\n"], ["x": "1\n2\nIII\n4\n5\n"], .conflict(["x"])),
    Case(
      "lines that can be paired in several ways", ["x": "a\na\na\n"], ["x": "a\na\na\na\n"], ["x": "b\na\na\n"],
      .undecided),
    Case(
      "a change of what was deleted", ["x": lines, "y": "1\n"], ["y": "1\n"], ["x": "1\n", "y": "1\n"], .undecided),
    Case(
      "two different new files of one name", ["x": "1\n"], ["x": "1\n", "n": "a\n"], ["x": "1\n", "n": "b\n"],
      .undecided),
    Case(
      "one file, renamed by both to different names", ["a": lines, "z": "1\n"], ["b": lines, "z": "1\n"],
      ["c": lines, "z": "1\n"], .undecided),
    Case("one file, deleted by both", ["a": lines, "b": "1\n"], ["b": "2\n"], ["b": "1\n"], .merged(["b": "2\n"])),
    Case(
      "one file, deleted by both, and nothing added", ["a": lines, "b": "1\n", "c": "1\n"], ["b": "2\n", "c": "1\n"],
      ["b": "1\n", "c": "2\n"], .merged(["b": "2\n", "c": "2\n"])),
    Case(
      "one directory, emptied by both, its file renamed to different places", ["d/a": lines, "z": "1\n"],
      ["e/a": lines, "z": "1\n"], ["f/a": lines, "z": "1\n"], .undecided),
    Case(
      "a new file below a directory that the other side renamed", ["d/a": lines, "d/b": "1\n"],
      ["e/a": lines, "e/b": "1\n"], ["d/a": lines, "d/b": "1\n", "d/n": "new\n"], .undecided),
    Case(
      "a file on one side, a directory on the other", ["z": "1\n"], ["z": "1\n", "a": "1\n"],
      ["z": "1\n", "a/b": "1\n"],
      .undecided),
    Case(
      "the same with names that git sorts between the two", ["z": "1\n", "a.b": "1\n", "a-c": "1\n"],
      ["z": "1\n", "a.b": "1\n", "a-c": "1\n", "a": "1\n"], ["z": "1\n", "a.b": "1\n", "a-c": "2\n", "a/b": "1\n"],
      .undecided),
    Case("all that is left is deleted", ["a": "1\n", "d/b": "2\n"], ["a": "1\n"], ["d/b": "2\n"], .merged([:])),
    Case(
      "a conflict beside what only git can tell", ["x": lines, "y": "a\na\n"],
      ["x": "1\nII\n3\n4\n5\n", "y": "a\na\na\n"], ["x": "1\n2\nIII\n4\n5\n", "y": "b\na\n"], .undecided),
  ]

  @Test("decides what git's search for renames cannot change, and nothing else", arguments: cases)
  func verdict(_ test: Case) throws {
    let trees = try Trees()
    let (base, ours, theirs) = (try trees.make(test.base), try trees.make(test.ours), try trees.make(test.theirs))
    for (one, other) in [(ours, theirs), (theirs, ours)] {
      let outcome = try trees.merge(base, one, other)
      switch test.expected {
      case .merged(let files): #expect(outcome.verdict == .merged(try trees.make(files)))
      case .undecided: #expect(outcome.verdict == .undecided)
      case .conflict(let paths):
        guard case .conflict(let files) = outcome.verdict else {
          Issue.record("\(outcome)")
          continue
        }
        #expect(files.map { String(decoding: $0.path, as: UTF8.self) } == paths)
      }
    }
    #expect(try trees.repository.git(["count-objects"]) == "0 objects, 0 kilobytes")
  }

  @Test("One side's mode and the other side's contents are both taken")
  func modes() throws {
    let trees = try Trees()
    let base = try trees.make(["x": "1\n"])
    let merged = try trees.merge(base, try trees.make(["x": "1\n"], mode: 0o100755), try trees.make(["x": "2\n"]))
    #expect(merged.verdict == .merged(try trees.make(["x": "2\n"], mode: 0o100755)))
  }

  @Test("A symbolic link or a submodule that both sides changed is git's", arguments: [0o120000, 0o160000] as [UInt32])
  func links(_ mode: UInt32) throws {
    let trees = try Trees()
    let versions = try (1...3).map { try trees.make(["x": "\($0)\n", "y": "1\n"], mode: mode) }
    #expect(try trees.merge(versions[0], versions[1], versions[2]).verdict == .undecided)
  }

  @Test(
    "Attributes of what is merged onto keep a path from being decided",
    arguments: [
      ("*.txt merge=union", "d/x.txt", true), ("/d/*.txt -merge", "d/x.txt", true), ("x.* binary", "d/x.txt", true),
      ("[attr]mine -merge\nd/** mine", "d/e/x.txt", true), ("\"d/x.txt\" merge=ours", "d/x.txt", true),
      ("**/x.txt merge", "d/e/x.txt", true), ("*.md merge=union", "d/x.txt", false),
      ("/x.txt merge=union", "d/x.txt", false), ("*.txt text eol=crlf", "d/x.txt", false),
      ("# *.txt merge=union", "d/x.txt", false), ("d/*.txt merge=union", "d/e/x.txt", false),
      ("d/?.txt merge=union", "d/x.txt", true), ("d/[a-c].txt merge=union", "d/x.txt", true),
    ])
  func attributes(_ text: String, _ path: String, _ isGits: Bool) throws {
    let trees = try Trees()
    let sides = ["1\n2\n3\n", "I\n2\n3\n", "1\n2\nIII\n"]
    let versions = try sides.map { try trees.make([path: $0, ".gitattributes": text + "\n"]) }
    let verdict = try trees.merge(versions[0], versions[1], versions[2]).verdict
    #expect((verdict == .undecided) == isGits)
  }

  @Test("Attributes below count for their directory, those of info/attributes for all")
  func attributePlaces() throws {
    let trees = try Trees()
    func verdict(_ attributes: Files) throws -> TreeMerge.Verdict {
      let sides = ["1\n2\n3\n", "I\n2\n3\n", "1\n2\nIII\n"]
      let versions = try sides.map { try trees.make(attributes.merging(["d/x.txt": $0]) { $1 }) }
      return try trees.merge(versions[0], versions[1], versions[2]).verdict
    }
    #expect(try verdict(["d/.gitattributes": "*.txt -merge\n"]) == .undecided)
    #expect(try verdict(["e/.gitattributes": "*.txt -merge\n"]) != .undecided)
    try trees.repository.write(".git/info/attributes", "d/* -merge\n")
    #expect(try verdict([:]) == .undecided)
  }

  @Test("What a policy resolves is taken, and named even where git has to merge the rest")
  func policies() throws {
    let trees = try Trees()
    let base = try trees.make(["log": "1\n", "y": "a\na\n"])
    let ours = try trees.make(["log": "1\n2\n", "y": "a\na\n"])
    let theirs = try trees.make(["log": "1\n3\n", "y": "a\na\n"])
    let both = try trees.opened.make(.blob, Array("1\n2\n3\n".utf8))
    let entry = TreeEntry(mode: 0o100644, id: both)
    let policy: ContentMerge.Policy = { $0.path == Array("log".utf8) ? .resolved(entry) : nil }
    let outcome = try trees.merge(base, ours, theirs, policy: policy)
    #expect(outcome.verdict == .merged(try trees.make(["log": "1\n2\n3\n", "y": "a\na\n"])))
    let other = try trees.merge(
      base, trees.make(["log": "1\n2\n", "y": "a\na\na\n"]), trees.make(["log": "1\n3\n", "y": "b\na\n"]),
      policy: policy)
    #expect(other.verdict == .undecided)
    #expect(other.resolved.map(\.path) == [Array("log".utf8)])
    #expect(other.resolved.map(\.new) == [entry])
  }
}

/// Trees that are made of files, and never written.
struct Trees {
  let repository: TestRepository
  let opened: Repository

  init() throws {
    repository = try TestRepository()
    opened = try repository.open()
  }

  /// - Parameter mode: of every file, but for `.gitattributes`.
  func make(_ files: [String: String], mode: UInt32 = 0o100644) throws -> ObjectID {
    var entries: [Tree.Entry] = []
    for (name, inside) in Dictionary(grouping: files, by: { $0.key.prefix { $0 != "/" } }) {
      let value: TreeEntry
      if inside.count == 1, inside[0].key == name {
        let id = try opened.make(.blob, Array(inside[0].value.utf8))
        value = TreeEntry(mode: name == ".gitattributes" ? 0o100644 : mode, id: id)
      } else {
        let below = inside.map { (String($0.key.dropFirst(name.count + 1)), $0.value) }
        value = TreeEntry(mode: 0o40000, id: try make(Dictionary(uniqueKeysWithValues: below), mode: mode))
      }
      entries.append(Tree.Entry(name: Array(name.utf8)[...], value: value))
    }
    return try opened.makeTree(Tree(entries: entries.sorted { $0.order(against: $1) < 0 }))
  }

  func merge(
    _ base: ObjectID, _ ours: ObjectID, _ theirs: ObjectID, policy: @escaping ContentMerge.Policy = { _ in nil }
  ) throws -> TreeMerge.Outcome {
    let contents = try ContentMerge(opened, attributesOf: ours, policy: policy)
    return try TreeMerge(opened, decide: contents.verdict).merge(base: base, ours: ours, theirs: theirs)
  }
}
