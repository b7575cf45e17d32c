import ArgumentParser
import Git
import HookSupport
import Inspection
import Landing
import Outbox
import Plan
import Platform
import Reporting
import Rules
import Sync
import WorkReports

struct FinishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finish",
    abstract: "Ends a stream's work: sync, check, push, the plan's [finish] command, ready.",
    discussion: """
      Each step finds out whether it is done already: run again after it was stopped, or killed, it goes on where it was. \
      The [finish] command (which opens a pull request, say) is run once for a branch, whatever a sync makes of its commits; \
      one that failed is run again, one that a crash has cut off only with --again. Exit status: 0 finished, 1 something is \
      to be settled first, 2 could not work.
      """)

  @ArgumentParser.Argument(help: "A stream or branch; by default this worktree's.")
  var id: String?

  @Option(name: [.customShort("m"), .customLong("message")], help: "What to say with 'ready'.")
  var message = ""

  @Flag(help: "Run the plan's [finish] command although it was run before.")
  var again = false

  func run() throws {
    let bench = try Workbench()
    let worktree = try bench.worktree(ofStream: id)
    guard let names = bench.situation.names, let branch = worktree.branch else {
      throw CommandFailure("no branch looks like trunk", hint: "preflight install")
    }
    let here = try Workbench(at: worktree, environment: bench.environment)
    if here.situation.isOnTrunk {
      throw CommandFailure("this worktree has trunk checked out, which is no stream", hint: "preflight finish ID")
    }
    let stream = here.situation.stream
    let title = stream.map { here.title(ofStream: $0.id) } ?? branch.shortBranchName
    if try here.isFinished(branch) { return Printer(.output).print("\(title) is merged: there is nothing to finish") }
    var run = FinishRun(
      here.layout, branch: branch, names: names, environment: here.environment,
      open: { try Workbench(at: worktree, environment: bench.environment).situation },
      check: { _ in try Workbench(at: worktree, environment: bench.environment).hasPassedEverything() },
      notify: {
        let now = try Workbench(at: worktree, environment: bench.environment)
        Printer(.error).print(try now.queueCommands(after: nil))
        try now.startNotices()
      })
    run.runsAgain = again
    run.waiting = showWaiting
    run.message = Array(message.utf8)
    let printer = Printer(.output)
    let obstacle = try run.run { step, outcome, remark in
      printer.print(FinishWords.lines(step, outcome, remark, branch: branch.shortBranchName, in: worktree))
    }
    if obstacle != nil { throw ExitStatus.findings }
    printer.print("\(title) is finished")
  }
}

extension Workbench {
  /// Where a stream, or a branch of that name, is checked out: the one that was named, else this worktree.
  func worktree(ofStream named: String?) throws -> Worktree {
    guard let named else {
      guard let worktree = situation.worktree, worktree.branch != nil else {
        throw CommandFailure("no branch is checked out here: name a stream", hint: "preflight status")
      }
      return worktree
    }
    let branch = "refs/heads/" + (plan.stream(named)?.branch ?? named)
    if let worktree = try layout.worktrees().first(where: { $0.branch == branch && !$0.isMissing }) { return worktree }
    throw CommandFailure("no worktree has '\(branch.shortBranchName)' checked out", hint: "git worktree list")
  }

  /// Whether trunk has all that a branch ever brought.
  fileprivate func isFinished(_ branch: String) throws -> Bool {
    if let stream = situation.stream(on: branch), try situation.ledger().mergedStreams.contains(stream.id) {
      return true
    }
    guard let trunk = situation.trunk, let tip = try repository.target(of: branch) else { return false }
    if try repository.commitIDs(reachableFrom: [tip], excluding: trunk.tips, limit: 1).isEmpty {
      throw CommandFailure("'\(branch.shortBranchName)' has no commits of its own: there is nothing to finish")
    }
    return false
  }

  /// The rules and the plan's checks, as for a stream that is ready; what they find is shown.
  func hasPassedEverything() throws -> Bool {
    let change = try situation.trunk == nil ? nil : situation.wholeChange()
    let report = RuleReport(self, try change.map { try judge($0, saysReady: true) } ?? [])
    report.show()
    guard !report.isRefusal else { return false }
    guard let checks = ProjectChecks(situation, environment: environment) else { return true }
    let (results, signal) = try checks.run(on: .preflight, change: change, printer: Printer(.error))
    if let signal { throw Interrupted(signal: signal) }
    let failures = ProjectChecks.failures(in: results)
    Printer(.error).print(failures)
    return results.allSatisfy(\.status.isSuccess)
  }
}

