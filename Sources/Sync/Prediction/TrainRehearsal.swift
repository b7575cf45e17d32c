import Git
import Plan
import Platform
import StateFiles

/// Streams that are merged one after another, on paper, as a train goes: whenever trunk moves, every stream that is left is
/// replayed onto it, commit by commit, as a sync does it.
///
/// Merging tips tells something else: of a line that a stream changed and changed back they know nothing, and a commit that
/// two streams have is to them two changes of the same lines. What is made is made in a scratch repository.
public final class TrainRehearsal {
  public enum Outcome: Hashable, Sendable {
    case clean
    /// The files where its replay stops, and the streams of this train that have changed them; none: trunk has.
    case conflict([[UInt8]], with: [String])
    case nothing
  }

  /// A stream as it stands at this moment of the train.
  private struct Car {
    let stream: Plan.Stream
    var base: ObjectID
    var tip: ObjectID
    /// Whether no worktree has it: then no sync moves it, and the train merges it as it is.
    var staysBehind = false
    /// Where its last replay stopped.
    var conflict: [[UInt8]]?
  }

  private let scratch: ScratchRepository
  private let objects: Repository
  private let replay: Replay
  private let kind: Plan.MergeKind
  private var trunk: ObjectID
  private var cars: [Car] = []
  /// What each stream that was merged brought.
  private var merged: [(id: String, paths: Set<[UInt8]>)] = []

  private static let committer = Array("preflight <preflight@localhost> 0 +0000".utf8)

  /// With those of the plan's streams that have commits of their own.
  ///
  /// `nil` where only git's own rebase can tell what becomes of one, or history ends before it can be told.
  public init?(_ original: Repository, plan: Plan, trunk: Trunk) throws(GitError) {
    let untold = ["shallow", "info/grafts", "refs/replace"]
    let common = original.layout.commonDirectory
    guard !original.isReadByGit, !untold.contains(where: { (common / $0).exists }) else { return nil }
    scratch = try ScratchRepository(borrowingFrom: original, hasOwnAttributes: true)
    objects = try scratch.objects()
    let policies = PlanMerge(original, objects: objects, plan: plan, trunk: trunk)
    replay = Replay(objects, committer: Self.committer, policy: policies.verdict)
    kind = plan.mergeKind
    self.trunk = trunk.tip
    let branches = Set(try original.layout.worktrees().filter { !$0.isMissing }.compactMap(\.branch))
    for stream in plan.streams {
      let branch = "refs/heads/\(stream.branch)"
      guard let tip = try original.target(of: branch), tip != trunk.tip else { continue }
      guard
        case .found(let base) = try StreamBases(original.layout)
          .base(of: branch, tip: tip, onto: trunk.tip, in: original)
      else { return nil }
      if base == tip { continue }
      cars.append(Car(stream: stream, base: base, tip: tip, staysBehind: !branches.contains(branch)))
    }
    guard try bringAlong() else { return nil }
  }

  /// The streams that do not go onto trunk as it is at this moment.
  public var conflicting: Set<String> { Set(cars.filter { $0.conflict != nil }.map(\.stream.id)) }
  /// Those that a sync moves onto it.
  public var moving: Set<String> { Set(cars.filter { !$0.staysBehind }.map(\.stream.id)) }

  /// Merges one stream more; `nil` where only git can tell.
  public func merge(_ id: String) throws(GitError) -> Outcome? {
    guard let place = cars.firstIndex(where: { $0.stream.id == id }) else { return .nothing }
    let car = cars[place]
    if let files = car.conflict { return conflict(files) }
    cars.remove(at: place)
    if car.tip == trunk { return .nothing }
    let old = try objects.commit(trunk).tree
    var new = try objects.commit(car.tip).tree
    if car.staysBehind {
      let merge = try scratch.merges([(trunk, car.tip)])[0]
      if !merge.isClean { return conflict(merge.conflicts) }
      new = merge.tree
    } else if car.base != trunk {
      return nil  // it stands on another stream still
    }
    merged.append((id, Set(try objects.changes(from: old, to: new).map(\.path))))
    switch kind {
    case .rebase where !car.staysBehind: trunk = car.tip
    case .rebase: trunk = try commit(new, parents: [trunk])
    case .merge: trunk = try commit(new, parents: [trunk, car.tip])
    case .squash: trunk = try commit(new, parents: [trunk])
    }
    return try bringAlong() ? .clean : nil
  }

  private func conflict(_ files: [[UInt8]]) -> Outcome {
    .conflict(files, with: merged.filter { !$0.paths.isDisjoint(with: files) }.map(\.id))
  }

  private func commit(_ tree: ObjectID, parents: [ObjectID]) throws(GitError) -> ObjectID {
    let who = Self.committer
    let head = "tree \(tree)\n" + parents.map { "parent \($0)\n" }.joined() + "author "
    let id = try objects.make(
      .commit, Array(head.utf8) + who + Array("\ncommitter ".utf8) + who + Array("\n\nx\n".utf8))
    try objects.writeMadeObjects()
    return id
  }

  /// Replays what is left onto trunk, or onto the stream that it is stacked on; `false` where only git can tell.
  private func bringAlong() throws(GitError) -> Bool {
    var done: Set<String> = []
    while let place = cars.indices.first(where: { !done.contains(cars[$0].stream.id) && !waits($0, done) }) {
      done.insert(cars[place].stream.id)
      let parent = cars.first { $0.stream.id == cars[place].stream.base }
      if cars[place].staysBehind || parent?.conflict != nil { continue }
      guard try move(place, onto: parent?.tip ?? trunk) else { return false }
    }
    return true
  }

  /// Whether the stream that it is stacked on has to move first; one in a ring waits for nobody.
  private func waits(_ place: Int, _ done: Set<String>) -> Bool {
    var seen: Set<String> = []
    var id = cars[place].stream.base
    while let parent = cars.first(where: { $0.stream.id == id }), seen.insert(parent.stream.id).inserted {
      if parent.stream.id == cars[place].stream.id { return false }
      if !done.contains(parent.stream.id) { return true }
      id = parent.stream.base
    }
    return false
  }

  private func move(_ place: Int, onto target: ObjectID) throws(GitError) -> Bool {
    let car = cars[place]
    if car.base == target { return true }
    switch try replay.outcome(of: .init(base: car.base, tip: car.tip, onto: target)) {
    case .replayed(let replayed):
      try objects.writeMadeObjects()
      (cars[place].base, cars[place].tip, cars[place].conflict) = (target, replayed.tip, nil)
      return true
    case .conflict(let stop):
      objects.forgetMadeObjects()
      cars[place].conflict = stop.files
      return true
    case .needsGit: return false
    }
  }
}
