import Git
import Platform

/// What the files at the paths of a move are, after it was cut off.
struct FileStates {
  enum State: Hashable {
    case old
    case new
    /// The beginning of the old or the new version, written out with git's filters: a git was killed while it wrote it.
    case torn([UInt8])
    /// Something else.
    case foreign([UInt8]?)
    case absent
    case directory
    /// git writes none of its files.
    case submodule
  }

  private var states: [[UInt8]: State] = [:]
  private let record: MoveRecord
  private let repository: Repository
  private let git: GitCommand
  private let disk: WorktreeDisk

  /// Whether any is the new version: the move has written something.
  var holdNew: Bool { states.values.contains(.new) }

  subscript(path: [UInt8]) -> State { states[path] ?? .absent }

  /// Of a file that is neither the old nor the new version.
  func contents(of path: [UInt8]) -> [UInt8]? {
    switch self[path] {
    case .torn(let contents): contents
    case .foreign(let contents): contents
    default: nil
    }
  }

  /// - Parameter repository: as the worktree sees it.
  init(of record: MoveRecord, in repository: Repository, index: IndexEntries) throws(GitError) {
    self.record = record
    self.repository = repository
    git = repository.git
    disk = WorktreeDisk(top: record.worktree)
    var odd: [TreeChange] = []
    for change in record.changes {
      let state = try state(of: change, index[change.path], index.time)
      states[change.path] = state
      if case .foreign = state { odd.append(change) }
    }
    try ask(odd)
  }

  /// From times and raw bytes.
  private func state(
    of change: TreeChange, _ entry: IndexEntry?, _ indexTime: Int64
  ) throws(GitError) -> State {
    if change.old?.isSubmodule == true, change.new == nil || change.new?.isSubmodule == true { return .submodule }
    guard case .present(let status) = disk.find(change.path) else { return .absent }
    if status.isDirectory { return .directory }
    if let entry, entry.describes(status, indexTime: indexTime) {
      if entry.staged == change.old { return .old }
      if entry.staged == change.new { return .new }
    }
    guard let contents = disk.contents(of: change.path, status) else { return .foreign(nil) }
    let id = try repository.blobID(of: contents)
    let versions = [(change.old, State.old), (change.new, State.new)].filter { $0.0?.id == id }
    let exact = versions.first { $0.0?.hasMode(of: status) == true } ?? versions.first
    return exact?.1 ?? .foreign(contents)
  }

  /// Has git's filters decide what raw bytes have not.
  private mutating func ask(_ odd: [TreeChange]) throws(GitError) {
    let files = odd.filter { states[$0.path] != .foreign(nil) && !isLink($0.path) }
    let cleaned = try cleanedIDs(of: files.map(\.path))
    for (change, id) in zip(files, cleaned) {
      if let id, id == change.old?.id {
        states[change.path] = .old
      } else if let id, id == change.new?.id {
        states[change.path] = .new
      } else if case .foreign(let contents?) = self[change.path], try isBeginning(contents, of: change) {
        states[change.path] = .torn(contents)
      }
    }
  }

  private func isLink(_ path: [UInt8]) -> Bool { (try? disk.top.appending(path).status())?.isSymbolicLink ?? false }

  /// What git would store of each file; `nil` of all where it could not tell.
  private func cleanedIDs(of paths: [[UInt8]]) throws(GitError) -> [ObjectID?] {
    if paths.isEmpty { return [] }
    let input = Array(paths.map { $0.quotedForGit + [UInt8(ascii: "\n")] }.joined())
    let result = try git.run(["hash-object", "--stdin-paths"], input: input)
    let ids = result.output.split(separator: UInt8(ascii: "\n")).map { ObjectID(hex: $0) }
    return result.succeeded && ids.count == paths.count ? ids : paths.map { _ in nil }
  }

  /// git writes a file from its beginning to its end.
  private func isBeginning(_ contents: [UInt8], of change: TreeChange) throws(GitError) -> Bool {
    for entry in [change.new, change.old] {
      guard let entry, entry.isFile else { continue }
      let path = Argument(Array("--path=".utf8) + change.path)
      let written = try git.run(["cat-file", "--filters", path, "\(entry.id)"])
      if written.succeeded, written.output.starts(with: contents) { return true }
    }
    return false
  }
}

extension [UInt8] {
  /// In double quotes, with every byte that may mean something as `\ooo`: git reads such a line as one path.
  fileprivate var quotedForGit: [UInt8] {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in self {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"):
        result.append(byte)
      default:
        let digits = String(byte, radix: 8)
        result += Array(("\\" + String(repeating: "0", count: 3 - digits.count) + digits).utf8)
      }
    }
    return result + [UInt8(ascii: "\"")]
  }
}
