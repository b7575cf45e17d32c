import ArgumentParser
import Hive
import Plan
import Platform
import Reporting

struct DoneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "done", abstract: "Says that work is done which leaves no commit behind.",
    discussion: """
      For issues that the plan marks 'external = true'; any other is done when a commit of its stream on trunk names it. \
      Exit status: 0 said, 1 an issue is not external, 2 could not work.
      """)

  @ArgumentParser.Argument(help: "The issues.")
  var issues: [String]

  @Option(name: [.customShort("m"), .customLong("message")], help: "What was done, and where to look.")
  var message = ""

  @Flag(help: "Take it back.")
  var undo = false

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    let planned = try issues.map { id -> (issue: Plan.Issue, stream: Plan.Stream) in
      guard let issue = bench.plan.issue(id), let stream = bench.plan.stream(ofIssue: id) else {
        throw CommandFailure("there is no issue '\(id)' in the plan", hint: "preflight next --all")
      }
      return (issue, stream)
    }
    let internals = planned.filter { !$0.issue.isExternal }
    for (issue, stream) in internals {
      Printer(.error).print(
        """
        \("error:", .error) '\(issue.id)' is not external: it is done when a commit of \(bench.title(ofStream: stream.id)) \
        on trunk names it
        """)
    }
    if !internals.isEmpty { throw ExitStatus.findings }
    try say(planned, bench)
    try bench.followTrunk()
  }

  private func say(_ planned: [(issue: Plan.Issue, stream: Plan.Stream)], _ bench: Workbench) throws {
    let origin = try bench.origin()
    let outcome = try bench.withHive { hive in
      try hive.change(by: origin) { state in
        var records: [HivePath: HiveRecord?] = [:]
        for (issue, stream) in planned {
          // It may have been said under the name that the stream had before.
          let said = try state.completions().filter { $0.issue == issue.id }
          for completion in said { records[.done(issue.id, by: completion.stream)] = .some(nil) }
          if undo { continue }
          let completion = Completion(issue: issue.id, stream: stream.id, text: Array(message.utf8), origin: origin)
          records[.done(issue.id, by: stream.id)] = completion.record
        }
        let words = undo ? "not done" : "done"
        return records.isEmpty ? nil : HiveChange("\(issues.joined(separator: ", ")) \(words)", records)
      }
    }
    bench.showAside(outcome)
    Printer(.output).print("\(undo ? "not done" : "done"): \(issues.joined(separator: ", "))")
  }
}
