import ContentMerging
import Git
import Plan
import Platform
import Policies
import StateFiles

/// An uncommitted shared file that meets trunk's change of it in a move: what it becomes, staged and in the worktree.
struct SharedMerge: Hashable {
  var path: [UInt8]
  /// Of the commits that the worktree is moved from and to.
  var old: TreeEntry
  var new: TreeEntry
  /// The index entry before and after; where nothing was staged these are `old` and `new`.
  var stagedBefore: TreeEntry
  var stagedAfter: TreeEntry
  /// The file's bytes before and after, as blobs: no filter applies to it.
  var fileBefore: ObjectID
  var fileAfter: ObjectID
  /// When the file was written last, in nanoseconds since 1970.
  var modified: Int64
}

/// Finds what becomes of uncommitted shared files: by the policies that merge the commits, too.
struct UncommittedMerge {
  /// Holds what is made.
  let repository: Repository
  let policy: ContentMerge.Policy
  let owners: PathOwners

  /// What the report says of these: a file that somebody is at work on is named also where its lines alone have told.
  func names(of merges: [SharedMerge]) -> [PolicyMerge] {
    merges.compactMap { merge in
      owners.sharedFiles(for: merge.path).map { PolicyMerge(path: merge.path, policy: $0.merge) }
    }
  }

  /// One for each concerned path; `nil` where one of them is nobody's to merge, or its sides conflict. Nothing is written.
  ///
  /// - Parameter place: the repository as the worktree sees it.
  func merges(
    _ concerned: [ConcernedPath], _ look: WorktreeLook, in worktree: Worktree, as place: Repository
  ) throws(GitError) -> [SharedMerge]? {
    var filters = try ContentFilters(worktree, place)
    // Which filters apply would change in the midst of it.
    if look.changes.keys.contains(where: \.isAttributesFile) { return nil }
    var result: [SharedMerge] = []
    for path in concerned {
      guard path.reason == .edited || path.reason == .staged, !filters.mayApply(to: path.path),
        let merge = try merge(path.path, look)
      else { return nil }
      result.append(merge)
    }
    return result
  }

  private func merge(_ path: [UInt8], _ look: WorktreeLook) throws(GitError) -> SharedMerge? {
    // Where nobody else's edits are expected none are merged, not even the very edit that trunk brings.
    guard let shared = owners.sharedFiles(for: path), shared.merge.hasDriver else { return nil }
    guard let change = look.changes[path], let old = change.old, let new = change.new, let entry = look.index[path],
      case .present(let status) = look.disk.find(path), status.isRegularFile, entry.staged.hasMode(of: status),
      [new.mode, entry.staged.mode] == [old.mode, old.mode], old.isFile,
      let contents = look.disk.contents(of: path, status)
    else { return nil }
    let file = TreeEntry(mode: old.mode, id: try repository.make(.blob, contents))
    let staged = entry.staged
    guard let stagedAfter = try merged(path, base: old, ours: new, theirs: staged),
      let fileAfter = try merged(path, base: staged, ours: stagedAfter, theirs: file)
    else { return nil }
    return SharedMerge(
      path: path, old: old, new: new, stagedBefore: staged, stagedAfter: stagedAfter, fileBefore: file.id,
      fileAfter: fileAfter.id, modified: status.modified)
  }

  private func merged(
    _ path: [UInt8], base: TreeEntry, ours: TreeEntry, theirs: TreeEntry
  ) throws(GitError) -> TreeEntry? {
    if theirs == base || theirs == ours { return ours }
    if ours == base { return theirs }
    switch try policy(FileVersions(path: path, base: base, ours: ours, theirs: theirs)) {
    case .merged(let entry), .resolved(let entry): return entry
    case .conflict, .undecided, nil: return nil
    }
  }
}

/// The bytes of uncommitted shared files before and after a sync has merged them, as a tree under an undo ref:
/// `git show REF:before/file/PATH`, and `staged` in place of `file` for what was staged.
struct KeptWork {
  private let repository: Repository
  /// `nil`: nothing is kept.
  private let tree: ObjectID?

  init(_ reference: String, in repository: Repository) throws(GitError) {
    self.repository = repository
    tree = try repository.target(of: reference)
  }

  private static func place(_ time: String, _ what: String, _ path: [UInt8]) -> [UInt8] {
    Array("\(time)/\(what)/".utf8) + path
  }

  private func entry(_ time: String, _ what: String, _ path: [UInt8]) throws(GitError) -> TreeEntry? {
    guard let tree else { return nil }
    return try repository.entry(at: Self.place(time, what, path), in: tree)
  }

