import Git
import Plan
import Platform
import Rules

/// What a tree would hold with some paths replaced: HEAD with what is staged, or a commit as it is.
public struct Snapshot {
  let repository: Repository
  /// `nil`: the empty tree.
  let tree: ObjectID?
  var replaced: [[UInt8]: TreeEntry?] = [:]

  func entry(at path: [UInt8]) throws -> TreeEntry? {
    if let entry = replaced[path] { return entry }
    guard let tree else { return nil }
    return try repository.entry(at: path, in: tree)
  }

  /// Whether there is a file at `path`, or a link to what may be one; below a submodule, whose files cannot be seen, there may be.
  func provides(_ path: [UInt8]) throws -> Bool {
    if let entry = try entry(at: path) { return !entry.isTree }
    for end in path.indices where path[end] == UInt8(ascii: "/") {
      if try entry(at: Array(path[..<end]))?.isSubmodule == true { return true }
    }
    return false
  }

  /// The bytes of a regular file; `nil` for anything else.
  func contents(at path: [UInt8]) throws -> [UInt8]? {
    guard let entry = try entry(at: path), entry.isFile else { return nil }
    return try repository.blob(entry.id)
  }
}

/// A change to be judged: the net change of a branch from its merge base with trunk, and which of its paths count.
public struct Change {
  /// In full.
  public let branch: String?
  public let stream: Plan.Stream?
  /// Whether the change becomes part of trunk as it is: a commit on trunk, or a push of it.
  public let isForTrunk: Bool
  /// How a commit is about to be made of it; `nil` where it is made already.
  public let form: CommitForm?
  private let departure: Departure
  public let snapshot: Snapshot
  /// Before the change: HEAD's tree, or the base's.
  let before: Snapshot
  /// Other parents of the commit to be made.
  let mergeHeads: [Snapshot]
  let trunkTips: [Snapshot]
  /// Paths whose entry differs from HEAD's, every merge head's and trunk's; `new` is what is judged.
  public let judged: [TreeChange]
  /// Whether a commit is about to be made of it.
  public var isStaged: Bool { form != nil }
  /// The commits of the branch that are not on trunk, newest first; empty for a commit that is about to be made.
  public let commits: [ObjectID]

  fileprivate init(
    branch: String?, stream: Plan.Stream?, isForTrunk: Bool, form: CommitForm?, departure: Departure,
    snapshot: Snapshot,
    before: Snapshot, mergeHeads: [Snapshot], trunkTips: [Snapshot], judged: [TreeChange], commits: [ObjectID]
  ) {
    self.branch = branch
    self.stream = stream
    self.isForTrunk = isForTrunk
    self.form = form
    self.departure = departure
    self.snapshot = snapshot
    self.before = before
    self.mergeHeads = mergeHeads
    self.trunkTips = trunkTips
    self.judged = judged
    self.commits = commits
  }

  /// The merge base with trunk; `nil` without trunk or for unrelated histories. Most commits are judged without it.
  public func base() throws -> ObjectID? { try departure.place().commit }

  /// Whether the base is not in reach in a shallow clone.
  public func isCutOff() throws -> Bool { try departure.place().isCutOff }

  func baseSnapshot() throws -> Snapshot { try departure.snapshot() }
}

/// Where a change left trunk, found when somebody asks: history is read for it.
private final class Departure {
  private let situation: Situation
  private let parents: [ObjectID]
  private var found: (commit: ObjectID?, isCutOff: Bool)?

  init(_ situation: Situation, parents: [ObjectID]) {
    self.situation = situation
    self.parents = parents
  }

  func place() throws -> (commit: ObjectID?, isCutOff: Bool) {
    if let found { return found }
    let place = try situation.base(of: parents)
    found = place
    return place
  }

  func snapshot() throws -> Snapshot { try situation.snapshot(of: place().commit) }
}

extension Situation {
  func snapshot(of commit: ObjectID?) throws -> Snapshot {
    Snapshot(repository: repository, tree: try commit.map { try repository.commit($0).tree })
  }

  /// Where the parents of a commit left trunk: the newest of their merge bases.
  fileprivate func base(of parents: [ObjectID]) throws -> (commit: ObjectID?, isCutOff: Bool) {
    guard let trunk else { return (nil, false) }
    var best: ObjectID?
    var isCutOff = false
    for parent in parents {
      switch try repository.mergeBase(parent, trunk.tip) {
      case .found(let id):
        if let current = best, try !repository.isAncestor(current, of: id) { continue }
        best = id
      case .unrelated: continue
      case .cutOff: isCutOff = true
      }
    }
    return (best, best == nil && isCutOff)
  }

