import ContentMerging
import Git
import Platform

/// Two sides whose merge only git can tell.
struct PairQuestion {
  /// Where its answer belongs.
  let cell: Int
  let one: Int
  let other: Int
  /// Where both are to be counted from, if not from where git would.
  let base: ObjectID?
  /// All that either side changed.
  let paths: Set<[UInt8]>
}

/// Answers many questions with few processes, and remembers what git said.
struct PairAnswers {
  private let repository: Repository
  private let sides: [ConflictMap.Side]
  private let work: [Int: UncommittedWork]
  private let merges: ContentMerge
  private let scratch: Scratch
  /// How many questions git was asked, and not our memory.
  private(set) var asked = 0
  private var configuration: [UInt8]?
  /// Whether history is another than the ids say.
  private let idsDoNotTell: Bool
  private var digests: [Int: ObjectID] = [:]

  init(_ survey: PairSurvey) {
    repository = survey.repository
    sides = survey.sides
    work = survey.work
    merges = survey.merges
    scratch = survey.scratch
    let common = repository.layout.commonDirectory
    idsDoNotTell = ["shallow", "info/grafts", "refs/replace"].contains { (common / $0).exists }
  }

  /// Each question with the paths in conflict, `nil` where it merges; in no particular order.
  mutating func answers(
    to questions: [PairQuestion]
  ) throws(GitError) -> [(question: PairQuestion, conflicts: [[UInt8]]?)] {
    if questions.isEmpty { return [] }
    var memory = PredictionMemory(repository)
    var answers: [(question: PairQuestion, conflicts: [[UInt8]]?)] = []
    var open: [(question: PairQuestion, key: ObjectID?)] = []
    for question in questions {
      let key = try self.key(of: question)
      if let key, let answer = memory.answer(to: key) {
        answers.append((question, answer))
      } else {
        open.append((question, key))
      }
    }
    asked = open.count
    for ((question, key), merge) in zip(open, try ask(open.map(\.question))) {
      let answer = merge.isClean ? nil : merge.conflicts
      if let key { memory.remember(answer, for: key) }
      answers.append((question, answer))
    }
    memory.save()
    return answers
  }

  // MARK: Asking

  private func ask(_ questions: [PairQuestion]) throws(GitError) -> [ScratchRepository.Merge] {
    if questions.isEmpty { return [] }
    let scratch = try scratch.repository()
    try scratch.placeAttributes(merges.attributes.files(above: Set(questions.flatMap(\.paths))))
    var made = SnapshotBatch()
    let pairs = try questions.map { question throws(GitError) in
      var parent: Int?
      if let base = question.base {
        parent = made.add(.init(parents: [], tree: try repository.commit(base).tree), key: .base(base))
      }
      return try (
        commit(question.one, on: parent, question, &made), commit(question.other, on: parent, question, &made)
      )
    }
    let ids = try made.commit(in: scratch)
    return try scratch.merges(pairs.map { (ours: $0.id(ids), theirs: $1.id(ids)) })
  }

  private func commit(
    _ side: Int, on parent: Int?, _ question: PairQuestion, _ made: inout SnapshotBatch
  ) throws(GitError) -> SnapshotBatch.Name {
    let tip = sides[side].tip
    if parent == nil, work[side] == nil { return .existing(tip) }
    let replaced = work[side]?.replacements ?? [:]
    let tree = try repository.commit(tip).tree
    guard let parent, let base = question.base else {
      return .made(made.add(.init(parents: [tip], tree: tree, replaced: replaced), key: .side(side, base: nil)))
    }
    return .made(made.add(.init(parents: [], tree: tree, replaced: replaced), key: .side(side, base: base), on: parent))
  }

  // MARK: Remembering

  /// `nil` where ids do not tell all of history: in a shallow clone, and with grafts or replaced objects.
  private mutating func key(of question: PairQuestion) throws(GitError) -> ObjectID? {
    if idsDoNotTell { return nil }
    var text = "merge \(question.base.map { "\($0)" } ?? "")"
    for side in [question.one, question.other] { text += " \(sides[side].tip) \(try digest(of: side))" }
    return try repository.blobID(of: Array("\(text)\n".utf8) + evidence(question.paths))
  }

  /// What git's answer depends on besides the commits.
  private mutating func evidence(_ paths: Set<[UInt8]>) throws(GitError) -> [UInt8] {
    if configuration == nil {
      var bytes = try repository.git.output(["version"])
      let settings = try repository.configuration()
      for key in settings.keys.sorted() where ["merge.", "diff.", "core."].contains(where: { key.hasPrefix($0) }) {
        bytes += Array("\(key)=\(settings.all(key).joined(separator: "\u{1}"))\u{0}".utf8)
      }
      configuration = try bytes + merges.attributes.commonEvidence()
    }
    return try (configuration ?? []) + merges.attributes.evidence(above: paths)
  }

  /// Of what is not committed.
  private mutating func digest(of side: Int) throws(GitError) -> String {
    guard let work = work[side] else { return "-" }
    if let known = digests[side] { return "\(known)" }
    var text: [UInt8] = []
    for (path, entry) in work.replaced.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      text += Array((entry.map { "\($0.mode) \($0.id) " } ?? "gone ").utf8) + path + [0]
    }
    let digest = try repository.blobID(of: text)
    digests[side] = digest
    return "\(digest)"
  }
}

/// Commits to be made together, each once.
private struct SnapshotBatch {
  enum Key: Hashable {
    case base(ObjectID)
    case side(Int, base: ObjectID?)
  }

  /// A commit that is there, or the place of one that is yet to be made.
  enum Name {
    case existing(ObjectID)
    case made(Int)

    func id(_ ids: [ObjectID]) -> ObjectID {
      switch self {
      case .existing(let id): id
      case .made(let place): ids[place]
      }
    }
  }

  private var snapshots: [ScratchRepository.Snapshot] = []
  private var places: [Key: Int] = [:]

  /// - Parameter parent: the place of a snapshot that this one stands on.
  mutating func add(_ snapshot: ScratchRepository.Snapshot, key: Key, on parent: Int? = nil) -> Int {
    if let place = places[key] { return place }
    var snapshot = snapshot
    snapshot.standsOn = parent
    snapshots.append(snapshot)
    places[key] = snapshots.count - 1
    return snapshots.count - 1
  }

  func commit(in scratch: ScratchRepository) throws(GitError) -> [ObjectID] { try scratch.commit(snapshots) }
}
