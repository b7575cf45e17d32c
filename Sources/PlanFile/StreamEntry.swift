import Plan

/// A stream of the plan with the places that faults between streams point at.
struct StreamEntry {
  var stream: Located<Plan.Stream>
  var issues: [Located<Plan.Issue>]

  static func read(_ node: TOMLNode, _ reading: inout PlanReading) -> [StreamEntry] {
    guard case .table(let entries) = node.value else {
      reading.faults.error(node.position, "'streams' must be a table, not \(node.kind)", hint: "write [streams.<id>]")
      return []
    }
    return entries.map { read($0, &reading) }
  }

  private static func read(_ entry: TOMLEntry, _ reading: inout PlanReading) -> StreamEntry {
    if !isStreamID(entry.key) {
      reading.faults.error(
        entry.keyPosition, "stream id '\(entry.key)' may hold only letters, digits, '-', '_' and '.' within")
    }
    var draft = Draft()
    draft.stream.id = entry.key
    draft.stream.name = entry.key
    let firstPattern = reading.patterns.count
    guard case .table(let entries) = entry.node.value else {
      reading.faults.error(entry.node.position, "stream '\(entry.key)' must be a table, not \(entry.node.kind)")
      return StreamEntry(stream: Located(draft.stream, entry.node, position: entry.keyPosition), issues: [])
    }
    section(entry.key).read(entries, at: entry.keyPosition, into: &draft, &reading)
    for index in firstPattern..<reading.patterns.count { reading.patterns[index].stream = entry.key }
    draft.stream.issues = draft.issues.map(\.value)
    return StreamEntry(
      stream: Located(draft.stream, entry.node, position: entry.keyPosition), issues: draft.issues)
  }

  private struct Draft {
    var stream = Plan.Stream()
    var issues: [Located<Plan.Issue>] = []
  }

  private static func section(_ id: String) -> Section<Draft> {
    Section(
      "[streams.\(id)]", required: ["branch"],
      [
        .init("name", \.stream.name, .nonEmptyText),
        .init("branch", \.stream.branch, .branch),
        .init("dir", \.stream.directory, .nonEmptyText),
        .init("worker", \.stream.worker, .text),
        .init("estimate", \.stream.estimate, .estimate),
        .init("files", \.stream.files, .list(of: .pattern)),
        .init("issues", \.issues, .list(of: .issue)),
        .init("base", \.stream.base, .nonEmptyText),
        .init("stubs", \.stream.stubs, .texts),
      ])
  }

  /// What may be a component of a ref and of a path.
  private static func isStreamID(_ id: String) -> Bool {
    isBranchName(id) && id.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-_.".utf8.contains($0) }
  }
}

extension ValueForm<Located<Plan.Issue>> {
  fileprivate static var issue: ValueForm {
    ValueForm { node, key, reading in
      var issue = Plan.Issue()
      Section(
        "an issue", required: ["id"],
        [
          .init("id", \.id, .word),
          .init("title", \.title, .text),
          .init("priority", \.priority, .text),
          .init("after", \.after, .texts),
          .init("external", \.isExternal, .flag),
        ]
      ).read(node, key, into: &issue, &reading)
      return issue.id.isEmpty ? nil : Located(issue, node, position: node.position)
    }
  }
}

extension ValueForm<String> {
  /// What can be found again in the words of a commit message.
  fileprivate static var word: ValueForm {
    nonEmptyText.unless { text, key in
      text.unicodeScalars.contains { $0.properties.isWhitespace } ? "'\(key)' must be one word, not '\(text)'" : nil
    }
  }
}
