import Git
import Merging

/// Which commits of a side each line of a file comes from, told by comparing one version after the other.
struct LineHistory {
  /// What put a line there.
  private enum Origin: Hashable {
    case base
    case commit(Int)
    case uncommitted
  }

  /// The side's commits that changed the file, oldest first.
  private var commits: [Commit] = []
  private var origins: [Origin] = []
  /// Who took lines away before each line, and behind the last one.
  private var cuts: [Set<Origin>] = [[]]
  private var text: [UInt8]?
  /// The whole change of this side.
  private var hunks: [LineHunk] = []
  private var isChangedNow = false
  private(set) var isGone = false

  /// How far back commits are looked for.
  private static let limit = 2_000

  /// - Parameter now: the entry with what is not committed; `nil` where nothing is.
  init(
    of path: [UInt8], from base: ObjectID, to tip: ObjectID, now: TreeEntry??, in repository: Repository
  ) throws(GitError) {
    let start = try repository.entry(at: path, in: repository.commit(base).tree)
    let (steps, last) = try Self.steps(of: path, from: base, start, to: tip, in: repository)
    let first = try Self.contents(start, in: repository)
    text = first
    origins = Array(repeating: .base, count: Self.lineCount(text))
    cuts = Array(repeating: [], count: origins.count + 1)
    for (index, step) in steps.enumerated() {
      commits.append(step.commit)
      advance(to: try Self.contents(step.entry, in: repository), by: .commit(index))
    }
    let final = now ?? last
    isGone = final == nil
    if final != last {
      isChangedNow = true
      advance(to: try Self.contents(final, in: repository), by: .uncommitted)
    }
    if let text { hunks = LineHunk.hunks(from: first ?? [], to: text) }
  }

  private typealias Step = (commit: Commit, entry: TreeEntry?)

  /// The commits of the first-parent line that changed the path, oldest first, and what the tip has there.
  private static func steps(
    of path: [UInt8], from base: ObjectID, _ start: TreeEntry?, to tip: ObjectID, in repository: Repository
  ) throws(GitError) -> (steps: [Step], last: TreeEntry?) {
    var commit = try repository.commit(tip)
    var entry = try repository.entry(at: path, in: commit.tree)
    let last = entry
    var steps: [Step] = []
    for _ in 0..<limit where commit.id != base {
      // Where the line does not lead to the base, whatever is left to be told is the oldest commit's.
      guard let id = commit.parents.first, try repository.hasObject(id) else { break }
      let parent = try repository.commit(id)
      let before = id == base ? start : try repository.entry(at: path, in: parent.tree)
      if before != entry { steps.append((commit, entry)) }
      (commit, entry) = (parent, before)
    }
    return (steps.reversed(), last)
  }

  private static func contents(_ entry: TreeEntry?, in repository: Repository) throws(GitError) -> [UInt8]? {
    guard let entry, entry.isFile else { return nil }
    let contents = try repository.blob(entry.id)
    return contents.contains(0) ? nil : contents
  }

  private static func lineCount(_ text: [UInt8]?) -> Int {
    guard let text else { return 0 }
    return text.count { $0 == UInt8(ascii: "\n") } + (text.last ?? UInt8(ascii: "\n") == UInt8(ascii: "\n") ? 0 : 1)
  }

  private mutating func advance(to next: [UInt8]?, by origin: Origin) {
    for hunk in LineHunk.hunks(from: text ?? [], to: next ?? []).reversed() {
      let taken = cuts[hunk.old.lowerBound...hunk.old.upperBound].reduce(into: Set<Origin>()) { $0.formUnion($1) }
      origins.replaceSubrange(hunk.old, with: Array(repeating: origin, count: hunk.new.count))
      cuts.replaceSubrange(
        hunk.old.lowerBound...hunk.old.upperBound, with: Array(repeating: [], count: hunk.new.count + 1))
      cuts[hunk.old.lowerBound] = hunk.old.isEmpty ? taken : taken.union([origin])
    }
    text = next
  }

  /// The lines of this side that touch what the other one changed; all that this side changed where nothing touches.
  func lines(against other: LineHistory) -> [LineRange] {
    if other.text == nil { return hunks.map(\.newLines) }
    let touching = hunks.filter { hunk in other.hunks.contains { $0.touches(hunk) } }
    return (touching.isEmpty ? hunks : touching).map(\.newLines)
  }

  /// Who wrote these lines, or took lines away there; of the whole file where there is nothing to count.
  func authors(of ranges: [LineRange]) -> (commits: [Commit], isUncommitted: Bool) {
    var found: Set<Origin> = []
    for range in ranges {
      let start = min(max(range.first - 1, 0), origins.count)
      let end = min(start + range.count, origins.count)
      found.formUnion(origins[start..<end])
      for place in start...end { found.formUnion(cuts[place]) }
    }
    found.remove(.base)
    if found.isEmpty { return (commits.reversed(), isChangedNow) }
    let known = commits.indices.reversed().filter { found.contains(.commit($0)) }
    return (known.map { commits[$0] }, found.contains(.uncommitted))
  }
}
