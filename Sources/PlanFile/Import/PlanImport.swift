import Plan

/// `preflight.toml` made from a page written for people, with a comment for every line that has no place in it.
public struct PlanImport: Sendable {
  /// The file.
  public let text: String
  /// What does not add up in the page, a sentence each.
  public let notices: [String]

  /// - Parameters:
  ///   - page: Markdown, in UTF-8.
  ///   - name: of the page, for the comment at the top.
  public init(page: [UInt8], named name: String) {
    let lines = page.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
    let plan = PageReader(lines).plan
    notices = plan.streams.isEmpty ? plan.notices + ["there is no heading such as 'Workstream 1: …'"] : plan.notices
    text = ImportedText(plan: plan, page: name, notices: notices).text
  }
}

/// An imported plan as TOML.
private struct ImportedText {
  let plan: ImportedPlan
  let page: String
  let notices: [String]

  var text: String {
    var parts = [head]
    if !plan.rounds.isEmpty {
      parts.append("rounds = [\n" + plan.rounds.map { "  \(TOMLText.list($0)),\n" }.joined() + "]\n")
    }
    parts.append(project)
    parts += sharedTables
    parts += plan.streams.map(table)
    if !plan.leftovers.isEmpty {
      parts.append(
        "# What has no place in a plan:\n" + plan.leftovers.map { comment("line \($0.line): \($0.text)") }.joined())
    }
    return parts.joined(separator: "\n")
  }

  private var head: String {
    comment("Read from \(page): look it through, then `preflight plan check`, and commit it on trunk.")
      + notices.map { comment("noticed: \($0)") }.joined()
  }

  /// On one line, whatever stands in it: a control character must not end the comment.
  private func comment(_ text: String) -> String {
    let safe = TOMLText.string(text).dropFirst().dropLast()
    return "# \(String(safe).replacing("\\\"", with: "\""))\n"
  }

  private var project: String {
    var text = "[project]\n"
    if let name = plan.name { text += "name = \(TOMLText.string(name))\n" }
    text += "trunk = \"main\"\nremote = \"origin\"\n"
    if !plan.prefixes.isEmpty { text += "issue-prefix = \(TOMLText.list(plan.prefixes))\n" }
    if let directory = plan.worktreeDirectory { text += "\n[worktree]\ndir = \(TOMLText.string(directory))\n" }
    return text
  }

  /// How a shared file merges is told by its name.
  private var sharedTables: [String] {
    plan.shared.map { path in
      let merge: String
      switch path.lastPathComponent.lowercased() {
      case let name where name.hasPrefix("index.") || name == "mod.rs" || name == "lib.rs" || name == "__init__.py":
        merge = "barrel"
      case let name where name.hasPrefix("changelog"): merge = "changelog"
      case "package.json": merge = "manifest"
      default: merge = "text"
      }
      return "[[shared]]\npaths = \(TOMLText.list([path]))\nmerge = \"\(merge)\"\n"
    }
  }

  private func table(_ stream: ImportedPlan.Stream) -> String {
    var text = "[streams.\(TOMLText.key(stream.id))]\nname = \(TOMLText.string(stream.name))\n"
    let branch = stream.branch ?? "stream/\(stream.id)"
    text += "branch = \(TOMLText.string(branch))\(stream.branch == nil ? "  # \(page) names none" : "")\n"
    if let directory = stream.directory { text += "dir = \(TOMLText.string(directory))\n" }
    if let worker = stream.worker { text += "worker = \(TOMLText.string(worker))\n" }
    if let estimate = stream.estimate { text += "estimate = \(TOMLText.string(estimate))\n" }
    text += list("files", stream.files.map(entry)) + list("issues", stream.issues.map(entry))
    return text
  }

  private func list(_ key: String, _ entries: [String]) -> String {
    entries.isEmpty ? "\(key) = []\n" : "\(key) = [\n" + entries.map { "  \($0),\n" }.joined() + "]\n"
  }

  private func entry(_ file: ImportedPlan.File) -> String {
    let path = TOMLText.string(file.pattern)
    return file.isNew ? "{ path = \(path), new = true }" : path
  }

  private func entry(_ issue: ImportedPlan.Issue) -> String {
    var parts = ["id = \(TOMLText.string(issue.id))", "title = \(TOMLText.string(issue.title))"]
    if let priority = issue.priority { parts.append("priority = \(TOMLText.string(priority))") }
    if !issue.after.isEmpty { parts.append("after = \(TOMLText.list(issue.after))") }
    if issue.isExternal { parts.append("external = true") }
    return "{ \(parts.joined(separator: ", ")) }"
  }
}
