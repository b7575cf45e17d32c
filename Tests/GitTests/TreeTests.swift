import Git
import Platform
import TestSupport
import Testing

@Suite("Trees")
struct TreeTests {
  /// Directories, files and names that git sorts in its own way.
  private let names: [String: String?] = [
    "a": "1\n", "a.b": "2\n", "a0": "3\n", "b/c/d": "4\n", "b.c/d": "5\n", "b-c": "6\n", "b/c.d": "7\n", "ü/ö": "8\n",
  ]

  @Test("A tree that is made of another one's entries is that tree")
  func roundTrip() throws {
    let repository = try TestRepository()
    try repository.commit("one", names)
    let opened = try repository.open()
    let root = try opened.commit(repository.tip("HEAD")).tree
    #expect(try opened.makeTree(opened.tree(root)) == root)
  }

  @Test("What is made is read here, and by nobody else until it is written")
  func making() throws {
    let repository = try TestRepository()
    try repository.commit("one", names)
    let before = try repository.git(["count-objects"])
    let opened = try repository.open()
    let blob = try opened.make(.blob, Array("new\n".utf8))
    let entry = Tree.Entry(name: Array("new".utf8)[...], value: TreeEntry(mode: 0o100644, id: blob))
    let tree = try opened.makeTree(Tree(entries: [entry]))
    #expect(try opened.blob(blob) == Array("new\n".utf8))
    #expect(try opened.entry(at: "new".utf8, in: tree) == entry.value)
    #expect(try opened.hasObject(tree))
    #expect(try !repository.open().hasObject(tree))
    #expect(try repository.git(["count-objects"]) == before)
    try opened.writeMadeObjects()
    #expect(try repository.git(["cat-file", "-p", "\(tree):new"]) == "new")
    #expect(try repository.git(["fsck", "--strict", "--no-dangling"]).isEmpty)
  }

  @Test("Three trees in step give every name once, in git's order, with what each tree has there")
  func walking() throws {
    let repository = try TestRepository()
    try repository.commit("base", names)
    let base = try repository.tip("HEAD")
    try repository.commit("ours: room for a directory", ["a": nil])
    try repository.commit("ours", ["a/x": "1\n", "b-c": "changed\n"])
    let ours = try repository.tip("HEAD")
    try repository.git(["checkout", "--quiet", "\(base)"])
    try repository.commit("theirs", ["0": "first\n", "a0": nil, "z": "last\n"])
    let theirs = try repository.tip("HEAD")
    let opened = try repository.open()
    func tree(_ commit: ObjectID) throws -> Tree { try opened.tree(opened.commit(commit).tree) }
    var rows: [String] = []
    Tree.walkInStep(base: try tree(base), ours: try tree(ours), theirs: try tree(theirs)) { triple in
      let marks = [("b", triple.base), ("o", triple.ours), ("t", triple.theirs)]
      let entry = (triple.base ?? triple.ours ?? triple.theirs)!  // a triple is never empty
      let name = String(decoding: entry.name, as: UTF8.self) + (entry.value.isTree ? "/" : "")
      rows.append("\(name) \(marks.map { $1 == nil ? "-" : $0 }.joined())")
    }
    #expect(
      rows == [
        "0 --t", "a b-t", "a.b bot", "a/ -o-", "a0 bo-", "b-c bot", "b.c/ bot", "b/ bot", "z --t", "ü/ bot",
      ])
  }

  @Test("Every name of a tree is found, file or directory, and no other is")
  func lookup() throws {
    let repository = try TestRepository()
    var files: [String: String?] = names
    for number in 0..<40 { files[number % 3 == 0 ? "n\(number)/x" : "n\(number)"] = "\(number)\n" }
    try repository.commit("one", files)
    let opened = try repository.open()
    let root = try opened.commit(repository.tip("HEAD")).tree
    let tree = try opened.tree(root)
    for entry in tree.entries { #expect(tree.entry(named: entry.name) == entry.value) }
    for name in ["", "0", "a-", "a.", "a.b.", "b.", "b/", "n", "n4/", "n40", "z", "ü/", "\u{ff}"] {
      #expect(tree.entry(named: name.utf8) == nil, "\(name)")
    }
    for (path, _) in files { #expect(try opened.entry(at: Array(path.utf8), in: root)?.isFile == true, "\(path)") }
    #expect(try opened.entry(at: Array("/b//c/".utf8), in: root)?.isTree == true)
    #expect(try opened.entry(at: Array("a/b".utf8), in: root) == nil)
    #expect(try opened.entry(at: [], in: root)?.id == root)
  }
}
