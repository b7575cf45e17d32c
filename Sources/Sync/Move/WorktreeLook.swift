import Git
import Platform
import StateFiles

/// What is going on in a worktree at the paths that a move would write, and only there: the cost follows the move, not the
/// worktree.
///
/// `git read-tree -m -u` refuses most of what would be lost by itself. It overwrites, without a word, what is ignored, also
/// below a directory that becomes a file; it brings back a file whose deletion is not staged; and it leaves submodules where
/// they are, so that the next `commit -a` takes their old commits back.
struct WorktreeLook {
  private(set) var concerned: [ConcernedPath] = []
  /// Files whose times are not those in the index although their contents are: git would take them for edited.
  private(set) var unrefreshed: [[UInt8]] = []
  /// Submodules that have to be brought along.
  private(set) var submodules: [TreeChange] = []

  private let repository: Repository
  let disk: WorktreeDisk
  let index: IndexEntries
  let changes: [[UInt8]: TreeChange]
  private let ignoresCase: Bool
  private let isSparse: Bool
  /// Files whose times and raw contents do not say whether they are edited.
  private var undecided: [[UInt8]] = []

  /// How many files are named of a directory that is in the way.
  private static let directoryLimit = 5

  /// - Parameter repository: as the worktree sees it.
  init(at changes: [TreeChange], in repository: Repository, of worktree: Worktree) throws(GitError) {
    self.repository = repository
    disk = WorktreeDisk(top: worktree.path)
    index = try repository.indexEntries(at: changes.map(\.path))
    self.changes = Dictionary(changes.map { ($0.path, $0) }) { first, _ in first }
    let configuration = try repository.configuration()
    ignoresCase = configuration.boolean("core.ignorecase") ?? false
    isSparse = configuration.boolean("core.sparsecheckout") ?? false
    concerned = index.unmerged.map { ConcernedPath($0, .unmerged) }
    let unmerged = Set(index.unmerged)
    for change in changes where !unmerged.contains(change.path) { try judge(change) }
    try decide(in: worktree)
  }

  private mutating func stop(_ path: [UInt8], _ reason: ConcernedPath.Reason) {
    concerned.append(ConcernedPath(path, reason))
  }

  private mutating func judge(_ change: TreeChange) throws(GitError) {
    guard let entry = index[change.path] else { return try judgeUnindexed(change) }
    if entry.isAssumedUnchanged { return stop(change.path, .assumedUnchanged) }
    if entry.isSkippedInWorktree {
      // A sparse checkout skips what is not there.
      if !isSparse || disk.find(change.path) != .absent { stop(change.path, .skippedInWorktree) }
      return
    }
    if entry.isIntentToAdd { return stop(change.path, .intentToAdd) }
    // Also what is staged as the move has it, which git would let pass: afterwards it would be no work of anybody's any more,
    // and an undo had nothing to stage again.
    guard entry.staged == change.old else { return stop(change.path, .staged) }
    if entry.staged.isSubmodule { return try judgeSubmodule(change) }
    try judgeFile(entry)
    if change.new != nil { try judgeEntriesBelow(change.path) }
  }

  private mutating func judgeUnindexed(_ change: TreeChange) throws(GitError) {
    if change.old != nil {
      if change.new != nil { return stop(change.path, .staged) }
      // `git rm --cached` leaves the file.
      if case .present = disk.find(change.path) { return stop(change.path, .inTheWay) }
      return stop(change.path, .staged)
    }
    guard let new = change.new else { return }
    try judgeEntriesBelow(change.path)
    switch disk.find(change.path) {
    case .absent: break
    case .blocked(let parent):
      // A file whose place a directory takes is itself among the changes.
      if changes[parent].map({ $0.old == nil || $0.new != nil }) ?? true { stop(parent, .inTheWay) }
    case .present(let status) where status.isDirectory: try judgeDirectory(change.path, becomes: new)
    case .present(let status): if !isOtherSpelling(of: change.path, status) { stop(change.path, .inTheWay) }
    }
  }

