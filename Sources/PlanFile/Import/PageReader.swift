import Plan

/// Reads a page of Markdown that lays out parallel work: a heading for each workstream, a table of its issues below it, its
/// branch, its files; rounds in a code block, worktrees made by `git worktree add`.
///
/// Nothing is guessed: what looks like a part of the plan and is not understood is kept, to be shown.
struct PageReader {
  private(set) var plan = ImportedPlan()
  /// The stream whose section we are in.
  private var current: Int?
  private var columns: [Column: Int]?
  private var isInFiles = false
  private var isInFence = false
  private var isInSharedList = false
  private var prerequisites: [(issue: String, text: String, line: Int)] = []
  private var external: [(stream: Int, line: Int)] = []

  private enum Column: Hashable {
    case issue
    case title
    case priority
    case dependencies
  }

  /// - Parameter lines: without line ends.
  init(_ lines: [String]) {
    for (index, line) in lines.enumerated() { read(line.trimmed, number: index + 1) }
    resolvePrerequisites()
    resolveExternalWork()
    readRounds(lines)
    notice(lines)
  }

  // MARK: Line by line

  private mutating func read(_ line: String, number: Int) {
    if line.hasPrefix("```") {
      isInFence.toggle()
      isInSharedList = false
      return
    }
    if isInFence { return readCode(line, number: number) }
    if line.hasPrefix("#") { return readHeading(line) }
    if line.hasPrefix("|") { return readRow(line, number: number) }
    columns = nil
    if let (label, value) = line.label {
      isInFiles = label.hasPrefix("files")
      return readLabel(label, value, number: number)
    }
    if line.hasPrefix("- ") || line.hasPrefix("* ") { return readItem(String(line.dropFirst(2)), number: number) }
    if !line.isEmpty { isInFiles = false }
  }

  /// `### Workstream 3: Database`; any other heading ends the section. The first title names the project.
  private mutating func readHeading(_ line: String) {
    let text = String(line.drop { $0 == "#" }).trimmed
    let level = line.prefix { $0 == "#" }.count
    (columns, isInFiles) = (nil, false)
    guard let match = text.lowercased().firstMatch(of: ["workstream ", "work stream ", "stream ", "ws"]),
      let number = String(text.dropFirst(match)).leadingNumber, level > 1
    else {
      current = nil
      return
    }
    let rest = text.dropFirst(match + number.count).drop { ": .-–—".contains($0) }
    let name = String(rest.prefix { $0 != "(" }).trimmed
    plan.streams.append(.init(id: "ws\(number)", name: name))
    current = plan.streams.count - 1
  }

  private mutating func readLabel(_ label: String, _ value: String, number: Int) {
    let text = value.unquoted
    if label == "project" {
      plan.name = plan.name ?? String(text.prefix { $0 != "(" }).trimmed
      return
    }
    guard let current else { return }
    switch label {
    case "branch" where isBranchName(text): plan.streams[current].branch = text
    case "worker type", "worker": plan.streams[current].worker = text
    case "estimated duration", "estimate", "duration":
      if let estimate = text.estimate {
        plan.streams[current].estimate = estimate
      } else {
        leave("\(label): \(value)", number)
      }
    case _ where isInFiles:
      if !text.isEmpty { readItem(text, number: number) }
    default: leave("\(label): \(value)", number)
    }
  }

  /// An item of a list of files: a path in backquotes, with "(new)" behind it perhaps.
  private mutating func readItem(_ item: String, number: Int) {
    if let shared = item.sharedFile, !plan.shared.contains(shared) { plan.shared.append(shared) }
    guard isInFiles, let current else { return }
    guard let path = item.firstQuoted, Pattern(path).fault == nil else {
      if item.lowercased().contains("(external)") { external.append((current, number)) }
      return leave(item, number)
    }
    plan.streams[current].files.append(.init(pattern: path, isNew: item.lowercased().contains("(new)")))
  }

  private mutating func leave(_ text: String, _ number: Int) {
    plan.leftovers.append(.init(line: number, text: text))
  }
}

// MARK: Tables of issues

