import ArgumentParser
import Checks
import Git
import Hive
import HookSupport
import Landing
import Outbox
import Platform
import Reporting
import WorkReports

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Shows what the streams have said: signals, claims, work done, memory; newest first.",
    discussion: """
      --queue shows the commands of the plan's [notify] and [[after-sync]]: each is run once for an event, which is a \
      stream, an issue and a kind. One that was cut off by a crash is not run again by itself; --retry has it tried again, \
      and what has failed. Exit status with --drain: 1 where one has failed.
      """)

  @Option(name: [.customShort("n"), .customLong("last")], help: "How many of the newest; 0: all.")
  var last = 50

  @Flag(help: "The events as JSON.")
  var json = false

  @Flag(help: "The commands that wait to be run and those that were, instead.")
  var queue = false

  @Flag(help: "Run those that wait, here and now, also those that a sync has queued.")
  var drain = false

  @Flag(help: "Put those that have failed or were cut off back into the queue, first.")
  var retry = false

  func validate() throws {
    guard last >= 0 else { throw ValidationError("--last takes a number from 0") }
  }

  func run() throws {
    let bench = try Workbench()
    if queue || drain || retry { return try showQueue(bench) }
    let events = try bench.withHive { try $0.events(limit: last == 0 ? nil : last) }
    if json {
      let document: JSONValue = ["version": 1, "events": .array(events.map { EventWords($0).json })]
      return StandardStream.output.write(document.text + "\n")
    }
    guard !events.isEmpty else { return Printer(.output).print("nothing was said yet") }
    var table = Table([
      .init("ago", .right), .init("stream"), .init("what", isFlexible: true), .init("who", isFlexible: true),
    ])
    for event in events {
      let words = EventWords(event)
      let name = event.person.split(separator: UInt8(ascii: "<")).first ?? []
      table.append([
        "\(age(of: event.time, at: bench.hive.now))", "\(words.stream ?? "")", words.text,
        DisplayText(bytes: name.trimmingSpaces),
      ])
    }
    Printer(.output).print(table)
    Printer(.error).print(bench.clockRemark().map { [$0] } ?? [])
  }
}

extension LogCommand {
  private func showQueue(_ bench: Workbench) throws {
    let desk = OutboxDesk(bench.situation, environment: bench.environment)
    if bench.situation.loadedPlan != nil { try NoticeMarks(bench.layout).refresh(bench.plan.notify.wanted) }
    let printer = Printer(json ? .error : .output)
    if retry {
      let count = try desk.outbox.retry()
      printer.print("\(count, "command") put back into the queue")
    }
    var hasFailed = false
    if drain {
      try desk.queueNews()
      hasFailed = try bench.drain(desk, on: printer)
    }
    if queue { try showEntries(bench, desk) }
    if hasFailed { throw ExitStatus.findings }
  }

  private func showEntries(_ bench: Workbench, _ desk: OutboxDesk) throws {
    let words = try desk.outbox.all().map { DeliveryWords($0, bench.plan.notify, now: bench.hive.now) }
    if json {
      let document: JSONValue = ["version": 1, "queue": .array(words.map(\.json))]
      return StandardStream.output.write(document.text + "\n")
    }
    guard !words.isEmpty else { return Printer(.output).print("nothing was queued yet") }
    var table = Table(DeliveryWords.columns)
    for word in words { table.append(word.cells) }
    Printer(.output).print(table)
  }
}

extension Workbench {
  /// Runs what waits, with a line for each.
  ///
  /// - Returns: whether one has failed for good.
  func drain(_ desk: OutboxDesk, on printer: Printer) throws -> Bool {
    var hasFailed = false
    let report = try desk.drain(includingAfterSync: true) { attempt in
      let command = attempt.command.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: " ")
      let remark = DisplayText(bytes: attempt.delivery.remark)
      switch attempt.delivery.state {
      case .done: printer.print("\("done:", .good) \(command)")
      case .waiting: printer.print("\("again:", .warning) \(command): \(remark)")
      default:
        hasFailed = true
        printer.print("\("failed:", .error) \(command): \(remark)")
      }
    }
    if report.isElsewhere { printer.print("another process runs what waits just now") }
    if !report.untrusted.isEmpty {
      printer.print([
        "\(report.untrusted.count, "command") not run: not approved on this machine",
        "\("hint:", .hint) preflight trust",
      ])
    }
    return hasFailed
  }

  /// Says, once for each set of commands, that they wait for a person's approval.
  func sayUntrusted() throws {
    guard let trust = try? Trust.load(for: layout, environment: environment) else { return }
    let waiting = plan.commands.filter { $0.table.hasPrefix("notify.") && !trust.isApproved($0) }
    let file = layout.stateDirectory / "outbox/untrusted"
    guard !waiting.isEmpty else { return try file.remove() }
    var fingerprint = Fingerprint()
    for command in waiting { fingerprint.add(list: ([command.table] + command.words).map { Array($0.utf8) }) }
    let said = Array(fingerprint.hex.utf8)
    guard try file.contentsIfPresent() != said else { return }
    try file.parent.createDirectories()
    try file.write(said)
    Printer(.error).print(
      "preflight: \(waiting.count, "command") of [notify] kept until they are approved: preflight trust")
  }
}

