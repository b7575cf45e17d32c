import ArgumentParser
import Git
import Hive
import Inspection
import Landing
import Plan
import Platform
import Reporting
import StateFiles
import Sync

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows every worktree: its stream, where it stands to trunk, and what it waits for.")

  @Flag(help: "The table as JSON.")
  var json = false

  func run() throws {
    let bench = try Workbench()
    try bench.followTrunk()
    let facts = try HiveFacts(bench.situation, environment: bench.environment)
    let rows = try HiveRow.all(bench, facts)
    if let silence = facts.silence { Printer(.error).print("preflight: what streams say is not known: \(silence)") }
    if json {
      let document: JSONValue = [
        "version": 1, "streams": .array(rows.map(\.json)),
        "round": JSONValue(facts.rounds.current(done: facts.ledger.done)),
      ]
      StandardStream.output.write(document.text + "\n")
      return
    }
    var table = Table([
      .init("stream"), .init("branch", isFlexible: true), .init("ahead", .right), .init("behind", .right),
      .init("dirty", .right), .init("issues", .right), .init("state", isFlexible: true),
    ])
    for row in rows { table.append(row.cells) }
    let printer = Printer(.output)
    printer.print(table)
    printer.print(
      rows.compactMap { row in row.push.map { "\("hint:", .hint) \(row.name): \($0.command(in: row.worktree?.path))" } }
    )
  }
}

/// One worktree, or one planned stream without any, as facts tell.
private struct HiveRow {
  var stream: Plan.Stream?
  var branch: String?
  var worktree: Worktree?
  var ahead: Int?
  var behind: Int?
  var dirty: Int?
  var issuesDone: Int?
  var due: String?
  var hold: String?
  var conflict: Conflict?
  /// What it waits for since a sync moved it.
  var push: PushLease?
  var isMerged = false
  var isTrunk = false
  var word: HiveFacts.SpokenSignal?
  var claims: [Claim] = []
  /// Seconds since 1970.
  var now: Int64 = 0

  /// Planned streams in the plan's order, then the other worktrees by path.
  static func all(_ bench: Workbench, _ facts: HiveFacts) throws -> [HiveRow] {
    let ledger = facts.ledger
    var worktrees = try bench.layout.worktrees()
    var rows: [HiveRow] = []
    for stream in bench.plan.streams {
      let place = worktrees.firstIndex { $0.branch == "refs/heads/\(stream.branch)" }.map { worktrees.remove(at: $0) }
      var row = try HiveRow(bench, branch: "refs/heads/\(stream.branch)", worktree: place)
      row.stream = stream
      row.issuesDone = stream.issues.filter { ledger.done.contains($0.id) }.count
      row.isMerged = ledger.mergedStreams.contains(stream.id)
      rows.append(row)
    }
    rows += try worktrees.map { try HiveRow(bench, branch: $0.branch, worktree: $0) }
    for index in rows.indices {
      guard let id = rows[index].stream?.id ?? rows[index].branch?.shortBranchName else { continue }
      rows[index].now = bench.hive.now
      rows[index].word = facts.signals[id]
      rows[index].claims = facts.claims.filter { $0.stream == id }
    }
    return rows
  }

  private init(_ bench: Workbench, branch: String?, worktree: Worktree?) throws {
    self.branch = branch
    self.worktree = worktree
    isTrunk = branch != nil && branch == bench.situation.names?.branch
    let repository = bench.repository
    if let branch, let tip = try repository.target(of: branch), let trunk = bench.situation.trunk {
      ahead = try repository.commitIDs(reachableFrom: [tip], excluding: [trunk.tip]).count
      behind = try repository.commitIDs(reachableFrom: [trunk.tip], excluding: [tip]).count
      conflict = try StandingConflicts(bench.layout).conflict(of: branch)
      push = try PushLeases(bench.layout).pending(for: branch, in: repository)
    }
    guard let worktree, !worktree.isMissing else { return }
    let status = try GitCommand(in: worktree.path, environment: bench.environment)
      .output(["status", "--porcelain=v1", "-z", "--no-renames"])
    dirty = status.split(separator: 0).count
    due = try branch.flatMap { try repository.target(of: $0) }.flatMap {
      try Due(worktree).reason(at: $0, in: repository)
    }
    hold = try Hold(worktree).reason()
  }