  /// What is staged, as it would be committed now.
  public func stagedChange() throws -> Change {
    let staged = try repository.stagedChanges(against: head)
    let heads = try mergeHeads()
    let before = try snapshot(of: head)
    var snapshot = before
    for change in staged { snapshot.replaced[change.path] = change.new }
    return try change(
      branch: branch, form: commitForm(staged.map(\.path)), parents: [head].compactMap { $0 } + heads, before: before,
      snapshot: snapshot,
      candidates: staged, mergeHeads: heads, commits: [])
  }

  /// A branch as it is pushed, or as it stands.
  ///
  /// - Parameter branch: in full; `nil` for a push from nowhere.
  public func committedChange(tip: ObjectID, branch: String?, isForTrunk: Bool, commits: [ObjectID]) throws -> Change {
    let snapshot = try snapshot(of: tip)
    let (base, _) = try base(of: [tip])
    let before = try self.snapshot(of: base)
    let candidates = try repository.changes(from: before.tree, to: snapshot.tree)
    return try change(
      branch: branch, isForTrunk: isForTrunk, form: nil, parents: [tip], before: before, snapshot: snapshot,
      candidates: candidates, mergeHeads: [], commits: commits)
  }

  /// The whole branch and what is staged on top: what `preflight` judges.
  public func wholeChange() throws -> Change {
    let staged = try repository.stagedChanges(against: head)
    let heads = try mergeHeads()
    let parents = [head].compactMap { $0 } + heads
    let before = try snapshot(of: try base(of: parents).commit)
    var snapshot = try self.snapshot(of: head)
    var candidates: [[UInt8]: TreeChange] = [:]
    for change in try repository.changes(from: before.tree, to: snapshot.tree) { candidates[change.path] = change }
    for change in staged {
      snapshot.replaced[change.path] = change.new
      candidates[change.path] = TreeChange(path: change.path, old: try before.entry(at: change.path), new: change.new)
    }
    let commits =
      if let head, let trunk { try repository.commitIDs(reachableFrom: [head], excluding: trunk.tips) } else {
        [ObjectID]()
      }
    return try change(
      branch: branch, form: staged.isEmpty ? nil : commitForm(staged.map(\.path)), parents: parents, before: before,
      snapshot: snapshot,
      candidates: candidates.values.sorted { $0.path.lexicographicallyPrecedes($1.path) }, mergeHeads: heads,
      commits: commits)
  }

  private func change(
    branch: String?, isForTrunk: Bool? = nil, form: CommitForm?, parents: [ObjectID], before: Snapshot,
    snapshot: Snapshot, candidates: [TreeChange], mergeHeads: [ObjectID], commits: [ObjectID]
  ) throws -> Change {
    let mergeHeads = try mergeHeads.map { try self.snapshot(of: $0) }
    let tips = try (trunk?.tips ?? []).map { try self.snapshot(of: $0) }
    let judged = try candidates.filter { change in
      for other in mergeHeads + tips where try other.entry(at: change.path) == change.new { return false }
      return change.old != change.new
    }
    return Change(
      branch: branch, stream: stream(on: branch),
      isForTrunk: isForTrunk ?? (branch != nil && branch == names?.branch), form: form,
      departure: Departure(self, parents: parents), snapshot: snapshot, before: before, mergeHeads: mergeHeads,
      trunkTips: tips, judged: judged, commits: commits)
  }

  /// How the commit is being made, as the index that git shows to its hooks tells: `commit --all` and `commit -- path` use one
  /// of their own.
  ///
  /// - Parameter paths: what the commit changes.
  public func commitForm(_ paths: [[UInt8]]) -> CommitForm {
    let index = repository.layout.indexFile.lastComponent.description
    if index.hasPrefix("next-index-"), !paths.isEmpty { return .only(paths) }
    if index == "index.lock" { return .all }
    return head == nil ? .first : .staged
  }

  /// The other parents of the commit that is about to be made; a squash merge has left what it took in `SQUASH_MSG`.
  private func mergeHeads() throws -> [ObjectID] {
    let directory = repository.layout.gitDirectory
    var result: [ObjectID] = []
    if let bytes = try (directory / "MERGE_HEAD").contentsIfPresent() {
      result += bytes.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: $0) }
    }
    if let bytes = try (directory / "SQUASH_MSG").contentsIfPresent() {
      let prefix = Array("commit ".utf8)
      let newest = bytes.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: prefix) }
      if let newest, let id = ObjectID(hex: newest.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: " ") }),
        try repository.hasObject(id)
      {
        result.append(id)
      }
    }
    return result
  }
}