extension PageReader {
  private mutating func readRow(_ line: String, number: Int) {
    guard let current else { return }
    let cells = line.cells
    if cells.allSatisfy({ !$0.isEmpty && $0.allSatisfy { "-: ".contains($0) } }) { return }  // below the titles
    guard let columns else {
      self.columns = Self.columns(cells)
      return
    }
    func cell(_ column: Column) -> String? {
      columns[column].flatMap { $0 < cells.count ? cells[$0] : nil }.flatMap { $0.isEmpty ? nil : $0 }
    }
    guard let id = cell(.issue)?.unquoted, id.isIssueID else { return leave(line, number) }
    plan.streams[current].issues.append(.init(id: id, title: cell(.title) ?? "", priority: cell(.priority)))
    if let text = cell(.dependencies) { prerequisites.append((id, text, number)) }
  }

  private static func columns(_ titles: [String]) -> [Column: Int]? {
    var result: [Column: Int] = [:]
    for (index, title) in titles.enumerated() {
      switch title.lowercased() {
      case "issue", "id", "ticket", "key": result[.issue] = index
      case "title", "summary", "description": result[.title] = index
      case "priority": result[.priority] = index
      case "dependencies", "depends on", "after", "blocked by": result[.dependencies] = index
      default: break
      }
    }
    return result[.issue] == nil ? nil : result
  }

  /// `SMI-1448 (WS3)`, `A-1, A-2`, `None`: the issues that the page lists are meant.
  private mutating func resolvePrerequisites() {
    let known = plan.streams.flatMap(\.issues).map(\.id)
    for (issue, text, line) in prerequisites {
      let named = text.issueIDs
      let after = named.filter(known.contains)
      for stream in plan.streams.indices {
        for index in plan.streams[stream].issues.indices where plan.streams[stream].issues[index].id == issue {
          plan.streams[stream].issues[index].after = after
        }
      }
      let strangers = named.filter { !known.contains($0) }
      let isNothing = ["none", "-", "–", "—", "n/a", "no"].contains(text.lowercased())
      if !strangers.isEmpty || (named.isEmpty && !isNothing) { leave("\(issue) depends on \(text)", line) }
    }
  }

  /// "project creation (external)": of the stream's issues the one whose title has most of these words is done without a
  /// commit.
  private mutating func resolveExternalWork() {
    for (stream, line) in external {
      guard let leftover = plan.leftovers.firstIndex(where: { $0.line == line }) else { continue }
      let words = plan.leftovers[leftover].text.significantWords
      let issues = plan.streams[stream].issues
      let scores = issues.map { $0.title.significantWords.intersection(words).count }
      guard let best = scores.max(), best > 0, scores.count(where: { $0 == best }) == 1,
        let index = scores.firstIndex(of: best)
      else { continue }
      plan.streams[stream].issues[index].isExternal = true
      plan.leftovers.remove(at: leftover)
    }
    let ids = plan.streams.flatMap(\.issues).map(\.id)
    for id in ids {
      let prefix = id.issuePrefix
      if !plan.prefixes.contains(prefix) { plan.prefixes.append(prefix) }
    }
  }
}

// MARK: Code blocks

extension PageReader {
  /// `git worktree add ../worktrees/DIR -b BRANCH`: the directory of the stream on that branch. And shared files as the
  /// page draws them.
  private mutating func readCode(_ line: String, number: Int) {
    if let shared = line.sharedFile, !plan.shared.contains(shared) { plan.shared.append(shared) }
    readSharedList(line, number: number)
    let words = line.words
    guard words.starts(with: ["git", "worktree", "add"]), let flag = words.firstIndex(of: "-b"), flag + 1 < words.count
    else { return }
    let branch = words[flag + 1]
    let directory = words.dropFirst(3).first { $0 != "-b" && $0 != branch && !$0.hasPrefix("-") }
    guard let stream = plan.streams.firstIndex(where: { $0.branch == branch }), let directory else {
      return leave(line, number)
    }
    plan.streams[stream].directory = directory.lastPathComponent
    let parent = directory.dropLast(directory.lastPathComponent.count + 1)
    plan.worktreeDirectory = plan.worktreeDirectory ?? (parent.isEmpty ? "." : String(parent))
  }