  var name: String { stream?.id ?? branch?.shortBranchName ?? "-" }

  private var state: DisplayText {
    if isTrunk { return "trunk" }
    guard let worktree else { return isMerged ? "merged" : branchState }
    if worktree.isMissing { return "\("directory gone", .warning)" }
    var parts: [DisplayText] = []
    if isMerged { parts.append("\("merged", .good)") }
    if let operation = worktree.operation { parts.append("\("in a \(operation.rawValue)", .warning)") }
    if let conflict {
      let files = conflict.files.prefix(2).map { DisplayText(bytes: $0) }.joined(separator: ", ")
      parts.append("\("conflicts", .error) in \(files)")
    }
    if let hold { parts.append(hold.isEmpty ? "on hold" : "on hold: \(hold)") }
    if push != nil { parts.append("to be pushed") }
    if let due, conflict == nil { parts.append("\("due", .warning) (\(due))") }
    if parts.isEmpty { parts = ["\((ahead ?? 0) > 0 ? "at work" : "idle")"] }
    return (parts + words).joined(separator: ", ")
  }

  /// What the stream says of itself, and what it holds.
  private var words: [DisplayText] {
    var words: [DisplayText] = []
    if let word {
      let signal = word.signal
      let issue: DisplayText = signal.issue.map { " on \($0)" } ?? ""
      let reason: DisplayText = signal.text.isEmpty ? "" : ": \(DisplayText(bytes: signal.text))"
      let stale: DisplayText = word.isStale ? ", stale" : ""
      words.append("says \(signal.state.rawValue)\(issue)\(reason) (\(age(of: signal.origin.time, at: now))\(stale))")
    }
    if !claims.isEmpty { words.append("holds \(claims.map { ClaimWords.name(of: $0.path) }.joined(separator: ", "))") }
    return words
  }

  private var branchState: DisplayText { ahead == nil ? "not begun" : "no worktree" }

  var cells: [DisplayText] {
    func number(_ value: Int?) -> DisplayText { value.map { $0 == 0 ? "-" : "\($0)" } ?? "" }
    let issues: DisplayText = stream.map { "\(issuesDone ?? 0)/\($0.issues.count)" } ?? ""
    return [
      "\(stream?.id ?? "-")", "\(branch?.shortBranchName ?? "detached")", number(ahead), number(behind), number(dirty),
      issues, state,
    ]
  }

  var json: JSONValue {
    [
      "id": JSONValue(stream?.id), "name": JSONValue(stream?.name), "branch": JSONValue(branch?.shortBranchName),
      "worktree": JSONValue(worktree?.path.description), "state": .string(state.plain),
      "signal": JSONValue(word?.signal.state.rawValue), "signalOn": JSONValue(word?.signal.issue),
      "signalText": JSONValue(word.map { String(decoding: $0.signal.text, as: UTF8.self) }),
      "signalAge": JSONValue(word.map { Int(max(0, now - $0.signal.origin.time)) }),
      "stale": .bool(word?.isStale ?? false), "ahead": JSONValue(ahead),
      "behind": JSONValue(behind), "dirty": JSONValue(dirty), "due": .bool(due != nil),
      "push": JSONValue(push?.command()), "issuesDone": JSONValue(issuesDone),
      "issues": JSONValue(stream?.issues.count),
      "conflicts": .array((conflict?.files ?? []).map { .string(String(decoding: $0, as: UTF8.self)) }),
      "claims": .array(claims.map { ClaimWords.json($0) }),
    ]
  }
}
