/// What comes after what, by id.
public struct DependencyGraph: Sendable {
  /// In the order of the plan.
  public let ids: [String]
  /// What each id comes after; only known ids, each once.
  public let prerequisites: [String: [String]]

  /// Prerequisites that are not among `ids` are left out.
  public init(_ dependencies: [(id: String, after: [String])]) {
    let known = Set(dependencies.map(\.id))
    ids = dependencies.map(\.id)
    prerequisites = Dictionary(
      dependencies.map { dependency in
        var seen: Set<String> = []
        return (dependency.id, dependency.after.filter { known.contains($0) && seen.insert($0).inserted })
      },
      uniquingKeysWith: { first, _ in first })
  }

  /// Prerequisites first, otherwise the order of the plan; `nil` where there is a ring.
  public var order: [String]? {
    var done: Set<String> = []
    var order: [String] = []
    for start in ids where !done.contains(start) {
      var path = [(id: start, next: 0)]
      var onPath: Set<String> = [start]
      while let (id, next) = path.last {
        let before = prerequisites[id] ?? []
        guard next < before.count else {
          path.removeLast()
          onPath.remove(id)
          done.insert(id)
          order.append(id)
          continue
        }
        path[path.count - 1].next += 1
        guard !done.contains(before[next]) else { continue }
        guard onPath.insert(before[next]).inserted else { return nil }
        path.append((before[next], 0))
      }
    }
    return order
  }

  /// The rings, each as the ids in it without the first repeated at the end: the shortest through its first id, and no id
  /// starts more than one.
  public var rings: [[String]] {
    let suspects = idsThatLeadToRings
    var named: Set<String> = []
    var rings: [[String]] = []
    for id in ids where suspects.contains(id) && !named.contains(id) {
      guard let ring = shortestRing(through: id, within: suspects) else { continue }
      rings.append(ring)
      named.formUnion(ring)
    }
    return rings
  }

  /// What is left when ids without remaining prerequisites are taken away again and again.
  private var idsThatLeadToRings: Set<String> {
    var missing = prerequisites.mapValues(\.count)
    var dependents: [String: [String]] = [:]
    for (id, before) in prerequisites { for other in before { dependents[other, default: []].append(id) } }
    var free = ids.filter { missing[$0] == 0 }
    while let id = free.popLast() {
      guard missing.removeValue(forKey: id) != nil else { continue }
      for dependent in dependents[id] ?? [] {
        missing[dependent]? -= 1
        if missing[dependent] == 0 { free.append(dependent) }
      }
    }
    return Set(missing.keys)
  }

  private func shortestRing(through start: String, within suspects: Set<String>) -> [String]? {
    var cameFrom: [String: String] = [:]
    var queue = [start]
    var position = 0
    while position < queue.count {
      let id = queue[position]
      position += 1
      for before in prerequisites[id] ?? [] where suspects.contains(before) {
        if before == start {
          var ring = [id]
          while let last = ring.last, last != start, let previous = cameFrom[last] { ring.append(previous) }
          return ring.reversed()
        }
        if cameFrom[before] == nil {
          cameFrom[before] = id
          queue.append(before)
        }
      }
    }
    return nil
  }
}
