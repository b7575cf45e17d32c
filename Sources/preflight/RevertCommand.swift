import ArgumentParser
import Git
import Hive
import Inspection
import Landing
import Plan
import Platform
import Reporting
import Worktrees

struct RevertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revert", abstract: "Takes a stream's work back from trunk, on a new branch.",
    discussion: """
      Finds what has brought it, a merge, a squash or its commits one by one, and has git revert that on a branch from \
      trunk; no worktree is touched. The stream's issues are open again: those with commits once the branch is on trunk, \
      the external ones at once. Exit status: 0 made, 1 a conflict or nothing to revert, 2 could not work.
      """)

  @ArgumentParser.Argument(help: "A stream of the plan.")
  var stream: String

  @Option(help: "The new branch; revert/ID by default.")
  var branch: String?

  @Flag(help: "Show what would be reverted; change nothing.")
  var dryRun = false

  @Flag(help: "What was reverted, and what came of it, as JSON.")
  var json = false

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    guard let trunk = bench.situation.trunk else {
      throw CommandFailure("'\(bench.situation.trunkName)' is not here", hint: "git fetch")
    }
    let stream = try bench.plannedStream(stream)
    let landings = try bench.situation.landings(of: stream)
    let printer = Printer(.output)
    guard !landings.isEmpty else {
      if json { write("nothing", nil, stream, []) }
      Printer(.error).print([
        "\("error:", .error) nothing on '\(bench.situation.trunkName)' is known as \(bench.title(ofStream: stream.id))'s work",
        "\("hint:", .hint) git log --first-parent \(shellQuoted(bench.situation.trunkForCommands))",
      ])
      throw ExitStatus.findings
    }
    if !json {
      for landing in landings {
        printer.print(
          "\(dryRun ? "would revert" : "reverting") \(landing.commit.abbreviated) \(DisplayText(bytes: landing.subject))\(landing.isMerge ? " (merge)" : "")"
        )
      }
    }
    let name = branch ?? "revert/\(stream.id)"
    if dryRun {
      if json { write("would-make", nil, stream, landings) }
      return
    }
    try checkName(name, bench)
    let revert = StreamRevert(bench.layout, environment: bench.environment)
    let targets = landings.map { StreamRevert.Target($0.commit, isMerge: $0.isMerge) }
    let outcome = try revert.run(targets, on: "refs/heads/\(name)", from: trunk.tip)
    try show(outcome, name: name, stream, landings, bench)
  }

  /// - Parameters:
  ///   - name: of the branch that was made.
  ///   - reopened: issues that are open again at once, and those that are once the branch is on trunk.
  private func write(
    _ outcome: String, _ name: String?, _ stream: Plan.Stream, _ landings: [Landing], files: [[UInt8]] = [],
    reopened: (now: [String], later: [String]) = ([], [])
  ) {
    func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
    let document: JSONValue = [
      "version": 1, "stream": .string(stream.id), "outcome": .string(outcome), "branch": JSONValue(name),
      "commits": .array(
        landings.map {
          [
            "id": .string("\($0.commit)"), "subject": .string(String(decoding: $0.subject, as: UTF8.self)),
            "isMerge": .bool($0.isMerge),
          ]
        }),
      "conflicts": strings(files.map { String(decoding: $0, as: UTF8.self) }),
      "reopened": strings(reopened.now), "reopenedOnTrunk": strings(reopened.later),
    ]
    StandardStream.output.write(document.text + "\n")
  }

  private func checkName(_ name: String, _ bench: Workbench) throws {
    guard try bench.repository.git.run(["check-ref-format", "--branch", Argument(name)]).succeeded else {
      throw CommandFailure("'\(name)' is no name for a branch")
    }
  }

  private func show(
    _ outcome: StreamRevert.Outcome, name: String, _ stream: Plan.Stream, _ landings: [Landing], _ bench: Workbench
  ) throws {
    let errors = Printer(.error)
    let branch = shellQuoted(name)
    switch outcome {
    case .made(_, _, let count):
      let remote = bench.situation.names?.remote
      let reopened = try reopen(stream, on: name, bench)
      if json { return write("made", name, stream, landings, reopened: reopened) }
      Printer(.output).print("made '\(name)' with \(count, "commit") on '\(bench.situation.trunkName)'")
      if !reopened.now.isEmpty { Printer(.output).print("open again: \(reopened.now.joined(separator: ", "))") }
      if !reopened.later.isEmpty {
        Printer(.output).print(
          "open again once '\(name)' is on '\(bench.situation.trunkName)': \(reopened.later.joined(separator: ", "))")
      }
      Printer(.output).print([
        "next: \(remote.map { "git push \($0) \(branch)" } ?? "git merge \(branch)")",
        "to bring the work back once it is mended, revert these commits again: git would not merge the old ones twice",
      ])
    case .nothing:
      if json { write("nothing", nil, stream, landings) }
      errors.print("\("error:", .error) nothing is left of it on '\(bench.situation.trunkName)'")
      throw ExitStatus.findings
    case .branchExists:
      throw CommandFailure(
        "there is a branch '\(name)' already", hint: "preflight revert \(stream.id) --branch NAME")
    case .failed(let commit, let reason):
      throw CommandFailure("git does not revert \(commit.abbreviated), and nothing was made: \(reason)")
    case .conflict(let commit, let files):
      if json { write("conflict", nil, stream, landings, files: files) }
      let paths = files.map { DisplayText(bytes: $0) }.joined(separator: ", ")
      let commands = landings.map { "git revert \($0.isMerge ? "-m 1 " : "")\($0.commit.abbreviated)" }
      errors.print([
        "\("error:", .error) reverting \(commit.abbreviated) conflicts in \(paths); nothing was made",
        "\("hint:", .hint) by hand: git worktree add -b \(branch) ../\(shellQuoted("revert-\(stream.id)")) \(shellQuoted(bench.situation.trunkForCommands)) && cd ../\(shellQuoted("revert-\(stream.id)")) && \(commands.joined(separator: " && "))",
      ])
      throw ExitStatus.findings
    }
  }

  /// Says in the hive that the stream is at work again, and that its external work is no longer done.
  ///
  /// - Returns: the issues that are open again, and those that are once the branch is on trunk.
  private func reopen(
    _ stream: Plan.Stream, on branch: String, _ bench: Workbench
  ) throws -> (now: [String], later: [String]) {
    var origin = try bench.origin()
    // It is the stream that is spoken of, wherever we stand.
    (origin.branch, origin.commit) = (stream.branch, try bench.situation.tip(of: stream))
    var reopened: [String] = []
    let outcome = try bench.withHive { hive in
      try hive.change(by: origin) { state in
        var records: [HivePath: HiveRecord?] = [:]
        reopened = []
        for completion in try state.completions() where stream.issues.contains(where: { $0.id == completion.issue }) {
          records[.done(completion.issue, by: completion.stream)] = .some(nil)
          reopened.append(completion.issue)
        }
        let signal = Signal(
          stream: stream.id, state: .working, text: Array("what trunk had of it is reverted on \(branch)".utf8),
          origin: origin)
        records[.signal(of: stream.id)] = signal.record
        return HiveChange("\(stream.id) is working", records)
      }
    }
    bench.showAside(outcome)
    let done = try bench.situation.ledger().done
    let internals = stream.issues.map(\.id).filter { done.contains($0) && !reopened.contains($0) }
    return (reopened, internals)
  }
}
