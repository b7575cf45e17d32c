import Git
import Plan
import Platform
import Rules
import StateFiles

/// Gathers what a change takes back of what its branch has been brought onto since an earlier recorded base.
///
/// Where nothing is found only a few tree entries are looked up: all that costs more is asked about a finding.
final class UndoneChanges {
  private let situation: Situation
  private let change: Change
  private var repository: Repository { situation.repository }
  private lazy var history: [StreamBases.Record] = {
    guard !change.isForTrunk, !situation.isOnTrunk, let branch = change.branch else { return [] }
    // A record that cannot be read is none.
    return (try? StreamBases(repository.layout).history(of: branch)) ?? []
  }()

  init(_ situation: Situation, _ change: Change) {
    self.situation = situation
    self.change = change
  }

  /// One way that the branch came to its present base.
  private struct Passage {
    var earlier: ObjectID
    var base: ObjectID
    /// The tip that a sync moved off the earlier base.
    var movedFrom: ObjectID?
  }

  /// A path on its way: at the earlier base, at the present one, and now.
  private struct Path {
    var name: [UInt8]
    var earlier: TreeEntry?
    var base: TreeEntry?
  }

  /// What a path takes back: all of it, or some hunks.
  private enum Undone: Hashable {
    case path
    case hunk(UndoneHunk)
  }

  func findings(for path: TreeChange) throws -> [Finding] {
    guard history.count > 1, let base = history.first?.base, try repository.hasObject(base) else { return [] }
    let present = try situation.snapshotEntry(path.path, in: base)
    // The newest passage in which something came is the one that brought it.
    for (index, record) in history.enumerated().dropFirst() where record.base != base {
      guard try repository.hasObject(record.base) else { continue }
      let earlier = try situation.snapshotEntry(path.path, in: record.base)
      let place = Path(name: path.path, earlier: earlier, base: present)
      let undone = try undone(place, now: path.new)
      if undone.isEmpty { continue }
      let passage = Passage(earlier: record.base, base: base, movedFrom: history[index - 1].movedFrom)
      guard try isPassage(passage) else { continue }
      return try undone.compactMap { try finding($0, place, passage) }.flatMap(RevertSilentRule.findings)
    }
    return []
  }

  private func undone(_ path: Path, now: TreeEntry?) throws -> [Undone] {
    if path.earlier?.id == path.base?.id || now?.id == path.base?.id { return [] }
    if now?.id == path.earlier?.id { return [.path] }
    guard let earlier = path.earlier, let base = path.base, let now, earlier.isFile, base.isFile, now.isFile else {
      return []
    }
    let hunks = try UndoneHunk.hunks(
      earlier: repository.blob(earlier.id), base: repository.blob(base.id), now: repository.blob(now.id))
    return hunks.map { .hunk($0) }
  }

  /// Whether the branch stands on the one base, and that on the other: records of a history that was rewritten since count
  /// for nothing.
  private func isPassage(_ passage: Passage) throws -> Bool {
    guard let tip = change.isStaged ? situation.head : change.commits.first ?? situation.head else { return false }
    return try repository.isAncestor(passage.base, of: tip) && repository.isAncestor(passage.earlier, of: passage.base)
  }

  // MARK: What is found

  private func finding(_ undone: Undone, _ path: Path, _ passage: Passage) throws -> UndoneChange? {
    if try isOwn(undone, path, passage) { return nil }
    let origin: ObjectID?
    switch try source(of: undone, path) {
    case .before: return nil
    case .now: origin = nil
    case .commit(let id): origin = id
    }
    if try saysSo(origin) { return nil }
    let commit = try commit(undoneBy: undone, path, passage)
    var line: Int?
    if case .hunk(let hunk) = undone { line = hunk.line }
    return UndoneChange(
      path: path.name, line: line, commit: commit?.id, subject: commit?.subject ?? [],
      isFromSync: passage.movedFrom != nil, earlier: passage.earlier, base: passage.base, undoing: origin,
      form: origin == nil ? change.form : nil, isHere: change.branch == situation.branch)
  }

  /// Whether the stream itself had made the change before the sync that met it on trunk, as after a squash merge of its
  /// first commits: taking one's own work back is nobody's business.
  private func isOwn(_ undone: Undone, _ path: Path, _ passage: Passage) throws -> Bool {
    guard let tip = passage.movedFrom, try repository.hasObject(tip) else { return false }
    let before = try situation.snapshotEntry(path.name, in: tip)
    if before?.id == path.base?.id { return true }
    guard case .hunk(let hunk) = undone, let before, before.isFile, let earlier = path.earlier else { return false }
    return try hunk.isInverse(ofChangeFrom: repository.blob(earlier.id), to: repository.blob(before.id))
  }

  private enum Source {
    /// A commit that was judged when it was made.
    case before
    /// What is about to be committed.
    case now
    case commit(ObjectID)
  }

  /// Where the branch has begun to lack the change.
  private func source(of undone: Undone, _ path: Path) throws -> Source {
    func holds(in entry: TreeEntry?) throws -> Bool {
      try self.undone(path, now: entry).contains { isSame($0, undone) }
    }
    if change.isStaged, let head = situation.head, try !holds(in: situation.snapshotEntry(path.name, in: head)) {
      return .now
    }
    if change.isStaged, change.commits.isEmpty { return .before }
    var source: ObjectID?
    for id in change.commits {
      let commit = try repository.commit(id)
      let entry = try repository.entry(at: path.name, in: commit.tree)
      guard try holds(in: entry) else { break }
      let parent = try commit.parents.first.flatMap { try situation.snapshotEntry(path.name, in: $0) }
      if entry != parent { source = id }
    }
    return source.map { .commit($0) } ?? .now
  }

  private func isSame(_ one: Undone, _ other: Undone) -> Bool {
    guard case .hunk(let left) = one, case .hunk(let right) = other else { return true }
    return left.old == right.old && left.new == right.new
  }

  private func saysSo(_ commit: ObjectID?) throws -> Bool {
    if let commit { return CommitMessage(try repository.commit(commit)).saysItUndoes }
    return change.isStaged && (repository.layout.gitDirectory / "REVERT_HEAD").exists
  }

  /// The newest commit of the passage that made the change; of the whole path, the newest that touched it.
  private func commit(undoneBy undone: Undone, _ path: Path, _ passage: Passage) throws -> Commit? {
    let output = try repository.git.output([
      "--literal-pathspecs", "rev-list", "--max-count=100", "\(passage.base)", "^\(passage.earlier)", "--",
      Argument(path.name),
    ])
    let ids = output.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: $0) }
    guard case .hunk(let hunk) = undone else { return try ids.first.map { try repository.commit($0) } }
    for id in ids {
      let commit = try repository.commit(id)
      guard let parent = commit.parents.first,
        let before = try situation.snapshotEntry(path.name, in: parent), before.isFile,
        let after = try repository.entry(at: path.name, in: commit.tree), after.isFile
      else { continue }
      if try hunk.isInverse(ofChangeFrom: repository.blob(before.id), to: repository.blob(after.id)) { return commit }
    }
    return try ids.first.map { try repository.commit($0) }
  }
}