  /// What is staged below a directory that becomes a file.
  private mutating func judgeEntriesBelow(_ path: [UInt8]) throws(GitError) {
    for entry in index.below(path) where changes[entry.path] == nil { stop(entry.path, .staged) }
  }

  /// Everything in a directory that becomes a file has to be tracked, and to go.
  private mutating func judgeDirectory(_ path: [UInt8], becomes new: TreeEntry) throws(GitError) {
    let files = try fileSystem { () throws(SystemError) in try disk.files(below: path) }
    let strangers = files.filter { new.isSubmodule || changes[$0] == nil || index[$0] == nil }
    for file in strangers.prefix(Self.directoryLimit) { stop(file, .inTheWay) }
  }

  /// Whether what stands at a path that ought to be free is a tracked file which goes, under a name that differs in case
  /// only: a disk that ignores case shows it under both.
  private func isOtherSpelling(of path: [UInt8], _ status: FileStatus) -> Bool {
    guard ignoresCase else { return false }
    let folded = path.foldedCase
    return changes.values.contains { other in
      guard other.new == nil, other.path.foldedCase == folded, index[other.path] != nil,
        case .present(let own) = disk.find(other.path)
      else { return false }
      return own.inode == status.inode && own.device == status.device
    }
  }
}

// MARK: - Is a file edited?

extension WorktreeLook {
  private mutating func judgeFile(_ entry: IndexEntry) throws(GitError) {
    guard case .present(let status) = disk.find(entry.path) else { return stop(entry.path, .deleted) }
    if entry.describes(status, indexTime: index.time) { return }
    if try disk.holds(entry.staged, at: entry.path, status, in: repository) {
      unrefreshed.append(entry.path)
    } else {
      undecided.append(entry.path)
    }
  }

  /// Has git compare, through its own filters, what a look at times and raw bytes has not decided.
  private mutating func decide(in worktree: Worktree) throws(GitError) {
    if undecided.isEmpty { return }
    let copy = try IndexCopy(of: worktree, named: "look", environment: repository.git.environment)
    defer { copy.remove() }
    try copy.refresh(undecided)
    let edited = try copy.editedPaths()
    for path in undecided {
      if edited.contains(path) { stop(path, .edited) } else { unrefreshed.append(path) }
    }
  }
}

// MARK: - Submodules

extension WorktreeLook {
  /// A submodule that is checked out has to be brought along, for which it must be clean, at the old commit, and have the
  /// new one.
  private mutating func judgeSubmodule(_ change: TreeChange) throws(GitError) {
    guard case .present(let status) = disk.find(change.path) else { return }
    guard status.isDirectory else { return stop(change.path, .edited) }
    let place = disk.top.appending(change.path)
    guard (place / ".git").exists else {
      let files = try fileSystem { () throws(SystemError) in try disk.files(below: change.path) }
      if change.new?.isSubmodule != true, let file = files.first { stop(file, .inTheWay) }
      return
    }
    guard let old = change.old, let new = change.new, new.isSubmodule else { return stop(change.path, .submodule) }
    let git = GitCommand(in: place, environment: repository.git.environment)
    let head = try git.run(["rev-parse", "--verify", "--quiet", "HEAD"])
    let edits = try git.run(["-c", "core.fsmonitor=false", "status", "--porcelain", "-z", "--untracked-files=no"])
    let target = try git.run(["cat-file", "-e", "\(new.id)^{commit}"])
    guard ObjectID(hex: firstLine(head.output)) == old.id, edits.succeeded, edits.output.isEmpty, target.succeeded
    else {
      return stop(change.path, .submodule)
    }
    submodules.append(change)
  }
}

extension [UInt8] {
  /// Without the case of ASCII letters: the disks that ignore case differ in the rest, and git compares like this.
  fileprivate var foldedCase: [UInt8] {
    map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
  }
}
