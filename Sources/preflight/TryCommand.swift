import ArgumentParser
import Git
import Inspection
import Plan
import PlanFile
import Platform
import Reporting
import Rules

struct TryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "try", abstract: "Judges your own history by the rules as they stand; changes nothing.",
    discussion: """
      Says which of trunk's commits would have been refused, and which settings of preflight.toml let them pass. Messages \
      only: what a commit did to shared files depends on what the other worktrees held when it was made.
      """)

  @Option(help: "How many of trunk's newest commits, merges among them.")
  var last = 100

  func validate() throws {
    guard last > 0 else { throw ValidationError("--last takes a number from 1") }
  }

  func run() throws {
    let bench = try Workbench()
    let situation = bench.situation
    guard let tip = situation.trunk?.tip ?? situation.head else {
      throw CommandFailure("there is no commit to judge yet")
    }
    let commits = try bench.repository.commitIDs(reachableFrom: [tip], excluding: [], limit: last)
    var trial = HistoryTrial(policy: bench.plan.commits, settings: bench.plan.rules)
    for id in commits {
      let commit = try bench.repository.commit(id)
      var context = MessageContext(.written)
      context.isMerge = commit.isMerge
      context.isRoot = commit.parents.isEmpty
      context.isForTrunk = true
      context.issuePrefixes = bench.plan.project.issuePrefixes
      context.commit = id
      trial.judge(CommitMessage(commit.message, encoding: commit.encoding), of: id, context: context)
    }
    show(trial, commits.count, bench)
  }

  private func show(_ trial: HistoryTrial, _ count: Int, _ bench: Workbench) {
    let printer = Printer(.output)
    let branch = bench.situation.trunk == nil ? "HEAD" : bench.situation.trunkName
    let rules: DisplayText = bench.situation.loadedPlan == nil ? "the default rules" : "the plan's rules"
    printer.print(
      "\(count, "message") of '\(branch)' judged by \(rules): \(trial.refused.count) would have been refused")
    let verdicts = trial.verdicts
    if verdicts.isEmpty { return }
    printer.print(DisplayText())
    printer.print(Self.table(of: verdicts, bench.repository))
    printer.print(["", "with this in \(PlanSource.fileName) they pass:"] + Self.settings(of: verdicts))
  }

  private static let examples = 3

  private static func table(of verdicts: [HistoryTrial.Verdict], _ repository: Repository) -> Table {
    var table = Table([.init("rule"), .init("commits", .right), .init("would be"), .init("such as", isFlexible: true)])
    for verdict in verdicts {
      let severity: DisplayText = verdict.severity == .error ? "\("refused", .error)" : "\("warned", .warning)"
      for (index, commit) in verdict.commits.prefix(examples).enumerated() {
        let subject = (try? repository.commit(commit).subject) ?? []
        let example: DisplayText = "\(commit) \(DisplayText(bytes: subject).truncated(to: 60))"
        table.append(
          index == 0
            ? ["\(verdict.rule.rawValue)", "\(verdict.commits.count)", severity, example] : ["", "", "", example])
      }
    }
    return table
  }

  /// As they stand in the file, table by table.
  private static func settings(of verdicts: [HistoryTrial.Verdict]) -> [DisplayText] {
    let settings = verdicts.flatMap(\.settings)
    return ["commits", "rules"].flatMap { table -> [DisplayText] in
      let lines = settings.filter { $0.table == table }.map { DisplayText($0.text) }
      return lines.isEmpty ? [] : ["\("[\(table)]")"] + lines
    }
  }
}
