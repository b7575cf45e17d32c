import Foundation
import Plan
import PlanFile
import Rules
import Testing

@testable import Installation

@Suite("The README's reference")
struct ReferenceTests {
  /// A table of the plan: how the README calls it, and a text in which `%` stands for its keys.
  private struct PlanTable {
    let heading: String
    let text: String

    init(_ heading: String, _ text: String) {
      self.heading = heading
      self.text = text
    }
  }

  /// What cannot be found out from the keys at the top.
  private static let others = [
    PlanTable("`[streams.ID]`", "[streams.id]\nbranch = \"b\"\n%"),
    PlanTable("A pattern", "[streams.id]\nbranch = \"b\"\nfiles = [{ path = \"p\", % }]"),
    PlanTable("An issue", "[streams.id]\nbranch = \"b\"\nissues = [{ id = \"i\", % }]"),
    PlanTable("At the top", "%"),
  ]

  private static func table(_ key: String) -> PlanTable? {
    switch key {
    case "streams", "rounds": nil
    case "rules": PlanTable("`[rules]`", "[rules]\n%")
    case "shared": PlanTable("`[[shared]]`", "[[shared]]\npaths = [\"p\"]\n%")
    case "checks": PlanTable("`[[checks]]`", "[[checks]]\nname = \"n\"\nrun = [\"r\"]\n%")
    case "after-sync": PlanTable("`[[after-sync]]`", "[[after-sync]]\npaths = [\"p\"]\nrun = [\"r\"]\n%")
    default: PlanTable("`[\(key)]`", "[\(key)]\n%")
    }
  }

  private func document(_ table: PlanTable, _ entry: String) -> PlanDocument {
    let text = entry.isEmpty ? table.text.replacingOccurrences(of: ", %", with: "") : table.text
    return document(text.replacingOccurrences(of: "%", with: entry))
  }

  /// What a key cannot stand without.
  private func companion(of key: String, in table: PlanTable) -> String {
    switch (table.heading, key) {
    case ("`[[shared]]`", "versions"): "merge = \"manifest\"\n"
    case ("`[[shared]]`", "run"): "merge = \"regenerate\"\n"
    default: ""
    }
  }

  private func document(_ text: String) -> PlanDocument {
    PlanDocument(Array(text.utf8), file: "preflight.toml", rules: RuleTable.entries.map(\.rule.rawValue))
  }

  /// As the fault about an unknown one lists them; none in a table that takes any.
  private func knownKeys(of table: PlanTable) throws -> [String] {
    let hints = document(table, "no-such-key = 1").faults.compactMap(\.hint)
    guard let list = hints.first(where: { $0.hasPrefix("known keys: ") }) else { return [] }
    return list.dropFirst("known keys: ".count).components(separatedBy: ", ")
  }

  /// The rows of the reference below each heading: key, type, default, meaning.
  private func rows() throws -> [String: [[String]]] {
    var rows: [String: [[String]]] = [:]
    var heading = ""
    for line in try Readme().section("reference") {
      if line.hasPrefix("### ") {
        heading = String(line.dropFirst(4))
        rows[heading] = []
      } else if let cells = cells(line), cells[0].hasPrefix("`") {
        rows[heading]?.append(cells)
      }
    }
    return rows
  }

  private func tables() throws -> [PlanTable] {
    try knownKeys(of: PlanTable("", "%")).compactMap(Self.table) + Self.others
  }

  @Test("It lists the keys that a plan may hold, and no others")
  func keys() throws {
    let rows = try rows()
    let tables = try tables()
    #expect(rows.keys.sorted() == tables.map(\.heading).sorted())
    for table in tables {
      var known = try knownKeys(of: table)
      if table.heading == "At the top" { known = known.filter { Self.table($0) == nil && $0 != "streams" } }
      #expect(rows[table.heading]?.map { quoted($0[0]).joined() } == known, "\(table.heading)")
    }
  }

  @Test("A default, written into the plan, changes nothing; a key that is required is missed")
  func defaults() throws {
    let rows = try rows()
    for table in try tables() {
      for row in rows[table.heading] ?? [] {
        let key = quoted(row[0]).joined()
        let literal = quoted(row[2]).joined()
        if row[2] == "required" {
          let without = table.text.replacingOccurrences(of: "%", with: "")
            .replacingOccurrences(of: #"\b\#(key) = [^,\n]+,? ?"#, with: "", options: .regularExpression)
          let faults = document(without).faults
          #expect(faults.contains { $0.message.hasSuffix(" has no '\(key)'") }, "\(table.heading) \(key)")
        } else if !literal.isEmpty {
          // An empty command cannot be written.
          if row[1] == "command", literal == "[]" { continue }
          let plan = try #require(
            document(table, companion(of: key, in: table) + "\(key) = \(literal)").plan, "\(table.heading) \(key)")
          #expect(plan == document(table, companion(of: key, in: table)).plan, "\(table.heading) \(key)")
        }
      }
    }
  }

