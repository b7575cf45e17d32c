import ArgumentParser
import Checks
import Git
import Hive
import Inspection
import Landing
import Plan
import Platform
import Reporting
import StateFiles
import Sync
import WorkReports

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Shows every worktree: its stream, where it stands to trunk, and what it waits for.",
    discussion: """
      On a terminal also what may merge next and what waits for what, the files that several streams change, and the rules \
      that were passed over since the last push; where there is room, checks, predicted conflicts and the age of the last \
      commit. Everything is in --json.
      """)

  @Flag(help: "The table as JSON.")
  var json = false

  @Flag(help: "Show it again every other second, in place, and ask the remote every minute; Ctrl-C ends it.")
  var watch = false

  func validate() throws {
    if watch, json { throw ValidationError("--watch is for people, --json for programs") }
  }

  func run() throws {
    if watch { return try keepShowing() }
    let bench = try Workbench()
    try bench.followTrunk()
    let board = try StatusBoard(bench)
    if let silence = board.facts.silence {
      Printer(.error).print("preflight: what streams say is not known: \(silence)")
    }
    if json { return StandardStream.output.write(board.json.text + "\n") }
    let printer = Printer(.output)
    printer.print(board.lines(width: printer.style.width))
  }

  private func keepShowing() throws {
    let printer = Printer(.output)
    guard printer.style.isInteractive else {
      throw CommandFailure("--watch writes over what it has written, which takes a terminal", hint: "preflight status")
    }
    let watch = SignalWatch()
    var fetched = Clock.monotonic() - 60
    var isFirst = true
    while watch.interruption == nil {
      let bench = try Workbench()
      var remark: DisplayText?
      // The first screen is there at once.
      if !isFirst, Clock.monotonic() - fetched >= 60, let names = bench.situation.names, names.remote != nil {
        let sync = SyncRun(bench.layout, environment: bench.environment, plan: bench.plan, names: names)
        if let failure = try sync.fetch() { remark = "the remote was not asked: \(failure)" }
        fetched = Clock.monotonic()
      }
      let style = OutputStyle(.output)
      // A terminal that does not say how wide it is has 80 columns.
      let lines = try StatusBoard(bench).lines(width: style.width ?? 80) + (remark.map { [$0] } ?? [])
      let room = max(1, (StandardStream.output.height ?? 1000) - 1)
      // Line by line over the old screen, so that nothing flickers; then what is left of it goes.
      let text = lines.prefix(room).map { $0.rendered(withColour: style.usesColour) + "\u{1b}[K\n" }.joined()
      StandardStream.output.write((isFirst ? "\u{1b}[2J" : "") + "\u{1b}[H" + text + "\u{1b}[J")
      isFirst = false
      let until = Clock.monotonic() + 2
      while watch.interruption == nil, Clock.monotonic() < until { Clock.sleep(seconds: 0.05) }
    }
    if let signal = watch.interruption?.signal { throw Interrupted(signal: signal) }
  }
}

/// One screen for whoever coordinates.
private struct StatusBoard {
  let facts: HiveFacts
  private let bench: Workbench
  private let rows: [HiveRow]
  private let next: NextMerges
  private let hot: [HotFile]
  private let bypasses: [Bypasses.Record]

  private struct HotFile {
    var path: [UInt8]
    var streams: [String]
  }

  init(_ bench: Workbench) throws {
    self.bench = bench
    var facts = try HiveFacts(bench.situation, environment: bench.environment)
    try facts.predictConflicts(bench.situation, environment: bench.environment)
    self.facts = facts
    rows = try HiveRow.all(bench, facts)
    next = facts.next(bench.plan)
    hot = try Self.hotFiles(bench, rows)
    bypasses =
      Bypasses(
        commonState: bench.layout.stateDirectory, worktreeState: bench.layout.worktreeStateDirectory,
        environment: bench.environment
      ).sinceLastPush()
  }