/// A step of `finish` in words.
private enum FinishWords {
  static func lines(
    _ step: FinishRun.Step, _ outcome: FinishRun.Outcome, _ remark: FinishRun.Remark?, branch: String,
    in worktree: Worktree
  ) -> [DisplayText] {
    let name = "\(step.rawValue):"
    let head: DisplayText = "\(name)\(String(repeating: " ", count: max(1, 8 - name.count)))"
    let more = remark.map { words(for: $0) } ?? []
    switch outcome {
    case .done: return [head + done(step)] + more
    case .already: return [head + already(step)] + more
    case .none(let reason): return [head + "- (\(reason))"] + more
    case .stopped(let obstacle):
      let words = words(for: obstacle, branch: branch, in: worktree)
      return [head + words[0]] + words.dropFirst() + more
    }
  }

  private static func done(_ step: FinishRun.Step) -> DisplayText {
    switch step {
    case .sync: "moved onto trunk"
    case .check: "\("passed", .good)"
    case .push: "pushed"
    case .run: "the plan's command has run"
    case .ready: "said"
    case .notify: "told"
    }
  }

  private static func already(_ step: FinishRun.Step) -> DisplayText {
    switch step {
    case .sync: "up to date"
    case .check, .notify: "done before"
    case .push: "the remote has it"
    case .run: "was run before"
    case .ready: "was said before"
    }
  }

  private static func words(for remark: FinishRun.Remark) -> [DisplayText] {
    switch remark {
    case .cutOff(let time):
      [
        "\("warning:", .warning) the [finish] command was cut off \(age(of: time, at: Clock.now())) ago, and may have done its work: not run again",
        "\("hint:", .hint) look, and where it has not: preflight finish --again",
      ]
    case .fetchFailed(let reason): ["\("warning:", .warning) the remote was not asked: \(reason)"]
    }
  }

  private static func words(
    for obstacle: FinishRun.Obstacle, branch: String, in worktree: Worktree
  ) -> [DisplayText] {
    let place = shellQuoted(worktree.path)
    switch obstacle {
    case .uncommitted(let paths):
      let names = paths.prefix(3).map { DisplayText(bytes: $0) }.joined(separator: ", ")
      let more = paths.count > 3 ? ", and \(paths.count - 3) more" : ""
      return [
        "\("not committed:", .error) \(names)\(more)",
        "\("hint:", .hint) commit, or ignore, what is there; then preflight finish",
      ]
    case .syncElsewhere(let description): return ["\("waits:", .warning) \(description) runs"]
    case .diverged:
      return ["\("stopped:", .error) trunk and its remote have diverged", "\("hint:", .hint) preflight sync"]
    case .conflict(let conflict):
      let files = conflict.files.map { DisplayText(bytes: $0) }.joined(separator: ", ")
      return [
        "\("conflicts", .error) in \(files); nothing was changed",
        "\("hint:", .hint) preflight conflicts; to resolve by hand: git -C \(place) rebase \(conflict.onto)",
      ]
    case .left(let reason):
      let command = reason.command(in: place, name: shellQuoted(branch.shortBranchName))
      return ["\("left where it is:", .warning) \(reason.sentence())"]
        + (command.map { ["\("hint:", .hint) \($0)"] } ?? [])
    case .findings: return ["\("stopped:", .error) settle what is said above; then preflight finish"]
    case .unseen(let remote):
      return [
        "\("stopped:", .error) \(remote) has commits that '\(branch)' never had",
        "\("hint:", .hint) git -C \(place) rebase \(remote)",
      ]
    case .pushRefused: return ["\("refused", .error), as said above"]
    case .notTrusted:
      return ["\("stopped:", .error) the [finish] command is not approved here", "\("hint:", .hint) preflight trust"]
    case .commandFailed(let status):
      return ["\("failed", .error) with exit status \(Int(status)); preflight finish runs it again"]
    case .couldNotStart(let reason): return ["\("stopped:", .error) \(reason)"]
    }
  }
}
