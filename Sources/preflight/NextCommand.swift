import ArgumentParser
import Landing
import Plan
import Platform
import Reporting

struct NextCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next", abstract: "Shows what may merge now, in which order and why, and what the rest waits for.",
    discussion: """
      Read off the plan and off commits: an issue is done when trunk has its work. Rounds are the fewest that the issues' \
      'after' and the streams' 'base' allow, or the plan's own.
      """)

  @Flag(help: "All rounds of the plan, and why there are so many.")
  var all = false

  @Flag(help: "The same as JSON.")
  var json = false

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    try bench.followTrunk()
    var facts = try HiveFacts(bench.situation, environment: bench.environment)
    try facts.predictConflicts(bench.situation, environment: bench.environment)
    let report = NextReport(bench, facts, isWhole: all)
    if json { return StandardStream.output.write(report.json.text + "\n") }
    let printer = Printer(.output)
    if all { report.showRounds(on: printer) }
    report.showNow(on: printer)
    if let silence = facts.silence { Printer(.error).print("preflight: what streams say is not known: \(silence)") }
  }
}

/// What may merge, in words and as JSON.
private struct NextReport {
  let bench: Workbench
  let facts: HiveFacts
  let isWhole: Bool
  private let next: NextMerges
  private let path: CriticalPath

  init(_ bench: Workbench, _ facts: HiveFacts, isWhole: Bool) {
    self.bench = bench
    self.facts = facts
    self.isWhole = isWhole
    next = facts.next(bench.plan)
    path = CriticalPath(bench.plan, done: facts.ledger.done)
  }

  private var done: Set<String> { facts.ledger.done }
  private var words: NextWords { NextWords(bench) }

  // MARK: Rounds

  func showRounds(on printer: Printer) {
    var table = Table([.init("round", .right), .init("stream"), .init("issues", isFlexible: true)])
    for (index, round) in facts.rounds.rounds.enumerated() {
      for (position, stream) in streams(of: round).enumerated() {
        let issues = stream.issues.map(\.id).filter(round.contains)
        table.append([
          position == 0 ? "\(index + 1)" : "", "\(stream.id)", issues.map { named($0) }.joined(separator: ", "),
        ])
      }
    }
    printer.print(table)
    printer.print(why)
    printer.print(DisplayText())
  }

  private func streams(of round: [String]) -> [Plan.Stream] {
    bench.plan.streams.filter { stream in stream.issues.contains { round.contains($0.id) } }
  }

  private func named(_ issue: String) -> DisplayText {
    done.contains(issue) ? "\("\(issue) done", .good)" : "\(issue)"
  }

  /// Why there are as many rounds as there are.
  private var why: [DisplayText] {
    let rounds = facts.rounds
    guard rounds.fewest > 0 else { return ["the plan has no issues"] }
    let chain: DisplayText =
      "the longest chain has \(rounds.longestChain.count, "issue"): \(rounds.longestChain.joined(separator: " -> "))"
    guard rounds.isWritten else {
      return [rounds.fewest == 1 ? "1 round: no issue waits for another" : "\(rounds.fewest, "round"): \(chain)"]
    }
    guard rounds.rounds.count > rounds.fewest else {
      return ["the plan's \(rounds.rounds.count, "round") are followed; there cannot be fewer: \(chain)"]
    }
    let early = rounds.early.map { "\($0.issue) (\($0.possible) instead of \($0.written))" }.joined(separator: ", ")
    return [
      "the plan's \(rounds.rounds.count, "round") are followed; \(rounds.fewest) would do: \(chain)",
      "earlier without 'rounds' in the plan: \(early)",
    ]
  }

  // MARK: Now

  func showNow(on printer: Printer) {
    showCandidates(on: printer)
    printer.print(words.lines(for: next))
    let merged = bench.plan.streams.map(\.id).filter(facts.ledger.mergedStreams.contains)
    if !merged.isEmpty { printer.print("merged: \(merged.joined(separator: ", "))") }
    if !path.issues.isEmpty { printer.print("critical path: \(path.issues.joined(separator: " -> "))\(estimate)") }
  }

  private var estimate: DisplayText { path.estimate.map { ", \(hours($0))" } ?? "" }

