import ContentMerging
import Git

/// Merges three trees as git's merge (ort) does, where that can be told without it.
///
/// Directories that only one side changed are taken whole, so that the cost follows what both changed. A merge is decided
/// path by path where git's search for renames cannot tell otherwise:
///
/// 1. no path is changed on both sides, deletion counting as change, unless both made it the same, or its contents can be
///    decided. A rename leaves a path that is deleted; the other side's change of it, or its rename to elsewhere, would meet it
///    there.
/// 2. neither side changes anything below a directory that the base has and the other side has not: git may take it for
///    renamed and bring new files after it.
/// 3. no path is a file on one side and a directory on the other.
public struct TreeMerge {
  public enum Verdict: Hashable, Sendable {
    /// A tree that may so far be made only; see `Repository.make`.
    case merged(ObjectID)
    /// Certain, and all there are; in git's order.
    case conflict([FileVersions])
    /// git must merge.
    case undecided
  }

  public struct Outcome: Hashable, Sendable {
    public var verdict: Verdict
    /// What policies resolved; for a merge by git these paths are the same on all sides.
    public var resolved: [TreeChange]
  }

  /// What is looked at before a merge counts as decided; tests show that it takes every one.
  struct Conditions: OptionSet {
    var rawValue: Int
    static let changedAndDeleted = Conditions(rawValue: 1 << 0)
    static let deletedByBoth = Conditions(rawValue: 1 << 1)
    static let goneDirectories = Conditions(rawValue: 1 << 2)
    static let filesAndDirectories = Conditions(rawValue: 1 << 3)
    static let all: Conditions = [.changedAndDeleted, .deletedByBoth, .goneDirectories, .filesAndDirectories]
  }

  private let repository: Repository
  /// Decides what both sides changed.
  private let decide: (FileVersions) throws(GitError) -> FileVerdict
  private let conditions: Conditions

  public init(_ repository: Repository, decide: @escaping (FileVersions) throws(GitError) -> FileVerdict) {
    self.init(repository, conditions: .all, decide: decide)
  }

  init(
    _ repository: Repository, conditions: Conditions, decide: @escaping (FileVersions) throws(GitError) -> FileVerdict
  ) {
    self.repository = repository
    self.conditions = conditions
    self.decide = decide
  }

  /// - Parameter base: `nil`: the sides share nothing.
  public func merge(base: ObjectID?, ours: ObjectID, theirs: ObjectID) throws(GitError) -> Outcome {
    if base == ours || ours == theirs { return Outcome(verdict: .merged(theirs), resolved: []) }
    if base == theirs { return Outcome(verdict: .merged(ours), resolved: []) }
    var state = State()
    let tree = try merge(base, ours, theirs, below: [], &state)
    if state.hasCommonDeletion, !state.isUndecided, conditions.contains(.deletedByBoth) {
      let changes = try repository.changes(from: base, to: ours) + repository.changes(from: base, to: theirs)
      state.isUndecided = changes.contains { $0.old == nil }
    }
    let verdict: Verdict
    if state.isUndecided {
      verdict = .undecided
    } else if !state.conflicts.isEmpty {
      verdict = .conflict(state.conflicts)
    } else if let tree {
      verdict = .merged(tree)
    } else {
      verdict = .merged(try repository.makeTree(.empty))
    }
    return Outcome(verdict: verdict, resolved: state.resolved)
  }
}

extension TreeMerge {
  private struct State {
    var isUndecided = false
    /// Both sides deleted a path: harmless unless one of them also added one, which may be that path under a new name.
    var hasCommonDeletion = false
    var conflicts: [FileVersions] = []
    var resolved: [TreeChange] = []
  }

  /// The merged directory; `nil` where nothing is left of it. Goes on where it is undecided, for what policies resolve.
  private func merge(
    _ base: ObjectID?, _ ours: ObjectID, _ theirs: ObjectID, below prefix: [UInt8], _ state: inout State
  ) throws(GitError) -> ObjectID? {
    var entries: [Tree.Entry] = []
    let before = if let base { try repository.tree(base) } else { Tree.empty }
    let (one, two) = (try repository.tree(ours), try repository.tree(theirs))
    entries.reserveCapacity(one.entries.count + 8)
    try Tree.walkInStep(base: before, ours: one, theirs: two) { triple throws(GitError) in
      guard let value = try merge(triple, below: prefix, &state) else { return }
      let name = (triple.ours ?? triple.theirs ?? triple.base)!.name  // a triple is never empty
      if value.isTree, conditions.contains(.filesAndDirectories), Self.ends(in: name, entries) {
        state.isUndecided = true
      }
      entries.append(Tree.Entry(name: name, value: value))
    }
    return entries.isEmpty ? nil : try repository.makeTree(Tree(entries: entries))
  }

  /// Whether a file of this name is among the last entries: git sorts a directory of its name after it, and between the two
  /// only names that begin with it.
  private static func ends(in name: ArraySlice<UInt8>, _ entries: [Tree.Entry]) -> Bool {
    for entry in entries.reversed() {
      if entry.name.elementsEqual(name) { return true }
      guard entry.name.starts(with: name) else { return false }
    }
    return false
  }

  private func merge(
    _ triple: TreeTriple, below prefix: [UInt8], _ state: inout State
  ) throws(GitError) -> TreeEntry? {
    let (base, ours, theirs) = (triple.base?.value, triple.ours?.value, triple.theirs?.value)
    if base == ours, base == theirs { return base }
    if ours == theirs {
      if try deletes(from: base, to: ours) { state.hasCommonDeletion = true }
      return ours
    }
    if base == ours { return theirs }
    if base == theirs { return ours }
    let name = (triple.ours ?? triple.theirs)!.name  // only one side can have deleted it
    guard let ours, let theirs else {
      let changed = ours ?? theirs
      let condition = changed?.isTree == true ? Conditions.goneDirectories : .changedAndDeleted
      if conditions.contains(condition) { state.isUndecided = true }
      return changed
    }
    if ours.isTree {
      let below = prefix + name + [UInt8(ascii: "/")]
      guard let tree = try merge(base?.id, ours.id, theirs.id, below: below, &state) else { return nil }
      return TreeEntry(mode: ours.mode, id: tree)
    }
    return try merge(FileVersions(path: prefix + name, base: base, ours: ours, theirs: theirs), &state)
  }

  private func deletes(from base: TreeEntry?, to both: TreeEntry?) throws(GitError) -> Bool {
    guard let base else { return false }
    guard base.isTree else { return both == nil }
    return try repository.changes(from: base.id, to: both?.id).contains { $0.new == nil }
  }

  private func merge(_ file: FileVersions, _ state: inout State) throws(GitError) -> TreeEntry? {
    if let entry = file.trivially { return entry }
    switch try decide(file) {
    case .merged(let entry): return entry
    case .resolved(let entry):
      state.resolved.append(TreeChange(path: file.path, old: file.base, new: entry))
      return entry
    case .conflict: state.conflicts.append(file)
    case .undecided: state.isUndecided = true
    }
    return file.ours
  }
}