  /// What several streams have changed and trunk has not yet, the most changed first.
  private static func hotFiles(_ bench: Workbench, _ rows: [HiveRow]) throws -> [HotFile] {
    guard let trunk = bench.situation.trunk else { return [] }
    let repository = bench.repository
    var streams: [[UInt8]: [String]] = [:]
    for row in rows where !row.isTrunk {
      guard let branch = row.branch, let tip = try repository.target(of: branch),
        case .found(let base) = try repository.mergeBase(tip, trunk.tip), base != tip
      else { continue }
      let changes = try repository.changes(from: repository.commit(base).tree, to: repository.commit(tip).tree)
      for change in changes { streams[change.path, default: []].append(row.name) }
    }
    return streams.filter { $0.value.count > 1 }.map { HotFile(path: $0.key, streams: $0.value) }.sorted {
      ($1.streams.count, $0.path.description) < ($0.streams.count, $1.path.description)
    }
  }

  /// - Parameter width: columns; `nil`: for a program, which gets the table alone.
  func lines(width: Int?) -> [DisplayText] {
    var table = table(for: HiveRow.Room(width: width))
    if let width, table.naturalWidth > width { table = self.table(for: .little) }
    var lines = table.lines(width: width)
    lines += rows.compactMap { row in
      row.push.map { "\("hint:", .hint) \(row.name): \($0.command(in: row.worktree?.path))" }
    }
    guard let width else { return lines }
    return lines + remarks.map { $0.truncated(to: width) }
  }

  private func table(for room: HiveRow.Room) -> Table {
    var columns: [Table.Column] = [
      .init("stream"), .init("branch", isFlexible: true, cutting: .start), .init("ahead", .right),
      .init("behind", .right), .init("dirty", .right), .init("issues", .right),
    ]
    if room == .much { columns += [.init("checks"), .init("conflicts", .right)] }
    if room != .program { columns.append(.init("last", .right)) }
    var table = Table(columns + [.init("state", isFlexible: true)])
    for row in rows { table.append(row.cells(for: room), below: room == .little ? row.remarks : []) }
    return table
  }

  private var remarks: [DisplayText] {
    var lines: [DisplayText] = []
    if !next.candidates.isEmpty {
      lines.append("may merge now: \(next.candidates.map(\.stream).joined(separator: ", ")) (preflight next)")
    }
    lines += NextWords(bench).lines(for: next.withoutIdle)
    for file in hot.prefix(3) {
      lines.append("\("hot:", .warning) \(DisplayText(bytes: file.path)) (\(file.streams.joined(separator: ", ")))")
    }
    if hot.count > 3 { lines.append("and \(hot.count - 3) more files that several streams change") }
    let behind = rows.filter { $0.isBehind }.map(\.name)
    if !behind.isEmpty {
      lines.append("behind '\(bench.situation.trunkName)': \(behind.joined(separator: ", ")) (preflight sync)")
    }
    let passed = Set(bypasses.map { "\($0.rule) (\($0.branch))" }).sorted()
    if let clock = bench.clockRemark() { lines.append(clock) }
    if !passed.isEmpty { lines.append("passed over since the last push: \(passed.joined(separator: ", "))") }
    return lines
  }

  var json: JSONValue {
    func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
    return [
      "version": 1, "streams": .array(rows.map(\.json)),
      "round": JSONValue(facts.rounds.current(done: facts.ledger.done)),
      "next": strings(next.candidates.map(\.stream)),
      "waiting": .array(
        next.waiting.map {
          ["stream": .string($0.stream), "reason": .string(NextWords(bench).words(for: $0.reason).plain)]
        }),
      "hot": .array(
        hot.map { ["path": .string(String(decoding: $0.path, as: UTF8.self)), "streams": strings($0.streams)] }),
      "bypasses": .array(
        bypasses.map {
          [
            "time": .integer(Int($0.time)), "branch": .string($0.branch), "rule": .string($0.rule),
            "reason": .string($0.reason),
          ]
        }),
    ]
  }
}

