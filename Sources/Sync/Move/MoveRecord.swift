import Git
import Platform
import StateFiles

/// A move in place that has begun, as it is on the disk before anything changes.
struct MoveRecord: Hashable {
  var worktree: FilePath
  var gitDirectory: FilePath
  /// In full.
  var branch: String
  var old: ObjectID
  var new: ObjectID
  var base: ObjectID?
  /// Names the sync: its undo refs, its lock.
  var stamp: String
  /// The sync that this move takes back.
  var undoes: String?
  /// Nanoseconds since 1970.
  var began: Int64
  /// Every path that git will write, with what it was and what it becomes.
  var changes: [TreeChange]
  var rewritten: [Rewrite]
  /// Uncommitted shared files that are merged; their paths are not among the changes.
  var merges: [SharedMerge] = []
  /// The tree that keeps what they were.
  var work: ObjectID?

  var lock: IndexLock { IndexLock(of: gitDirectory, owner: stamp) }
}

/// A commit and what became of it in a replay.
public struct Rewrite: Hashable, Sendable {
  public var old: ObjectID
  public var new: ObjectID

  public init(old: ObjectID, new: ObjectID) {
    self.old = old
    self.new = new
  }
}

/// The moves in place that have begun and not ended: whoever finds one knows that a sync died.
struct MoveJournal {
  private let files: BranchFiles

  init(_ layout: RepositoryLayout) { files = .moves(layout) }

  var isEmpty: Bool { files.isEmpty }

  /// On the disk when this returns.
  func write(_ record: MoveRecord) throws(GitError) {
    try files.write(record.encoded, for: record.branch, durable: true)
  }

  func strike(_ record: MoveRecord) throws(GitError) { try files.remove(record.branch) }

  /// Removes records that were never written whole; only for whoever has the lock on syncs.
  func removeUnfinished() { files.removeUnfinished() }

  func records() throws(GitError) -> [MoveRecord] { try files.all().compactMap { MoveRecord($0) } }
}

extension MoveRecord {
  private static let form = "preflight move 2"

  /// Fields ended by NUL: nine of the move, then `-`, mode and name of old and new and the path for each change, and
  /// after an empty field the names of each rewritten commit; after another one the tree that keeps merged files, or `-`, and
  /// for each of these its path, six names with their modes and a time.
  var encoded: [UInt8] {
    var result: [UInt8] = []
    func add(_ field: some Sequence<UInt8>) {
      result += field
      result.append(0)
    }
    for field in [Self.form, branch, "\(old)", "\(new)", base.map { "\($0)" } ?? "-", stamp, undoes ?? "-", "\(began)"]
    {
      add(field.utf8)
    }
    add(worktree.bytes)
    add(gitDirectory.bytes)
    for change in changes {
      for entry in [change.old, change.new] {
        add((entry?.field ?? "-").utf8)
      }
      add(change.path)
    }
    add([])
    for rewrite in rewritten { add("\(rewrite.old) \(rewrite.new)".utf8) }
    add([])
    add((work.map { "\($0)" } ?? "-").utf8)
    for merge in merges {
      add(merge.path)
      for entry in [merge.old, merge.new, merge.stagedBefore, merge.stagedAfter] { add(entry.field.utf8) }
      for id in [merge.fileBefore, merge.fileAfter] { add("\(id)".utf8) }
      add("\(merge.modified)".utf8)
    }
    return result
  }

  /// `nil` for what this version did not write.
  init?(_ bytes: [UInt8]) {
    var fields = bytes.split(separator: 0, omittingEmptySubsequences: false).makeIterator()
    func text() -> String? { fields.next().map { String(decoding: $0, as: UTF8.self) } }
    guard text() == Self.form, let branch = text(), let old = text().flatMap({ ObjectID(hex: $0) }),
      let new = text().flatMap({ ObjectID(hex: $0) }), let base = text(), let stamp = text(), let undoes = text(),
      let began = text().flatMap({ Int64($0) }), let worktree = fields.next(),
      let gitDirectory = fields.next()
    else { return nil }
    var changes: [TreeChange] = []
    while let first = fields.next(), !first.isEmpty {
      guard let second = fields.next(), let path = fields.next() else { return nil }
      changes.append(TreeChange(path: Array(path), old: TreeEntry(field: first), new: TreeEntry(field: second)))
    }
    var rewritten: [Rewrite] = []
    while let pair = fields.next(), !pair.isEmpty {
      let names = pair.split(separator: UInt8(ascii: " ")).compactMap { ObjectID(hex: $0) }
      guard names.count == 2 else { return nil }
      rewritten.append(Rewrite(old: names[0], new: names[1]))
    }
    guard let work = text() else { return nil }
    var merges: [SharedMerge] = []
    while let path = fields.next(), !path.isEmpty {
      let entries = (0..<4).compactMap { _ in fields.next().flatMap { TreeEntry(field: $0) } }
      let files = (0..<2).compactMap { _ in text().flatMap { ObjectID(hex: $0) } }
      guard entries.count == 4, files.count == 2, let modified = text().flatMap({ Int64($0) }) else { return nil }
      merges.append(
        SharedMerge(
          path: Array(path), old: entries[0], new: entries[1], stagedBefore: entries[2], stagedAfter: entries[3],
          fileBefore: files[0], fileAfter: files[1], modified: modified))
    }
    self.init(
      worktree: FilePath(worktree), gitDirectory: FilePath(gitDirectory), branch: branch, old: old, new: new,
      base: ObjectID(hex: base), stamp: stamp, undoes: undoes == "-" ? nil : undoes, began: began, changes: changes,
      rewritten: rewritten, merges: merges, work: ObjectID(hex: work))
  }
}

extension TreeEntry {
  fileprivate var field: String { "\(String(mode, radix: 8)) \(id)" }

  fileprivate init?(field: ArraySlice<UInt8>) {
    let parts = field.split(separator: UInt8(ascii: " "))
    guard parts.count == 2, let mode = UInt32(String(decoding: parts[0], as: UTF8.self), radix: 8),
      let id = ObjectID(hex: parts[1])
    else { return nil }
    self.init(mode: mode, id: id)
  }
}
