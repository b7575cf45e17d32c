/// The commits that some reach and others do not.
public struct CommitRange: Hashable, Sendable {
  /// Children before parents.
  public let ids: [ObjectID]
  /// The parents that are not in the range, each once: empty where it goes down to the roots, `nil` where git has found the
  /// range, which does not tell.
  public let boundary: [ObjectID]?
}

/// Walks history in this process, every commit read once: by date from the newest on, until all that is left is excluded and
/// older than what was found, as git does it where there is no commit-graph.
struct CommitWalk {
  /// Where dates do not tell what is older, an excluded line may be found late: so many more of its commits are looked at.
  private static let patience = 32

  private struct Node {
    let id: ObjectID
    let parents: [ObjectID]
    let date: Int64
    var isExcluded: Bool
    var isQueued = true
    var children = 0
  }

  private let read: (ObjectID) throws(GitError) -> Commit
  /// Called with each commit that is reached, as soon as it is read; a few of them may turn out to be excluded.
  private let visit: (Commit) -> Void
  private var nodes: [Node] = []
  private var places: [ObjectID: Int] = [:]
  private var queue = DateQueue()
  /// Of the queue's.
  private var wantedCount = 0
  /// Of those that were found.
  private var keptCount = 0

  init(
    reading read: @escaping (ObjectID) throws(GitError) -> Commit, visiting visit: @escaping (Commit) -> Void
  ) {
    self.read = read
    self.visit = visit
  }

  /// - Parameters:
  ///   - excluded: commits, none of them missing.
  ///   - limit: the walk is given up, with `nil`, when it has met so many excluded commits.
  mutating func range(
    reachableFrom tips: [ObjectID], excluding excluded: [ObjectID], limit: Int
  ) throws(GitError) -> CommitRange? {
    for tip in tips { try reach(tip) }
    for commit in excluded { try exclude(commit) }
    var found: [Int] = []
    var oldest = Int64.max
    var patience = Self.patience
    var excludedCount = 0
    while let place = queue.popNewest() {
      nodes[place].isQueued = false
      let (parents, date) = (nodes[place].parents, nodes[place].date)
      if !nodes[place].isExcluded {
        wantedCount -= 1
        keptCount += 1
        found.append(place)
        oldest = min(oldest, date)
        patience = Self.patience
        for parent in parents { try reach(parent) }
        continue
      }
      excludedCount += 1
      if excludedCount > limit { return nil }
      for parent in parents { try exclude(parent) }
      if wantedCount > 0 { continue }
      if keptCount == 0 { break }
      if date < oldest {
        patience -= 1
        if patience == 0 { break }
      } else {
        patience = Self.patience
      }
    }
    return sorted(found.filter { !nodes[$0].isExcluded })
  }

  private mutating func reach(_ id: ObjectID) throws(GitError) {
    if places[id] == nil { try enqueue(id, isExcluded: false) }
  }

  /// And with it all that it reaches of what was met before.
  private mutating func exclude(_ id: ObjectID) throws(GitError) {
    var pending = [id]
    while let id = pending.popLast() {
      guard let place = places[id] else {
        try enqueue(id, isExcluded: true)
        continue
      }
      if nodes[place].isExcluded { continue }
      nodes[place].isExcluded = true
      if nodes[place].isQueued {
        wantedCount -= 1
      } else {
        keptCount -= 1
        pending += nodes[place].parents
      }
    }
  }

  private mutating func enqueue(_ id: ObjectID, isExcluded: Bool) throws(GitError) {
    let commit = try read(id)
    let date = commit.committed
    places[id] = nodes.count
    queue.insert(nodes.count, date: date)
    nodes.append(Node(id: id, parents: commit.parents, date: date, isExcluded: isExcluded))
    if isExcluded { return }
    wantedCount += 1
    visit(commit)
  }

  /// One line of history after the other, as `git rev-list --topo-order` has them.
  private mutating func sorted(_ found: [Int]) -> CommitRange {
    func isOutside(_ node: Node) -> Bool { node.isExcluded || node.isQueued }
    var boundary: [ObjectID] = []
    var known: Set<ObjectID> = []
    for place in found {
      for parent in nodes[place].parents {
        guard let above = places[parent] else { continue }
        if isOutside(nodes[above]) {
          if known.insert(parent).inserted { boundary.append(parent) }
        } else {
          nodes[above].children += 1
        }
      }
    }
    var ready = Array(found.filter { nodes[$0].children == 0 }.reversed())
    var ids: [ObjectID] = []
    ids.reserveCapacity(found.count)
    while let place = ready.popLast() {
      ids.append(nodes[place].id)
      for parent in nodes[place].parents {
        guard let above = places[parent], !isOutside(nodes[above]) else { continue }
        nodes[above].children -= 1
        if nodes[above].children == 0 { ready.append(above) }
      }
    }
    return CommitRange(ids: ids, boundary: boundary)
  }
}

/// A binary heap: the newest first, of equals what came first.
private struct DateQueue {
  private var entries: [(date: Int64, place: Int)] = []

  mutating func insert(_ place: Int, date: Int64) {
    var index = entries.count
    entries.append((date, place))
    while index > 0, isBefore(index, (index - 1) / 2) {
      entries.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  mutating func popNewest() -> Int? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if entries.isEmpty { return first.place }
    entries[0] = last
    var index = 0
    while true {
      var next = index
      for child in [2 * index + 1, 2 * index + 2] where child < entries.count && isBefore(child, next) { next = child }
      if next == index { return first.place }
      entries.swapAt(index, next)
      index = next
    }
  }

  /// Places are given in the order of insertion.
  private func isBefore(_ one: Int, _ other: Int) -> Bool {
    let (left, right) = (entries[one], entries[other])
    return left.date > right.date || left.date == right.date && left.place < right.place
  }
}