/// One event in words and as JSON.
private struct EventWords {
  let event: HiveEvent

  init(_ event: HiveEvent) { self.event = event }

  var stream: String? {
    switch event.kind {
    case .signal(let signal): signal.stream
    case .done(let completion), .undone(let completion): completion.stream
    case .claimed(let claim), .dropped(let claim), .lost(let claim): claim.stream
    case .remembered, .forgotten: nil
    }
  }

  var text: DisplayText {
    switch event.kind {
    case .signal(let signal):
      "\(signal.state.rawValue)\(signal.issue.map { " on \($0)" } ?? "")\(because(signal.text))"
    case .done(let completion): "\(completion.issue) done\(because(completion.text))"
    case .undone(let completion): "\(completion.issue) not done"
    case .claimed(let claim):
      "claimed \(ClaimWords.name(of: claim.path)) for \(length(of: claim))\(because(claim.text))"
    case .dropped(let claim): "dropped \(ClaimWords.name(of: claim.path))"
    case .lost(let claim): "lost its claim on \(ClaimWords.name(of: claim.path)): another stream was first"
    case .remembered(let key, let record): "\(key) =\(because(record.text))"
    case .forgotten(let key): "\(key) forgotten"
    }
  }

  private func because(_ text: [UInt8]) -> DisplayText {
    let line = text.prefix { $0 != UInt8(ascii: "\n") }
    if case .remembered = event.kind { return " \(DisplayText(bytes: line))" }
    return line.isEmpty ? "" : ": \(DisplayText(bytes: line))"
  }

  private func length(of claim: Claim) -> String { duration(Double(max(0, claim.until - claim.origin.time))) }

  /// Members that an event does not have are `null`.
  var json: JSONValue {
    var kind: String
    var (state, issue, path, key): (String?, String?, [UInt8]?, String?) = (nil, nil, nil, nil)
    var (text, origin, until): ([UInt8]?, HiveRecord.Origin?, Int64?) = (nil, nil, nil)
    switch event.kind {
    case .signal(let signal):
      kind = "signal"
      (state, issue, text, origin) = (signal.state.rawValue, signal.issue, signal.text, signal.origin)
    case .done(let completion):
      kind = "done"
      (issue, text, origin) = (completion.issue, completion.text, completion.origin)
    case .undone(let completion): (kind, issue) = ("undone", completion.issue)
    case .claimed(let claim):
      kind = "claimed"
      (path, text, origin, until) = (claim.path, claim.text, claim.origin, claim.until)
    case .dropped(let claim): (kind, path) = ("dropped", claim.path)
    case .lost(let claim): (kind, path) = ("lost", claim.path)
    case .remembered(let name, let record):
      kind = "remembered"
      (key, text, origin) = (name, record.text, record.origin)
    case .forgotten(let name): (kind, key) = ("forgotten", name)
    }
    func string(_ bytes: [UInt8]?) -> JSONValue { JSONValue(bytes.map { String(decoding: $0, as: UTF8.self) }) }
    return [
      "time": .integer(Int(event.time)), "kind": .string(kind), "stream": JSONValue(stream),
      "state": JSONValue(state), "issue": JSONValue(issue), "path": string(path), "key": JSONValue(key),
      "text": string(text), "until": JSONValue(until.map(Int.init)), "by": string(event.person),
      "worktree": string(origin?.place), "branch": JSONValue(origin?.branch),
      "commit": JSONValue(origin?.commit?.description),
    ]
  }
}
