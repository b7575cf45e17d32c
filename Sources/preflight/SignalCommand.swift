import ArgumentParser
import Hive
import Platform
import Reporting

struct SignalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signal",
    abstract: "Says how it is with this worktree's stream: working, blocked, ready or abandoned.",
    discussion: """
      What can be seen (commits, merges, edits) is shown without a signal; a signal adds the why. It speaks of the commit \
      that is checked out now, and shows as stale once the branch has moved on.
      """)

  @ArgumentParser.Argument(help: "working, blocked, ready or abandoned.")
  var state: Signal.State

  @Option(name: [.customShort("m"), .customLong("message")], help: "Why, or what for.")
  var message = ""

  @Option(help: "The issue that blocks it.")
  var on: String?

  @Option(help: "Speak for this stream or branch; by default this worktree's.")
  var stream: String?

  func validate() throws {
    guard on == nil || state == .blocked else { throw ValidationError("--on names what a 'blocked' stream waits for") }
  }

  func run() throws {
    let bench = try Workbench()
    if let on, bench.situation.loadedPlan != nil, bench.plan.issue(on) == nil {
      throw CommandFailure("there is no issue '\(on)' in the plan", hint: "preflight next --all")
    }
    let id = try bench.speakingStream(stream)
    if stream == nil, bench.situation.isOnTrunk {
      throw CommandFailure(
        "this worktree has trunk checked out, which is no stream", hint: "preflight signal \(state) --stream ID")
    }
    var origin = try bench.origin()
    if stream != nil { (origin.branch, origin.commit) = try bench.tip(ofStream: id) }
    let signal = Signal(stream: id, state: state, issue: on, text: Array(message.utf8), origin: origin)
    let outcome = try bench.withHive { hive in
      try hive.change(by: origin) { _ in
        HiveChange("\(id) is \(state)\(on.map { " on \($0)" } ?? "")", [.signal(of: id): signal.record])
      }
    }
    bench.showAside(outcome)
    let issue: DisplayText = on.map { " on \($0)" } ?? ""
    let reason: DisplayText = message.isEmpty ? "" : ": \(message)"
    Printer(.output).print("\(bench.title(ofStream: id)) is \(state.rawValue)\(issue)\(reason)")
    try bench.followTrunk()
  }
}

extension Signal.State: ExpressibleByArgument {}