extension NextMerges {
  /// Without the streams that nobody has begun: of these there is nothing to know but that.
  fileprivate var withoutIdle: NextMerges {
    var result = self
    result.waiting.removeAll { $0.reason == .notBegun }
    return result
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
  var deletion: LeaveReason?
  var conflict: Conflict?
  /// What it waits for since a sync moved it.
  var push: PushLease?
  var isMerged = false
  var isTrunk = false
  var word: HiveFacts.SpokenSignal?
  var claims: [Claim] = []
  var facts: StreamFacts?
  /// How the checks ended when they were last run there.
  var lastChecks: [LastResults.Record] = []
  /// What the branch holds.
  var tree: ObjectID?
  /// When the branch's tip was committed, in seconds since 1970.
  var committed: Int64?
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
      row.facts = facts.streams[stream.id]
      row.issuesDone = stream.issues.filter { ledger.done.contains($0.id) }.count
      row.isMerged = ledger.mergedStreams.contains(stream.id)
      rows.append(row)
    }
    rows += try worktrees.map { try HiveRow(bench, branch: $0.branch, worktree: $0) }
    for index in rows.indices {
      guard let id = rows[index].stream?.id ?? rows[index].branch?.shortBranchName else { continue }
      rows[index].now = bench.hive.now
      rows[index].word = facts.signals[id]
      rows[index].claims = facts.claims.filter {
        bench.situation.holds($0, stream: id, branch: rows[index].branch?.shortBranchName)
      }
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
      let commit = try repository.commit(tip)
      (committed, tree) = (commit.committed, commit.tree)
      conflict = try StandingConflicts(bench.layout).conflict(of: branch)
      push = try PushLeases(bench.layout).pending(for: branch, in: repository)
    }
    guard let worktree, !worktree.isMissing else { return }
    let names = Set(bench.plan.checks.map(\.name))
    lastChecks = LastResults(worktree.layout.worktreeStateDirectory).all().filter { names.contains($0.check) }
    let status = try GitCommand(in: worktree.path, environment: bench.environment)
      .output(["status", "--porcelain=v1", "-z", "--no-renames"])
    dirty = status.split(separator: 0).count
    due = try branch.flatMap { try repository.target(of: $0) }.flatMap {
      try Due(worktree).reason(at: $0, in: repository)
    }
    hold = try Hold(worktree).reason()
    deletion = try worktree.deletedBranch(in: repository)
  }

  /// Whether a sync would bring it along: what else keeps it where it is, its state says.
  var isBehind: Bool {
    guard let worktree, !worktree.isMissing, let behind, behind > 0 else { return false }
    return branch != nil && !isTrunk && due == nil && hold == nil && conflict == nil && worktree.operation == nil
  }

  var name: String { stream?.id ?? branch?.shortBranchName ?? "-" }

  private var state: DisplayText { ([standing] + words).joined(separator: ", ") }

  /// Its state from facts alone.
  private var standing: DisplayText {
    if isTrunk { return "trunk" }
    guard let worktree else { return isMerged ? "merged" : branchState }
    switch worktree.absence {
    case .gone: return "\("directory gone", .warning)"
    case .bare: return "\("core.bare", .warning)"
    case .elsewhere: return "\("core.worktree", .warning)"
    case nil: break
    }
    var parts: [DisplayText] = []
    if let deletion { parts.append(deletion.sentence()) }
    if isMerged { parts.append("\("merged", .good)") }
    if let operation = worktree.operation { parts.append("\("in a \(operation.rawValue)", .warning)") }
    if let conflict {
      let files = conflict.files.prefix(2).map { DisplayText(bytes: $0) }.joined(separator: ", ")
      parts.append("\("conflicts", .error) in \(files)")
    }
    if let hold { parts.append(hold.isEmpty ? "on hold" : "on hold: \(hold)") }
    if push != nil { parts.append("to be pushed") }
    if facts?.checks == .failed { parts.append("checks \("failed", .error)") }
    if let due, conflict == nil { parts.append("\("due", .warning) (\(due))") }
    if parts.isEmpty { parts = ["\((ahead ?? 0) > 0 ? "at work" : "idle")"] }
    return parts.joined(separator: ", ")
  }

  /// What the stream says of itself, and what it holds. How old a word is stands before a text that may be cut.
  private var words: [DisplayText] {
    var words: [DisplayText] = []
    if let word {
      let signal = word.signal
      let issue: DisplayText = signal.issue.map { " on \($0)" } ?? ""
      let reason: DisplayText = signal.text.isEmpty ? "" : ": \(DisplayText(bytes: signal.text))"
      var when: DisplayText = "\(age(of: signal.origin.time, at: now))\(word.isStale ? ", stale" : "")"
      // Before the plan gave the stream another id.
      if signal.stream != stream?.id ?? branch?.shortBranchName { when += ", as \(signal.stream)" }
      words.append("says \(signal.state.rawValue)\(issue) (\(when))\(reason)")
    }
    if !claims.isEmpty { words.append("holds \(claims.map { ClaimWords.name(of: $0.path) }.joined(separator: ", "))") }
    return words
  }

  private func isStale(_ record: LastResults.Record) -> Bool { record.tree == nil || record.tree != tree }

  /// What the checks say of what the branch holds; else what they said when they were last run there.
  private var checks: DisplayText? {
    switch facts?.checks {
    case .passed: return "\("passed", .good)"
    case .failed: return "\("failed", .error)"
    case .unknown, nil: break
    }
    if lastChecks.isEmpty { return nil }
    let hasFailed = lastChecks.contains { !$0.hasPassed }
    let isStale = lastChecks.contains(where: isStale)
    return "\(hasFailed ? "failed" : "passed", hasFailed && !isStale ? .error : nil)\(isStale ? ", stale" : "")"
  }

  private var branchState: DisplayText { ahead == nil ? "not begun" : "no worktree" }

  /// Who looks, and how much fits.
  enum Room {
    /// Lines to be read by others: what they find there stays where it is.
    case program
    /// What there is no column for is told below each row.
    case little
    case much

    /// - Parameter width: columns of the terminal; `nil`: there is none.
    init(width: Int?) {
      guard let width else {
        self = .program
        return
      }
      self = width < 100 ? .little : .much
    }
  }

  func cells(for room: Room) -> [DisplayText] {
    func number(_ value: Int?) -> DisplayText { value.map { $0 == 0 ? "-" : "\($0)" } ?? "" }
    let issues: DisplayText = stream.map { "\(issuesDone ?? 0)/\($0.issues.count)" } ?? ""
    let last: DisplayText = committed.map { "\(age(of: $0, at: now))" } ?? ""
    let id: DisplayText = "\(stream?.id ?? "-")"
    let name: DisplayText = "\(branch?.shortBranchName ?? "detached")"
    let cells: [DisplayText] = [id, name, number(ahead), number(behind), number(dirty), issues]
    switch room {
    case .program: return cells + [state]
    case .little: return cells + [last, standing]
    case .much: return cells + [checks ?? "-", number(facts?.conflicts), last, state]
    }
  }

  /// What there are no columns for where there is little room.
  var remarks: [DisplayText] {
    var remarks: [DisplayText] = []
    if let checks, facts?.checks != .failed { remarks.append("checks \(checks)") }
    if let count = facts?.conflicts, count > 0 { remarks.append("\(count, "conflict") predicted") }
    return remarks + words
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
      "checks": JSONValue(facts?.checks.rawValue),
      "lastChecks": .array(
        lastChecks.map {
          [
            "name": .string($0.check), "status": .string($0.hasPassed ? "passed" : "failed"),
            "time": .integer(Int($0.time)), "stale": .bool(isStale($0)),
          ]
        }),
      "conflictsPredicted": JSONValue(facts?.conflicts),
      "lastCommit": JSONValue(committed.map(Int.init)), "dueReason": JSONValue(due), "hold": JSONValue(hold),
    ]
  }
}
