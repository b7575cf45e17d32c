import Git
import Platform
import StateFiles

/// What `WorktreeRestoration` has found and done.
struct RestoredFiles {
  /// Files that were put back, or taken away again.
  var written: [[UInt8]] = []
  /// Files that were neither the old nor the new version, and the ref that keeps them.
  var found: [[UInt8]] = []
  var saved: String?

  var isEmpty: Bool { written.isEmpty && found.isEmpty }
}

/// Takes back a move that did not end: index and files of its paths become the old ones again, and no other is touched.
///
/// What is exactly the new version, or the beginning of either version (a file that git was writing when it was killed), is
/// the move's own doing. Anything else is an edit made since, and stays where it is. Both kinds are kept under an undo ref.
struct WorktreeRestoration {
  private let record: MoveRecord
  private let repository: Repository
  private let disk: WorktreeDisk
  /// Whether the lock of the move was still there: without it nothing had begun, or a person has removed it.
  private let wasLocked: Bool
  /// Whether it is this very process that has not brought the move to its end: what is half written is its git's, and on a
  /// full disk nothing could be kept.
  private let isOwn: Bool
  private var result = RestoredFiles()
  private var removals: [[UInt8]] = []
  private var writes: [[UInt8]] = []

  init(_ record: MoveRecord, _ repository: Repository, wasLocked: Bool, isOwn: Bool) {
    self.record = record
    self.repository = repository
    self.wasLocked = wasLocked
    self.isOwn = isOwn
    disk = WorktreeDisk(top: record.worktree)
  }

  /// - Parameter copy: of the index; it becomes the index.
  mutating func run(_ copy: IndexCopy, _ moving: borrowing MovingLock) throws(GitError) -> RestoredFiles {
    let index = try repository.indexEntries(at: record.paths)
    let isNew = !record.paths.isEmpty && record.isNew(index)
    let states = try FileStates(of: record, in: repository, index: index)
    let shared = SharedFiles(record.merges, in: record.worktree, repository)
    let hasBegun = if wasLocked || states.holdNew { true } else { try shared.holdNew() }
    guard hasBegun else { return result }
    // An entry that is neither of the two is somebody's, and so is its file.
    for change in record.changes where isNew || index[change.path]?.staged == change.old {
      if index[change.path]?.isSkippedInWorktree != true { try plan(change, states[change.path]) }
    }
    try save(states)
    if isNew {
      // What is staged as it shall be is left alone.
      try copy.stage(record.merges.map { ($0.path, $0.old) })
      let command: [Argument] = ["read-tree", "-i", "-m", "\(record.new)", "\(record.old)"]
      try succeed(moving.run(copy.git, IndexCopy.settings + command), "read-tree")
      try copy.stage(record.merges.map { ($0.path, $0.stagedBefore) })
    }
    try remove()
    try write(copy, moving)
    result.written += try shared.takeBack()
    if isNew || !writes.isEmpty { try copy.replaceIndex(of: record.gitDirectory) }
    if isNew { _ = try SubmoduleMove(repository.git).update(record.movedSubmodules, moving) }
    return result
  }

  private mutating func plan(_ change: TreeChange, _ state: FileStates.State) throws(GitError) {
    switch state {
    case .old, .submodule: return
    case .foreign:
      result.found.append(change.path)
      return
    case .torn(let contents): if !contents.isEmpty, !isOwn { result.found.append(change.path) }
    case .absent, .directory: if change.old == nil { return }
    case .new: break
    }
    if change.old == nil { removals.append(change.path) } else { writes.append(change.path) }
    result.written.append(change.path)
  }

  /// Keeps what was found as a tree of these files alone.
  private mutating func save(_ states: FileStates) throws(GitError) {
    let found = result.found.compactMap { path in states.contents(of: path).map { (path, $0) } }
    if !found.isEmpty { result.saved = try FoundFiles(record, repository).keep(found) }
  }

  /// Files that the old version does not have, and the directories that were made for them.
  private func remove() throws(GitError) {
    for path in removals {
      try fileSystem { () throws(SystemError) in
        try disk.top.appending(path).remove()
        var rest = path[...]
        while let slash = rest.lastIndex(of: UInt8(ascii: "/")) {
          rest = rest[..<slash]
          do throws(SystemError) { try disk.top.appending(rest).removeEmptyDirectory() } catch { return }
        }
      }
    }
  }

  /// Has git write out what is missing or not the old version, with its filters.
  private func write(_ copy: IndexCopy, _ moving: borrowing MovingLock) throws(GitError) {
    let free = writes.filter { path in
      switch disk.find(path) {
      case .absent: return true
      case .blocked: return false
      case .present(let status):
        // `checkout-index --force` would remove a directory with everything in it.
        if status.isDirectory { try? disk.top.appending(path).removeEmptyDirectory() }
        return !status.isDirectory || disk.find(path) == .absent
      }
    }
    if free.isEmpty { return }
    let input = Array(free.map { $0 + [0] }.joined())
    try succeed(
      moving.run(copy.git, IndexCopy.settings + ["checkout-index", "-f", "-u", "-z", "--stdin"], input: input),
      "checkout-index")
  }

  private func succeed(_ result: ProcessResult, _ command: Argument) throws(GitError) {
    guard result.succeeded else { throw GitCommand.failure([command], result) }
  }
}
