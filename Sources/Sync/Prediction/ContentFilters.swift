import Git
import Platform

/// Whether git would store a file of a worktree otherwise than it is: line ends, filters, encodings.
struct ContentFilters {
  private let worktree: Worktree
  private let appliesToAll: Bool
  private var directories: [[UInt8]: Bool] = [:]

  private static let words = ["filter", "text", "eol", "crlf", "ident", "encoding"]

  init(_ worktree: Worktree, _ repository: Repository) throws(GitError) {
    self.worktree = worktree
    let conversion = try repository.configuration()["core.autocrlf"] ?? "false"
    let common = try repository.commonAttributeFiles()
    appliesToAll = conversion != "false" || common.contains { (try? $0.contents()).map(Self.name) ?? false }
  }

  mutating func mayApply(to path: [UInt8]) -> Bool {
    if appliesToAll || applies(in: []) { return true }
    for directory in path.directoriesAbove where applies(in: directory) { return true }
    return false
  }

  private mutating func applies(in directory: [UInt8]) -> Bool {
    if let known = directories[directory] { return known }
    let file = worktree.path.appending(directory) / ".gitattributes"
    let applies = (try? file.contents()).map(Self.name) ?? false
    directories[directory] = applies
    return applies
  }

  private static func name(_ contents: [UInt8]) -> Bool { words.contains { contents.mentions($0) } }
}
