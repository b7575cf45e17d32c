import ContentMerging
import Git
import Platform
import StateFiles

/// Goes over all pairs of sides: decides what can be told from two lists of changes, and has git decide the rest together.
struct PairSurvey {
  let repository: Repository
  let sides: [ConflictMap.Side]
  let work: [Int: UncommittedWork]
  let merges: ContentMerge
  let scratch: Scratch
  private(set) var lineage: Lineage
  private var sets: [SetKey: ChangeSet] = [:]
  private var trees: [ObjectID: ObjectID] = [:]

  private struct SetKey: Hashable {
    /// `nil`: trunk's own changes up to `end`.
    let side: Int?
    let base: ObjectID
    let end: ObjectID
  }

  init(
    _ repository: Repository, trunk: ObjectID, sides: [ConflictMap.Side], work: [Int: UncommittedWork],
    merges: ContentMerge, scratch: Scratch
  ) throws(GitError) {
    self.repository = repository
    self.sides = sides
    self.work = work
    self.merges = merges
    self.scratch = scratch
    lineage = try Lineage(sides.dropFirst().map(\.tip), trunk: trunk, in: repository)
  }

  mutating func map() throws(GitError) -> ConflictMap {
    var cells: [ConflictMap.Cell] = []
    var questions: [PairQuestion] = []
    for one in sides.indices {
      for other in sides.indices where other > one {
        let start = try start(of: one, and: other)
        switch try decide(one, other, start) {
        case .settled(let verdict):
          cells.append(.init(one: one, other: other, verdict: verdict, base: start?.base))
        case .open(let paths):
          questions.append(
            PairQuestion(cell: cells.count, one: one, other: other, base: start?.chosenBase, paths: paths))
          cells.append(.init(one: one, other: other, verdict: .unknown, base: start?.base))
        }
      }
    }
    var answers = PairAnswers(self)
    for (question, paths) in try answers.answers(to: questions) {
      cells[question.cell].verdict = paths.map { .conflict($0.map { .init(path: $0, regions: []) }) } ?? .clean
    }
    return ConflictMap(sides: sides, cells: cells, decidedByGit: questions.count, asked: answers.asked)
  }

  // MARK: One pair

  /// From where the changes of two sides are counted.
  struct Start {
    /// More than one where histories have crossed.
    var bases: [ObjectID]
    /// A base that is not the one that git would find.
    var chosenBase: ObjectID?

    var base: ObjectID? { bases.count == 1 ? bases[0] : nil }
  }

  private enum Decision {
    case settled(ConflictMap.Verdict)
    /// git decides; the paths are all that either side changed.
    case open(paths: Set<[UInt8]>)
  }

  /// `nil` where nobody can tell, or the sides share nothing.
  private mutating func start(of one: Int, and other: Int) throws(GitError) -> Start? {
    guard let bases = try lineage.mergeBases(sides[one].tip, sides[other].tip), !bases.isEmpty else { return nil }
    // What a stacked stream has of its own counts from where it was last put on its parent: the parent may have been
    // rewritten since.
    let stacked = sides[one].parent == other ? one : sides[other].parent == one ? other : nil
    if let stacked, let branch = sides[stacked].branch {
      let recorded = try StreamBases(repository.layout).base(
        of: branch, tip: sides[stacked].tip, onto: sides[stacked == one ? other : one].tip, in: repository)
      if case .found(let base) = recorded, bases != [base] { return Start(bases: [base], chosenBase: base) }
    }
    return Start(bases: bases)
  }

  /// The one commit that both descend from; `nil` where there is none, or several.
  mutating func commonBase(of one: Int, and other: Int) throws(GitError) -> ObjectID? {
    let bases = try lineage.mergeBases(sides[one].tip, sides[other].tip)
    return bases?.count == 1 ? bases?.first : nil
  }