  private func showCandidates(on printer: Printer) {
    guard !next.candidates.isEmpty else { return printer.print("nothing may merge now") }
    var table = Table([
      .init("may merge now"), .init("issues", isFlexible: true), .init("priority", .right),
      .init("wait for it", .right),
      .init("conflicts", .right), .init("checks"), .init("weight", .right),
    ])
    for candidate in next.candidates {
      let weight = candidate.weight
      table.append([
        "\(candidate.stream)", candidate.issues.isEmpty ? "-" : "\(candidate.issues.joined(separator: ", "))",
        "\(weight.priority)", "\(weight.waiting)", "\(weight.conflicts)",
        weight.checks == .unknown ? "-" : "\(weight.checks.rawValue)", "\(weight.total)",
      ])
    }
    printer.print(table)
    printer.print("weight = \(NextMerges.Weight.formula)")
  }

  // MARK: JSON

  var json: JSONValue {
    let current = facts.rounds.current(done: done)
    let rounds = facts.rounds.rounds.enumerated().filter { isWhole || $0.offset + 1 == current }
    return [
      "version": 1, "round": JSONValue(current),
      "rounds": .array(
        rounds.map { index, round in
          [
            "round": .integer(index + 1), "issues": strings(round), "streams": strings(streams(of: round).map(\.id)),
          ]
        }),
      "why": strings(why.map(\.plain)),
      "next": .array(
        next.candidates.map { candidate in
          let weight = candidate.weight
          return [
            "stream": .string(candidate.stream), "issues": strings(candidate.issues),
            "later": strings(candidate.later.map(\.issue)), "weight": .integer(weight.total),
            "priority": .integer(weight.priority), "waiting": .integer(weight.waiting),
            "conflicts": .integer(weight.conflicts), "checks": .string(weight.checks.rawValue),
          ]
        }),
      "waiting": .array(
        next.waiting.map { ["stream": .string($0.stream), "reason": .string(words.words(for: $0.reason).plain)] }),
      "done": strings(bench.plan.streams.flatMap(\.issues).map(\.id).filter(done.contains)),
      "merged": strings(bench.plan.streams.map(\.id).filter(facts.ledger.mergedStreams.contains)),
      "criticalPath": [
        "issues": strings(path.issues), "estimate": JSONValue(path.estimate.map { hours($0) }),
      ],
    ]
  }

  private func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}

/// Why streams wait, in words.
struct NextWords {
  private let bench: Workbench

  init(_ bench: Workbench) { self.bench = bench }

  /// A line for each stream that may not merge, or not all of it.
  func lines(for next: NextMerges) -> [DisplayText] {
    next.waiting.map { "\($0.stream): \(words(for: $0.reason))" }
      + next.candidates.flatMap { candidate in
        candidate.later.map { "\(candidate.stream): not yet \(words(for: $0))" as DisplayText }
      }
  }

  func words(for reason: NextMerges.Reason) -> DisplayText {
    switch reason {
    case .notBegun: "no commits of its own yet"
    case .branchDeleted(let branch, let last): "its branch was deleted (git branch \(shellQuoted(branch)) \(last))"
    case .conflictsWithTrunk: "\("conflicts", .error) with '\(bench.situation.trunkName)' (preflight sync)"
    case .held(let word): "says that it is \(word)"
    case .stackedOn(let base): "is stacked on \(bench.title(ofStream: base)), which is not merged"
    case .waits(let waits): waits.map { words(for: $0) }.joined(separator: "; ")
    }
  }

  private func words(for wait: NextMerges.Wait) -> DisplayText {
    let others = wait.on.map { issue -> String in
      let stream = bench.plan.stream(ofIssue: issue)?.id
      return stream.map { "\(issue) of \(bench.title(ofStream: $0))" } ?? issue
    }.joined(separator: ", ")
    let round: DisplayText = wait.isRoundOnly ? " (by the plan's rounds)" : ""
    return "\(wait.issue): waits for \(others)\(round)"
  }
}

/// `5h-7h`, `4h`, `1.5h-2h`.
func hours(_ range: ClosedRange<Double>) -> String {
  func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)h" : "\(tenths / 10).\(tenths % 10)h"
  }
  let (low, high) = (text(range.lowerBound), text(range.upperBound))
  return low == high ? low : "\(low)-\(high)"
}
