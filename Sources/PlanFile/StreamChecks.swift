import Plan

/// What can only be seen with all streams read.
extension PlanReading {
  mutating func checkStreams(of project: Plan.Project) {
    checkNames(of: project)
    checkIssues(prefixes: project.issuePrefixes)
    checkPrerequisites()
    checkBases()
    checkRings()
  }

  /// Ids, branches and directories are one stream's each.
  private mutating func checkNames(of project: Plan.Project) {
    var ids: [String: String] = [:]
    var branches: [String: String] = [:]
    var directories: [String: String] = [:]
    for located in streams.map(\.stream) {
      let stream = located.value
      if let other = ids.updateValue(stream.id, forKey: stream.id.lowercased()) {
        faults.error(located.position, "the stream ids '\(other)' and '\(stream.id)' differ in case only")
      }
      if !stream.branch.isEmpty {
        let position = located.position(of: "branch")
        if stream.branch == project.trunk {
          faults.error(position, "stream '\(stream.id)' is on trunk's branch '\(stream.branch)'")
        }
        if let other = branches.updateValue(stream.id, forKey: stream.branch) {
          faults.error(position, "the streams '\(other)' and '\(stream.id)' are both on branch '\(stream.branch)'")
        }
      }
      if let directory = stream.directory, let other = directories.updateValue(stream.id, forKey: directory) {
        faults.error(
          located.position(of: "dir"), "the streams '\(other)' and '\(stream.id)' are both in directory '\(directory)'")
      }
    }
  }

  private mutating func checkIssues(prefixes: [String]) {
    var owners: [String: String] = [:]
    for entry in streams {
      for issue in entry.issues {
        let id = issue.value.id
        let position = issue.position(of: "id")
        if let owner = owners.updateValue(entry.stream.value.id, forKey: id) {
          let places =
            owner == entry.stream.value.id
            ? "twice in stream '\(owner)'" : "in the streams '\(owner)' and '\(entry.stream.value.id)'"
          faults.error(position, "issue '\(id)' is \(places)")
        }
        if !prefixes.isEmpty, !prefixes.contains(where: { Self.fits(id, prefix: $0) }) {
          let expected = prefixes.map { "\($0)-<digits>" }.joined(separator: " or ")
          faults.warn(position, "issue '\(id)' does not fit issue-prefix, \(expected)")
        }
      }
    }
  }

  private static func fits(_ id: String, prefix: String) -> Bool {
    let head = Array("\(prefix)-".utf8)
    let digits = id.utf8.dropFirst(head.count)
    return id.utf8.starts(with: head) && !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
  }

  private mutating func checkPrerequisites() {
    let issues = streams.flatMap(\.issues)
    let ids = Set(issues.map(\.value.id))
    for issue in issues {
      for (index, id) in issue.value.after.enumerated() where !ids.contains(id) {
        let suggestion = suggestion(for: id, among: issues.map(\.value.id).filter { $0 != issue.value.id })
        faults.error(
          issue.position(of: "after", element: index),
          "unknown issue '\(id)' in 'after' of '\(issue.value.id)'\(suggestion)")
      }
    }
  }

  private mutating func checkBases() {
    let ids = streams.map(\.stream.value.id)
    for stream in streams.map(\.stream) {
      guard let base = stream.value.base, !ids.contains(base) else { continue }
      let suggestion = suggestion(for: base, among: ids.filter { $0 != stream.value.id })
      faults.error(
        stream.position(of: "base"), "unknown stream '\(base)' in 'base' of '\(stream.value.id)'\(suggestion)")
    }
  }

  private mutating func checkRings() {
    let issues = streams.flatMap(\.issues)
    for ring in DependencyGraph(issues.map { ($0.value.id, $0.value.after) }).rings {
      guard let issue = issues.first(where: { $0.value.id == ring[0] }) else { continue }
      let element = issue.value.after.firstIndex(of: ring.count > 1 ? ring[1] : ring[0])
      faults.error(issue.position(of: "after", element: element), "a ring of dependencies: \(Self.written(ring))")
    }
    let stacked = streams.map { ($0.stream.value.id, $0.stream.value.base.map { [$0] } ?? []) }
    for ring in DependencyGraph(stacked).rings {
      guard let entry = streams.first(where: { $0.stream.value.id == ring[0] }) else { continue }
      faults.error(entry.stream.position(of: "base"), "a ring of bases: \(Self.written(ring))")
    }
  }

  private static func written(_ ring: [String]) -> String { (ring + [ring[0]]).joined(separator: " -> ") }

  /// Rounds name issues and streams, each once, and none before what it comes after.
  mutating func checkRounds() {
    guard case .array(let rounds)? = rounds?.value else { return }
    let streamIDs = streams.map(\.stream.value.id)
    let issues = streams.flatMap(\.issues).map(\.value)
    let known = streamIDs + issues.map(\.id)
    var round: [String: Int] = [:]
    var named: [(id: String, round: Int, position: SourcePosition)] = []
    for (index, node) in rounds.enumerated() {
      guard case .array(let elements) = node.value else { continue }
      for element in elements {
        guard case .string(let id) = element.value else { continue }
        if !known.contains(id) {
          faults.error(
            element.position, "unknown issue or stream '\(id)' in 'rounds'\(suggestion(for: id, among: known))")
        } else if round.updateValue(index, forKey: id) != nil {
          faults.error(element.position, "'\(id)' is in 'rounds' twice")
        } else {
          named.append((id, index, element.position))
        }
      }
    }
    for entry in streams {
      guard let own = round[entry.stream.value.id] else { continue }
      for issue in entry.issues where round[issue.value.id] == nil { round[issue.value.id] = own }
    }
    for (id, own, position) in named {
      for (issue, before) in prerequisites(ofRoundEntry: id) where (round[before] ?? -1) > own {
        faults.error(position, "'\(issue)' is in round \(own + 1), before '\(before)', which it comes after")
      }
    }
  }

  /// Of an issue its `after`; of a stream those of all its issues, and its base.
  private func prerequisites(ofRoundEntry id: String) -> [(issue: String, before: String)] {
    var pairs: [(String, String)] = []
    for entry in streams {
      let isStream = entry.stream.value.id == id
      if isStream, let base = entry.stream.value.base { pairs.append((id, base)) }
      for issue in entry.issues where isStream || issue.value.id == id {
        pairs += issue.value.after.map { (issue.value.id, $0) }
      }
    }
    return pairs
  }
}
