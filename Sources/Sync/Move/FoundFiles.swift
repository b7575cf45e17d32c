import Git
import Platform
import StateFiles

/// Keeps the bytes of files that a recovery found in the way, as a tree under an undo ref: `git show REF:path`.
struct FoundFiles {
  private let record: MoveRecord
  private let repository: Repository

  init(_ record: MoveRecord, _ repository: Repository) {
    self.record = record
    self.repository = repository
  }

  /// Returns the ref.
  func keep(_ files: [(path: [UInt8], contents: [UInt8])]) throws(GitError) -> String {
    let index = IndexCopy.path(in: record.gitDirectory, named: "found")
    defer { IndexCopy.remove(in: index) }
    var git = repository.git
    git.environment[bytes: "GIT_INDEX_FILE"] = index.bytes
    try fileSystem { () throws(SystemError) in
      try index.parent.createDirectories()
      try index.remove()
    }
    var input: [UInt8] = []
    for (path, contents) in files {
      let blob = firstLine(try git.output(["hash-object", "-w", "--stdin"], input: contents))
      input += Array("100644 ".utf8) + blob + [UInt8(ascii: "\t")] + path + [0]
    }
    try git.output(["update-index", "--add", "-z", "--index-info"], input: input)
    let tree = try git.line(["write-tree"])
    let name = try freeName()
    try git.output(["update-ref", Argument(name), Argument(tree)])
    return name
  }

  /// A recovery that died may have kept some already.
  private func freeName() throws(GitError) -> String {
    let name = UndoRecord(stamp: record.stamp, branch: record.branch).files
    var number = 1
    while try repository.target(of: number == 1 ? name : "\(name)-\(number)") != nil { number += 1 }
    return number == 1 ? name : "\(name)-\(number)"
  }
}
