import Git

/// How the commits of many tips stand to trunk and to each other: asked of git once for all of them.
struct Lineage {
  private let repository: Repository
  /// The parents of every commit that a tip reaches and trunk does not.
  private let parents: [ObjectID: [ObjectID]]
  private var chains: [ObjectID: Chain?] = [:]
  private var known: [Pair: [ObjectID]?] = [:]
  /// How far each commit of trunk's first-parent line lies behind its tip, as far as we have gone down.
  private var depths: [ObjectID: Int]
  private var deepest: Commit?

  private struct Pair: Hashable {
    let one: ObjectID
    let other: ObjectID
  }

  /// Commits in a row, without merges.
  struct Chain {
    /// Newest first.
    var commits: [ObjectID]
    /// The commit of trunk that they stand on.
    var base: ObjectID
  }

  /// How many commits of trunk are read before git's own answer is cheaper.
  private static let depthLimit = 2000

  init(_ tips: [ObjectID], trunk: ObjectID, in repository: Repository) throws(GitError) {
    self.repository = repository
    let input = Array((tips.map { "\($0)\n" }.joined() + "^\(trunk)\n").utf8)
    let output = try repository.git.output(["rev-list", "--topo-order", "--parents", "--stdin"], input: input)
    var parents: [ObjectID: [ObjectID]] = [:]
    for line in output.split(separator: UInt8(ascii: "\n")) {
      let ids = line.split(separator: UInt8(ascii: " ")).compactMap { ObjectID(hex: $0) }
      if let id = ids.first { parents[id] = Array(ids.dropFirst()) }
    }
    self.parents = parents
    deepest = try repository.commit(trunk)
    depths = [trunk: 0]
  }

  /// The commits of a tip that trunk does not have, newest first.
  func ownCommits(of tip: ObjectID) -> [ObjectID] {
    var found: [ObjectID] = []
    var seen: Set<ObjectID> = []
    var open = [tip]
    while let id = open.popLast() {
      guard let before = parents[id], seen.insert(id).inserted else { continue }
      found.append(id)
      open += before.reversed()
    }
    return found
  }

  /// The best common ancestors of two tips as git finds them for a merge; empty where they share nothing, `nil` where nobody
  /// can tell.
  mutating func mergeBases(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> [ObjectID]? {
    guard let left = chain(to: one), let right = chain(to: other) else { return try askedBases(one, other) }
    // Of commits in a row the newest that both have is an ancestor of whatever else they share.
    let shared = Set(right.commits)
    if let common = left.commits.first(where: { shared.contains($0) }) { return [common] }
    if left.base == right.base { return [left.base] }
    if let near = try depth(of: left.base), let far = try depth(of: right.base) {
      return [near > far ? left.base : right.base]
    }
    return try askedBases(left.base, right.base)
  }

  /// Whether a commit is one that trunk does not have.
  func isOwn(_ commit: ObjectID) -> Bool { parents[commit] != nil }

  /// The commit of trunk that a tip's own commits stand on; `nil` where they are not in a row.
  mutating func base(of tip: ObjectID) -> ObjectID? { chain(to: tip)?.base }

  /// `nil` where there are merges among the commits, or one that stands on nothing.
  private mutating func chain(to tip: ObjectID) -> Chain? {
    if let chain = chains[tip] { return chain }
    var commits: [ObjectID] = []
    var current = tip
    var chain: Chain?
    while true {
      guard let before = parents[current] else {
        chain = Chain(commits: commits, base: current)
        break
      }
      guard before.count == 1 else { break }
      commits.append(current)
      current = before[0]
    }
    chains[tip] = .some(chain)
    return chain
  }

  /// `nil` where the commit is not on trunk's first-parent line, or too far down.
  private mutating func depth(of commit: ObjectID) throws(GitError) -> Int? {
    while depths[commit] == nil {
      guard let last = deepest, let parent = last.parents.first, depths.count < Self.depthLimit,
        try repository.hasObject(parent)
      else {
        deepest = nil
        return nil
      }
      depths[parent] = depths.count
      deepest = try repository.commit(parent)
    }
    return depths[commit]
  }

  private mutating func askedBases(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> [ObjectID]? {
    if one == other { return [one] }
    let pair = one < other ? Pair(one: one, other: other) : Pair(one: other, other: one)
    if let bases = known[pair] { return bases }
    let bases = try repository.mergeBases(one, other)
    known[pair] = .some(bases)
    return bases
  }
}
