import ArgumentParser
import Hive
import Platform
import Reporting

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Shows what the streams have said: signals, claims, work done, memory; newest first.")

  @Option(name: [.customShort("n"), .customLong("last")], help: "How many of the newest; 0: all.")
  var last = 50

  @Flag(help: "The events as JSON.")
  var json = false

  func validate() throws {
    guard last >= 0 else { throw ValidationError("--last takes a number from 0") }
  }

  func run() throws {
    let bench = try Workbench()
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
