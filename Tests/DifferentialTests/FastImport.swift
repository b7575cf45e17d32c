import Git
import Platform
import TestSupport

/// A repository that holds many histories, made by one process.
struct ImportedHistories {
  let repository: TestRepository
  /// For each history the ids of its commits, in order.
  let commits: [[ObjectID]]

  init(_ histories: [History]) throws {
    repository = try TestRepository()
    for setting in ["gc.auto", "rerere.enabled"] { try repository.git(["config", Argument(setting), "0"]) }
    try repository.git(["config", "advice.skippedCherryPicks", "false"])
    var stream = FastImportStream()
    for (number, history) in histories.enumerated() { stream.add(history, named: "history/\(number)") }
    let answer = try repository.git(
      ["fast-import", "--quiet", "--force", "--done"], input: stream.bytes + Array("done\n".utf8))
    var ids = answer.split(separator: "\n").compactMap { ObjectID(hex: String($0)) }[...]
    commits = histories.map { history in
      defer { ids = ids.dropFirst(history.commits.count) }
      return Array(ids.prefix(history.commits.count))
    }
    guard ids.isEmpty, commits.last?.count == histories.last?.commits.count else {
      throw UnexpectedExit(description: "git fast-import answered: \(answer)")
    }
    try repository.git(["checkout", "--quiet", "--detach", "\(commits[0][0])"])
  }
}

/// What git-fast-import(1) reads.
private struct FastImportStream {
  private(set) var bytes: [UInt8] = []
  private var mark = 0

  mutating func add(_ history: History, named name: String) {
    let first = mark + 1
    for commit in history.commits {
      mark += 1
      add("commit refs/\(name)/\(mark - first)\nmark :\(mark)\nauthor ")
      bytes += commit.author
      add("\ncommitter C O Mitter <committer@example.com> 1650000000 +0000\n")
      if let encoding = commit.encoding { add("encoding \(encoding)\n") }
      add(commit.message)
      for (place, parent) in commit.parents.enumerated() {
        add("\(place == 0 ? "from" : "merge") :\(first + parent)\n")
      }
      let before = commit.parents.first.map { history.commits[$0].files } ?? [:]
      for path in before.paths where commit.files[path] == nil { add("D \(Self.quoted(path))\n") }
      for path in commit.files.paths where before[path] != commit.files[path] { add(commit.files[path]!, at: path) }
      add("get-mark :\(mark)\n")
    }
  }

  private mutating func add(_ file: History.File, at path: [UInt8]) {
    let mode = String(file.mode, radix: 8)
    if file.mode == History.File.submodule {
      add("M \(mode) \(String(decoding: file.contents, as: UTF8.self)) \(Self.quoted(path))\n")
    } else {
      add("M \(mode) inline \(Self.quoted(path))\n")
      add(file.contents)
    }
  }

  private mutating func add(_ text: String) { bytes += Array(text.utf8) }

  private mutating func add(_ data: [UInt8]) {
    add("data \(data.count)\n")
    bytes += data + [UInt8(ascii: "\n")]
  }

  private static func quoted(_ path: [UInt8]) -> String {
    let escaped = path.map { byte in
      let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
      let digits = String(byte, radix: 8)
      return isPlain ? String(UnicodeScalar(byte)) : "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
    return "\"" + escaped.joined() + "\""
  }
}