  @Test("The choices of a key are those that the plan takes")
  func choices() throws {
    for (heading, rows) in try rows() {
      let table = try #require(try tables().first { $0.heading == heading })
      for row in rows {
        let choices = quoted(row[1]).filter { $0.hasPrefix("\"") && !row[1].contains(" or ") }
        if choices.isEmpty { continue }
        let key = quoted(row[0]).joined()
        let value = row[1].hasPrefix("list") ? "[\"no such choice\"]" : "\"no such choice\""
        let known = document(table, companion(of: key, in: table) + "\(key) = \(value)").faults.map(\.message).joined()
        for choice in choices { #expect(known.contains(choice), "\(heading) \(key): \(choice)") }
        #expect(known.components(separatedBy: "\"").count / 2 == choices.count + 1, "\(heading) \(key): \(known)")
      }
    }
  }

  /// A value of a type of the reference, other than nothing.
  private func sample(_ type: String) -> String {
    switch type {
    case "boolean": "true"
    case "number": "1"
    case "duration": "\"1s\""
    case "command": "[\"a\"]"
    case "list of lists": "[[\"id\"]]"
    case "list of issues": "[]"
    default:
      type.hasPrefix("list of ")
        ? "[\(sample(String(type.dropFirst("list of ".count).replacing("commands", with: "command"))))]"
        : quoted(type).first ?? "\"a\""
    }
  }

  @Test("Every key can be written as its row says")
  func written() throws {
    let rows = try rows()
    for table in try tables() where table.heading != "`[rules]`" {
      for row in rows[table.heading] ?? [] {
        let key = quoted(row[0]).joined()
        let isThere = table.text.contains("\(key) = ")
        let entry = isThere ? "" : companion(of: key, in: table) + "\(key) = \(sample(row[1]))"
        let document = document(table, entry)
        // Names of streams and issues lead nowhere here.
        #expect(document.plan != nil || ["base", "rounds"].contains(key), "\(document.faults)")
      }
    }
  }

  @Test("The table of rules is that of the program")
  func rules() throws {
    let rows = RuleTable.entries.map {
      "| `\($0.rule.rawValue)` | \($0.severity == .error ? "error" : "warn") | \($0.summary) |"
    }
    let table = ["", "| rule | default | what holds |", "|---|---|---|"] + rows + [""]
    #expect(try Readme().section("rules") == table, "\(table.joined(separator: "\n"))")
  }

  @Test("The lines for lefthook and pre-commit are those that 'install' prints", arguments: ["lefthook", "pre-commit"])
  func snippets(manager: String) throws {
    let block = try #require(try Readme().blocks.first { $0.label == "yaml \(manager)" })
    #expect(HookSnippet(for: HookManager(rawValue: manager), place: "").text == block.text)
  }

  @Test("The variables that preflight reads are all named")
  func variables() throws {
    let sources = Readme.root.appending(path: "Sources").path
    let text = try Readme().lines.joined(separator: "\n")
    for case let file as String in try #require(FileManager.default.enumerator(atPath: sources))
    where file.hasSuffix(".swift") {
      let source = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
      for name in source.matches(of: /"(?:PREFLIGHT_[A-Z]+|preflight\.(?:trunk|remote|program|hints))"/).map(\.output) {
        #expect(text.contains("`\(name.dropFirst().dropLast())`"), "\(file): \(name)")
      }
    }
  }

  @Test("Every page of docs is one of the README's, and every link leads to a file and a heading that are there")
  func links() throws {
    let manager = FileManager.default
    let docs = try manager.contentsOfDirectory(atPath: Readme.root.appending(path: "docs").path)
    #expect(docs.map { "docs/\($0)" }.sorted() == Readme.pages.dropFirst().sorted())
    for page in Readme.pages {
      let file = Readme.root.appending(path: page)
      let text = try String(contentsOf: file, encoding: .utf8)
      if page != "README.md" { #expect(try Readme().lines.contains { $0.contains("](\(page))") }, "\(page)") }
      for match in text.matches(of: /\]\((?<path>[^)#:]*)(?:#(?<heading>[^)]*))?\)/) {
        let target = match.path.isEmpty ? file : file.deletingLastPathComponent().appending(path: match.path)
        #expect(manager.fileExists(atPath: target.path), "\(page): \(match.output.0)")
        guard let heading = match.heading else { continue }
        let headings = try String(contentsOf: target, encoding: .utf8).components(separatedBy: "\n")
          .filter { $0.hasPrefix("#") }.map(anchor)
        #expect(headings.contains(String(heading)), "\(page): \(match.output.0)")
      }
    }
  }

  /// As GitHub makes it of a heading.
  private func anchor(_ heading: String) -> String {
    let text = heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
    return String(text.compactMap { $0 == " " ? "-" : $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : nil })
  }
}