  private mutating func decide(_ one: Int, _ other: Int, _ start: Start?) throws(GitError) -> Decision {
    guard let start else { return .settled(.unknown) }
    guard let base = start.base else {
      var paths: Set<[UInt8]> = []
      for base in start.bases {
        for side in [one, other] { paths.formUnion(try changes(of: side, since: base).changes.map(\.path)) }
      }
      return .open(paths: paths)
    }
    let ours = try changes(of: one, since: base)
    let theirs = try changes(of: other, since: base)
    if ours.changes.isEmpty || theirs.changes.isEmpty { return .settled(.clean) }
    let open = { Decision.open(paths: Set(ours.changes.map(\.path)).union(theirs.changes.map(\.path))) }
    guard !ours.touchesAttributes, !theirs.touchesAttributes, case .pathByPath(let both) = ours.meets(theirs) else {
      return open()
    }
    var conflicts: [ConflictMap.FileConflict] = []
    for (left, right) in both {
      guard let mine = left.new, let other = right.new else {
        // Harmless where both deleted it, unless it may live on under a new name.
        if left.new == right.new, !ours.adds, !theirs.adds { continue }
        return open()
      }
      let file = FileVersions(path: left.path, base: left.old, ours: mine, theirs: other)
      if file.trivially != nil { continue }
      switch try merges.prospect(of: file) {
      case .clean: continue
      case .conflict(let regions): conflicts.append(.init(path: left.path, regions: regions))
      case .undecided: return open()
      }
    }
    return .settled(conflicts.isEmpty ? .clean : .conflict(conflicts))
  }

  // MARK: Changes

  /// A side with what is not committed there, as a commit on its tip; `nil` where the tip is all.
  func snapshot(of side: Int) throws(GitError) -> ScratchRepository.Snapshot? {
    guard let work = work[side] else { return nil }
    let tip = sides[side].tip
    return .init(parents: [tip], tree: try repository.commit(tip).tree, replaced: work.replacements)
  }

  /// What a side has changed since a commit that it descends from, with what is not committed.
  mutating func changes(of side: Int, since base: ObjectID) throws(GitError) -> ChangeSet {
    let tip = sides[side].tip
    let key = SetKey(side: side, base: base, end: tip)
    if let set = sets[key] { return set }
    var set: ChangeSet
    // Where both are trunk's, its changes between the two join those since the newer one: they are read once for all sides.
    if let own = lineage.base(of: tip), own != base, !lineage.isOwn(base) {
      set = try changes(of: side, since: own).following(trunkChanges(from: base, to: own))
    } else {
      set = ChangeSet(try repository.changes(from: tree(of: base), to: tree(of: tip)))
      if let work = work[side] { set = try with(work, set, tip: tip) }
    }
    let root = try tree(of: tip)
    let emptied = work[side]?.emptiedDirectories ?? []
    try set.keepDirectories { directory throws(GitError) in
      if emptied.contains(directory) { return false }
      return try repository.entry(at: directory, in: root)?.isTree == true
    }
    sets[key] = set
    return set
  }

  private mutating func trunkChanges(from base: ObjectID, to end: ObjectID) throws(GitError) -> ChangeSet {
    let key = SetKey(side: nil, base: base, end: end)
    if let set = sets[key] { return set }
    let set = ChangeSet(try repository.changes(from: tree(of: base), to: tree(of: end)))
    sets[key] = set
    return set
  }

  private mutating func with(
    _ work: UncommittedWork, _ committed: ChangeSet, tip: ObjectID
  ) throws(GitError) -> ChangeSet {
    let root = try tree(of: tip)
    var changes: [TreeChange] = []
    for (path, new) in work.replaced {
      let entry = try repository.entry(at: path, in: root)
      let old = entry?.isTree == true ? nil : entry
      if old != new { changes.append(TreeChange(path: path, old: old, new: new)) }
    }
    return ChangeSet(changes).following(committed)
  }

  private mutating func tree(of commit: ObjectID) throws(GitError) -> ObjectID {
    if let tree = trees[commit] { return tree }
    let tree = try repository.commit(commit).tree
    trees[commit] = tree
    return tree
  }
}
