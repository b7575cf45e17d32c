import ArgumentParser
import Hive
import Inspection
import Platform
import Reporting
import Rules

struct AskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask", abstract: "Says, before a file is touched, what stands against it.",
    discussion: """
      Changed on trunk since this branch left it, being changed in another worktree (committed or not), another stream's, \
      or claimed; and what a commit would be told. Quick enough for an editor's or an agent's hook before each edit; \
      nothing is fetched. Exit status: 0 all paths are free, 1 something stands against one of them, 2 could not work.
      """)

  @ArgumentParser.Argument(help: "Files or directories; they need not exist.")
  var paths: [String]

  @Flag(help: "The answers as JSON.")
  var json = false

  func run() throws {
    let bench = try Workbench()
    let answers = try bench.situation.answers(for: paths.map { try bench.repositoryPath($0) })
    if json {
      let document: JSONValue = ["version": 1, "paths": .array(answers.map { AskWords(bench, $0).json })]
      StandardStream.output.write(document.text + "\n")
    } else {
      Printer(.output).print(answers.flatMap { AskWords(bench, $0).lines })
    }
    if !answers.allSatisfy(\.isFree) { throw ExitStatus.findings }
  }
}

private struct AskWords {
  let bench: Workbench
  let answer: PathAnswer

  init(_ bench: Workbench, _ answer: PathAnswer) {
    self.bench = bench
    self.answer = answer
  }

  var lines: [DisplayText] {
    let path = ClaimWords.name(of: answer.path)
    var lines: [DisplayText] = []
    if answer.isStale {
      let trunk = bench.situation.trunkForCommands
      lines.append("changed on '\(bench.situation.trunkName)' since your base\(told(.stale))")
      lines[0] += " (git log --oneline HEAD..\(shellQuoted(trunk)) -- \(shellQuoted(Array(":/".utf8) + answer.path)))"
    }
    for changer in answer.changers {
      let how: DisplayText =
        switch (changer.isCommitted, changer.isUncommitted) {
        case (true, true): "committed, and edited since"
        case (true, false): "committed"
        default: "not committed yet"
        }
      lines.append("being changed by \(bench.title(ofStream: changer.stream)), \(how)\(told(.overlap))")
    }
    if !answer.owners.isEmpty {
      lines.append("belongs to \(answer.owners.map(\.title).joined(separator: ", "))\(told(.owned))")
    }
    if let claim = answer.claim {
      let rest = ClaimWords.rest(of: claim, now: bench.hive.now)
      lines.append("claimed by \(bench.title(ofStream: claim.stream)) \(rest)\(told(.claimed))")
    }
    if lines.isEmpty { lines = ["\("free", .good)"] }
    if let shared = answer.shared { lines[0] += ", shared (\(shared.rawValue))" }
    return lines.map { "\("\(path.plain):", .strong) \($0)" }
  }

  private enum Ground { case stale, overlap, owned, claimed }

  /// `[ownership warning]`: what a commit of the path will be told.
  private func told(_ ground: Ground) -> DisplayText {
    let rule: RuleID =
      switch ground {
      case .stale: SharedStaleRule.id
      case .overlap: SharedOverlapRule.id
      case .owned: OwnershipRule.id
      case .claimed: SharedClaimedRule.id
      }
    guard let severity = answer.rules[rule] else { return "" }
    let condition: DisplayText = ground == .stale || ground == .overlap ? " if the two do not merge" : ""
    return " [\(rule.rawValue): \(severity.rawValue)\(condition)]"
  }

  var json: JSONValue {
    [
      "path": text(answer.path), "free": .bool(answer.isFree), "changedOnTrunk": .bool(answer.isStale),
      "shared": JSONValue(answer.shared?.rawValue),
      "changedBy": .array(
        answer.changers.map {
          [
            "stream": .string($0.stream), "worktree": .string($0.worktree.description),
            "committed": .bool($0.isCommitted), "uncommitted": .bool($0.isUncommitted),
          ]
        }),
      "owners": .array(answer.owners.map { .string($0.id) }),
      "claim": answer.claim.map { ClaimWords.json($0) } ?? .null,
      "rules": .array(
        answer.rules.sorted { $0.key.rawValue < $1.key.rawValue }.map {
          ["rule": .string($0.key.rawValue), "severity": .string($0.value.rawValue)]
        }),
    ]
  }

  private func text(_ bytes: [UInt8]) -> JSONValue { .string(String(decoding: bytes, as: UTF8.self)) }
}