  /// `sharedFiles: ["package.json", …]`, on one line or several, as pages hand it to other tools.
  private mutating func readSharedList(_ line: String, number: Int) {
    var rest = line[...]
    if !isInSharedList {
      let key = line.drop { $0 == "\"" || $0 == "'" }
      guard ["sharedFiles", "shared_files"].contains(where: key.hasPrefix), let start = key.firstIndex(of: "[") else {
        return
      }
      isInSharedList = true
      rest = key[start...].dropFirst()
    }
    let end = rest.firstIndex(of: "]")
    if end != nil { isInSharedList = false }
    let quoted = rest[..<(end ?? rest.endIndex)].split(whereSeparator: { $0 == "\"" || $0 == "'" || $0 == "`" })
    for path in quoted.map(String.init) where !path.allSatisfy({ $0.isWhitespace || $0 == "," }) {
      guard Pattern(path).fault == nil else {
        leave(path, number)
        continue
      }
      if !plan.shared.contains(path) { plan.shared.append(path) }
    }
  }

  /// `Round 2 (After Round 1):` and below it lines that name streams and issues.
  private mutating func readRounds(_ lines: [String]) {
    var round: Int?
    for (index, line) in lines.enumerated() {
      let text = line.drop { !$0.isLetter && !$0.isNumber }
      if text.lowercased().hasPrefix("round "),
        let number = String(text.dropFirst(6)).leadingNumber.flatMap({ Int($0) }),
        String(text.dropFirst(6 + "\(number)".count)).trimmed.hasSuffix(":")
      {
        round = number
        while plan.rounds.count < number { plan.rounds.append([]) }
        continue
      }
      guard let own = round else { continue }
      if line.trimmed.isEmpty || line.hasPrefix("```") {
        if line.hasPrefix("```") { round = nil }
        continue
      }
      addToRound(own - 1, line, number: index + 1)
    }
  }

  private mutating func addToRound(_ round: Int, _ line: String, number: Int) {
    let known = Set(plan.streams.flatMap(\.issues).map(\.id))
    // What stands behind "depends on" is a reason, not a part of the round.
    let text = line.lowercased().range(ofFirst: "depends on").map { String(line.prefix($0)) } ?? line
    let issues = text.issueIDs.filter(known.contains)
    if issues.isEmpty { return leave(line.trimmed, number) }
    plan.rounds[round] += issues
  }
}

// MARK: What does not add up

extension PageReader {
  private mutating func notice(_ lines: [String]) {
    let count = plan.streams.reduce(0) { $0 + $1.issues.count }
    var said: Set<Int> = []
    for (index, line) in lines.enumerated() {
      for number in line.countedIssues where number != count && said.insert(number).inserted {
        // "(3 issues)" in the drawing of one stream speaks of that stream.
        if plan.streams.contains(where: { $0.issues.count == number }) { continue }
        plan.notices.append("line \(index + 1) speaks of \(number) issues; \(count) are listed")
      }
    }
    noticeOverlaps()
    noticeRounds()
    for stream in plan.streams where stream.branch == nil { plan.notices.append("'\(stream.id)' has no branch") }
  }

  private mutating func noticeOverlaps() {
    for (index, one) in plan.streams.enumerated() {
      for other in plan.streams[(index + 1)...] {
        for file in one.files {
          for second in other.files where Pattern(file.pattern).overlaps(Pattern(second.pattern)) {
            plan.notices.append(
              file.pattern == second.pattern
                ? "'\(file.pattern)' is in two streams, '\(one.id)' and '\(other.id)'"
                : "'\(file.pattern)' of '\(one.id)' and '\(second.pattern)' of '\(other.id)' match the same files")
          }
        }
      }
    }
  }

  /// The rounds are not written into the plan where fewer would do: they are computed then.
  private mutating func noticeRounds() {
    guard !plan.rounds.isEmpty else { return }
    let named = Set(plan.rounds.joined())
    let missing = plan.streams.flatMap(\.issues).map(\.id).filter { !named.contains($0) }
    if !missing.isEmpty { plan.notices.append("in no round: \(missing.joined(separator: ", "))") }
    let fewest = MergeRounds(plan.values).fewest
    if plan.rounds.count > fewest, fewest > 0 {
      plan.notices.append(
        "\(plan.rounds.count) rounds are written, and \(fewest) suffice: 'rounds' is left out, so that they are computed"
      )
      plan.rounds = []
    }
  }
}

extension ImportedPlan {
  /// As much of it as rounds are computed from.
  var values: Plan {
    var result = Plan()
    result.streams = streams.map { stream in
      var value = Plan.Stream()
      value.id = stream.id
      value.issues = stream.issues.map { issue in
        var entry = Plan.Issue()
        (entry.id, entry.after) = (issue.id, issue.after)
        return entry
      }
      return value
    }
    return result
  }
}