  /// The way back of those paths where all is as the sync has left it.
  func restorations(_ look: WorktreeLook) throws(GitError) -> [SharedMerge] {
    guard tree != nil else { return [] }
    var result: [SharedMerge] = []
    for change in look.changes.values.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
      guard let old = change.old, let new = change.new, let file = try entry("after", "file", change.path),
        let before = try entry("before", "file", change.path), let staged = try entry("after", "staged", change.path),
        let stagedBefore = try entry("before", "staged", change.path), look.index[change.path]?.staged == staged,
        case .present(let status) = look.disk.find(change.path), status.isRegularFile,
        let contents = look.disk.contents(of: change.path, status), try repository.blobID(of: contents) == file.id
      else { continue }
      result.append(
        SharedMerge(
          path: change.path, old: old, new: new, stagedBefore: staged, stagedAfter: stagedBefore, fileBefore: file.id,
          fileAfter: before.id, modified: status.modified))
    }
    return result
  }

  /// Makes the tree that keeps these merges too; what has been merged twice in a sync goes back to what it was at first.
  func adding(_ merges: [SharedMerge]) throws(GitError) -> ObjectID? {
    if merges.isEmpty { return tree }
    var files: [[UInt8]: TreeEntry] = [:]
    for kept in try repository.changes(from: nil, to: tree) { files[kept.path] = kept.new }
    for merge in merges {
      let last = (file: try entry("after", "file", merge.path), staged: try entry("after", "staged", merge.path))
      let isSecond = last.file?.id == merge.fileBefore && last.staged == merge.stagedBefore
      func put(_ time: String, _ file: ObjectID, _ staged: TreeEntry) {
        files[Self.place(time, "file", merge.path)] = TreeEntry(mode: merge.old.mode, id: file)
        files[Self.place(time, "staged", merge.path)] = staged
      }
      if !isSecond { put("before", merge.fileBefore, merge.stagedBefore) }
      put("after", merge.fileAfter, merge.stagedAfter)
    }
    return try repository.makeTree(of: files)
  }
}

/// Writes merged shared files, and takes them back, as a whole or not at all.
struct SharedFiles {
  private let merges: [SharedMerge]
  private let disk: WorktreeDisk
  private let repository: Repository

  init(_ merges: [SharedMerge], in worktree: FilePath, _ repository: Repository) {
    self.merges = merges
    disk = WorktreeDisk(top: worktree)
    self.repository = repository
  }

  /// `false` where somebody has written one of them meanwhile; those before it are written.
  func write() throws(GitError) -> Bool {
    for merge in merges where merge.fileAfter != merge.fileBefore {
      guard try replace(merge, merge.fileBefore, by: merge.fileAfter) else { return false }
    }
    return true
  }

  /// Whether a file is what the move makes of it, and was not before.
  func holdNew() throws(GitError) -> Bool {
    for merge in merges where merge.fileAfter != merge.fileBefore {
      if try blob(at: merge.path)?.id == merge.fileAfter { return true }
    }
    return false
  }

  /// Takes back those that are as the move has written them, with the times that they had: nobody was at work. An edit made
  /// since stays. Returns their paths.
  func takeBack() throws(GitError) -> [[UInt8]] {
    var result: [[UInt8]] = []
    for merge in merges where merge.fileAfter != merge.fileBefore {
      removeUnfinished(beside: merge.path)
      guard try replace(merge, merge.fileAfter, by: merge.fileBefore) else { continue }
      try fileSystem { () throws(SystemError) in try disk.top.appending(merge.path).setModified(merge.modified) }
      result.append(merge.path)
    }
    return result
  }

  private func blob(at path: [UInt8]) throws(GitError) -> (id: ObjectID, status: FileStatus)? {
    guard case .present(let status) = disk.find(path), status.isRegularFile,
      let contents = disk.contents(of: path, status)
    else { return nil }
    return (try repository.blobID(of: contents), status)
  }

  private func replace(_ merge: SharedMerge, _ one: ObjectID, by other: ObjectID) throws(GitError) -> Bool {
    let contents = try repository.blob(other)
    guard let present = try blob(at: merge.path), present.id == one else { return false }
    try fileSystem { () throws(SystemError) in
      try disk.top.appending(merge.path).write(contents, permissions: present.status.permissions)
    }
    return true
  }

  /// What we were writing when we were killed.
  private func removeUnfinished(beside path: [UInt8]) {
    let directory = disk.top.appending(path).parent
    for name in (try? directory.entries()) ?? []
    where name.bytes.starts(with: ".preflight.".utf8) && name.bytes.suffix(4).elementsEqual(".new".utf8) {
      try? directory.appending(name.bytes).remove()
    }
  }
}
