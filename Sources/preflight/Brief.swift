import Checks
import Git
import Inspection
import Plan
import Platform
import Reporting

/// What somebody who begins to work on a stream has to know, as text for a person or an agent.
struct Brief {
  private let bench: Workbench
  private let stream: Plan.Stream
  private let done: Set<String>

  init(_ stream: Plan.Stream, _ bench: Workbench) throws {
    self.bench = bench
    self.stream = stream
    done = try bench.situation.ledger().done
  }

  /// Lines without line ends; as plain text they are the brief.
  func lines() throws -> [DisplayText] {
    try head + issues + files + shared() + stubs() + checks + steps
  }

  private var head: [DisplayText] {
    var facts: [DisplayText] = ["branch \(stream.branch)"]
    let place = (try? bench.layout.worktrees())?.first { $0.branch == "refs/heads/\(stream.branch)" }
    if let place { facts.append("worktree \(place.path)") }
    if let worker = stream.worker { facts.append("worker: \(worker)") }
    if let estimate = stream.estimate { facts.append("estimate \(hours(estimate))") }
    return ["# \(bench.title(ofStream: stream.id))", ""] + facts
  }

  private var issues: [DisplayText] {
    section(
      "Issues",
      stream.issues.map { issue in
        var line: DisplayText = "\(issue.id): \(issue.title)"
        if let priority = issue.priority { line += " (\(priority))" }
        if issue.isExternal { line += ", without a commit: preflight done \(issue.id)" }
        if done.contains(issue.id) { line += ", done" }
        let waits = issue.after.map { id -> DisplayText in
          let other = bench.plan.stream(ofIssue: id).flatMap { $0.id == stream.id ? nil : $0 }
          let whose: DisplayText = other.map { " of \(bench.title(ofStream: $0.id))" } ?? ""
          return "\(id)\(whose) (\(done.contains(id) ? "done" : "not done"))"
        }
        return waits.isEmpty ? line : line + ", after " + waits.joined(separator: ", ")
      })
  }

  private var files: [DisplayText] { section("Key files", stream.files.map { "\($0.text)" }) }

  /// The shared files, and who is at work on them.
  private func shared() throws -> [DisplayText] {
    let literal = bench.plan.shared.flatMap { files in files.paths.map { (files, $0) } }
    return section(
      "Shared files (preflight ask PATH before you touch one)",
      try literal.map { files, pattern in
        var line: DisplayText = "\(pattern.text) (\(files.merge.rawValue))"
        if let path = pattern.literalPath {
          let changers = try bench.situation.answers(for: [path])[0].changers.filter { $0.stream != stream.id }
          if !changers.isEmpty {
            line += ": being changed by \(changers.map { bench.title(ofStream: $0.stream) }.joined(separator: ", "))"
          }
        }
        return line
      })
  }

  private func stubs() throws -> [DisplayText] {
    section(
      "Your export stubs",
      try bench.situation.stubs(of: stream).map {
        "\(DisplayText(bytes: $0.path)):\($0.line): \(DisplayText(bytes: $0.text))"
      })
  }

  private var checks: [DisplayText] {
    section(
      "Checks (preflight runs them)",
      bench.plan.checks.filter { $0.occasions.contains(.preflight) }.map { check in
        "\(check.name): \(check.run.map { shellQuoted($0) }.joined(separator: " "))"
      })
  }

  private var steps: [DisplayText] {
    let issue = stream.issues.first { !done.contains($0.id) }?.id ?? stream.issues.first?.id
    let steps: [DisplayText] = [
      "preflight", "git commit -m 'type(scope): description\(issue.map { " (\($0))" } ?? "")'",
      "preflight finish (syncs, checks, pushes\(finishing), says ready)",
    ]
    return ["", "## When complete", ""] + steps.enumerated().map { "\($0.offset + 1). \($0.element)" }
  }

  /// The plan's own command as `preflight finish` will run it.
  private var finishing: DisplayText {
    let words = bench.plan.finish
    guard !words.isEmpty else { return "" }
    let place = (try? bench.layout.worktrees())?.first { $0.branch == "refs/heads/\(stream.branch)" }
    let placeholders = Placeholders(
      worktree: place?.path ?? bench.layout.workTree ?? bench.layout.commonDirectory, stream: Array(stream.id.utf8),
      branch: Array(stream.branch.utf8), base: bench.situation.trunk.map { Array($0.tip.description.utf8) })
    let filled = (try? placeholders.filling(words))?.map { shellQuoted($0.bytes) } ?? words.map { shellQuoted($0) }
    return ", runs \(filled.joined(separator: " "))"
  }

  private func section(_ title: StaticString, _ items: [DisplayText]) -> [DisplayText] {
    items.isEmpty ? [] : ["", "## \(title.description)", ""] + items.map { "- \($0)" }
  }
}
