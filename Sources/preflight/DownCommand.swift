import ArgumentParser
import Checks
import Git
import Inspection
import Plan
import Platform
import Reporting
import Worktrees

struct DownCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down", abstract: "Removes the worktrees of streams that are finished.",
    discussion: """
      Nothing goes that would be lost: changes, untracked files, commits that trunk does not have, something in progress, a \
      detached HEAD, a lock, submodules, a process at work there. Each is a reason that is named, and that --force=REASON \
      passes over, this one only; what was in the files is then kept behind a ref. The plan's 'remove' runs before (once \
      approved: preflight trust). A branch goes with its worktree only when trunk has what is on it. Exit status: 0 done, \
      1 something was refused, 2 could not work.
      """)

  @ArgumentParser.Argument(help: "Streams, branches or directories; by default the streams that are merged.")
  var worktrees: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A reason to pass over: \(RemovalReason.forcible.joined(separator: ", ")); may be repeated.",
      valueName: "reason"))
  var force: [String] = []

  @Option(help: "Seconds to wait for another command that makes or removes worktrees.")
  var wait: Double = 30

  @Flag(help: "What was removed, and what was not, as JSON.")
  var json = false

  private var forced: Set<String> { Set(force.flatMap { $0.split(separator: ",").map(String.init) }) }

  func validate() throws {
    if let unknown = forced.subtracting(RemovalReason.forcible).sorted().first {
      throw ValidationError(
        "--force takes a reason (\(RemovalReason.forcible.joined(separator: ", "))), not '\(unknown)'")
    }
    if !force.isEmpty, worktrees.isEmpty { throw ValidationError("--force needs the worktrees to be named") }
  }

  func run() throws {
    let bench = try Workbench()
    guard let names = bench.situation.names else {
      throw CommandFailure("no branch looks like trunk", hint: "preflight install")
    }
    let errors = Printer(.error)
    let ledger = try bench.situation.ledger()
    let merged = ledger.mergedStreams
    var removal = WorktreeRemoval(
      bench.layout, environment: bench.environment, plan: bench.plan, names: names,
      trust: try Trust.load(for: bench.layout, environment: bench.environment), mergedStreams: merged)
    removal.wait = wait
    let targets = try targets(bench, removal, ledger)
    let (entries, signal) = try interruptibly { interruption in
      var entries = try removal.finishBegun(showWaiting)
      for worktree in targets where interruption() == nil {
        if entries.contains(where: { $0.path == worktree.path && !worktree.path.exists }) { continue }
        let entry = try removal.remove(worktree, forcing: forced, interruption: interruption, waiting: showWaiting) {
          errors.print("\(worktree.path): remove: \($0.map { shellQuoted($0) }.joined(separator: " "))")
        }
        entries.append(entry)
      }
      return (entries, interruption()?.signal)
    }
    let words = RemovalWords(entries, bench, words: worktrees)
    if json { StandardStream.output.write(words.json.text + "\n") } else { Printer(.output).print(words.lines) }
    errors.print(words.remarks)
    if let signal { throw Interrupted(signal: signal) }
    let isDone = entries.allSatisfy { if case .removed = $0.outcome { true } else { false } }
    if !isDone { throw ExitStatus.findings }
  }

  /// Those that were named; without any the worktrees of the plan's streams that are finished: trunk has what is on their
  /// branches, and all their issues are done.
  private func targets(
    _ bench: Workbench, _ removal: WorktreeRemoval, _ ledger: IssueLedger
  ) throws -> [Worktree] {
    if !worktrees.isEmpty {
      var targets: [Worktree] = []
      for name in worktrees {
        let worktree = try bench.worktree(named: name)
        if !targets.contains(worktree) { targets.append(worktree) }
      }
      return targets
    }
    let all = try bench.layout.worktrees().filter { !$0.isMain }
    return try bench.plan.streams.compactMap { stream in
      guard let worktree = all.first(where: { $0.branch == "refs/heads/\(stream.branch)" }) else { return nil }
      if ledger.mergedStreams.contains(stream.id) { return worktree }
      let issues = stream.issues.filter { !$0.isExternal }
      guard !issues.isEmpty, issues.allSatisfy({ ledger.done.contains($0.id) }) else { return nil }
      return try removal.hasLanded(worktree) ? worktree : nil
    }
  }
}

/// What `down` has removed, and what it has not, in words.
private struct RemovalWords {
  private let entries: [WorktreeRemoval.Entry]
  private let bench: Workbench
  private let names: [String]

  init(_ entries: [WorktreeRemoval.Entry], _ bench: Workbench, words: [String]) {
    self.entries = entries
    self.bench = bench
    names = words
  }

  var lines: [DisplayText] {
    if entries.isEmpty { return ["nothing to remove: no stream with a worktree is merged"] }
    return entries.map { entry in
      let name: DisplayText = "\(name(of: entry)) (\(entry.path))"
      switch entry.outcome {
      case .removed(let branch):
        let begun: DisplayText = entry.wasBegun ? ", as was begun before" : ""
        let tip: DisplayText =
          branch.map { ", and its branch, which is merged (was \($0.abbreviated))" }
          ?? (entry.branch == nil ? "" : "; its branch stays")
        return "\("removed", .good) \(name)\(begun)\(tip)"
      case .refused: return "\("not removed", .error): \(name)"
      case .remove(let outcome): return "\("not removed", .error): \(name): \(words(for: outcome))"
      case .failed(let reason): return "\("not removed", .error): \(name): \(reason)"
      }
    }
  }

  var json: JSONValue {
    func reasons(_ reasons: [RemovalReason]) -> JSONValue {
      .array(reasons.map { ["code": .string($0.code), "text": .string(words(for: $0).plain)] })
    }
    return [
      "version": 1,
      "worktrees": .array(
        entries.map { entry in
          var (outcome, refused, gone, failure): (String, [RemovalReason], ObjectID?, String?) = (
            "removed", [], nil, nil
          )
          switch entry.outcome {
          case .removed(let branch): gone = branch
          case .refused(let reasons): (outcome, refused) = ("refused", reasons)
          case .remove(let series): (outcome, failure) = ("failed", words(for: series).plain)
          case .failed(let reason): (outcome, failure) = ("failed", reason)
          }
          let stream = bench.plan.streams.first { "refs/heads/\($0.branch)" == entry.branch }
          return [
            "stream": JSONValue(stream?.id), "branch": JSONValue(entry.branch?.shortBranchName),
            "worktree": .string(entry.path.description), "outcome": .string(outcome), "reasons": reasons(refused),
            "failure": JSONValue(failure), "forced": reasons(entry.forced), "kept": JSONValue(entry.kept),
            "branchRemoved": .bool(gone != nil), "tip": JSONValue(gone?.description),
          ]
        }),
    ]
  }

  private func name(of entry: WorktreeRemoval.Entry) -> String {
    guard let branch = entry.branch else { return "detached" }
    let stream = bench.plan.streams.first { "refs/heads/\($0.branch)" == branch }
    return stream.map { bench.title(ofStream: $0.id) } ?? branch.shortBranchName
  }

  private func words(for outcome: CommandSeries.Outcome) -> DisplayText {
    switch outcome {
    case .done: "done"
    case .failed(let command, let reason, let output):
      "\(command.map { shellQuoted($0) }.joined(separator: " ")): \(reason); its output is in \(output)"
    case .notApproved: "the plan's commands are not approved on this machine (preflight trust)"
    case .running(let process): "'remove' is running there (process \(process))"
    case .interrupted: "interrupted"
    }
  }

  var remarks: [DisplayText] {
    var lines: [DisplayText] = []
    for entry in entries {
      for reason in entry.forced where entry.isRemoved {
        lines.append("preflight: \(name(of: entry)): passed over: \(words(for: reason))")
      }
      if let kept = entry.kept {
        lines.append("preflight: \(name(of: entry)): what was in its files is kept: git show --stat \(kept)")
      }
      guard case .refused(let reasons) = entry.outcome else { continue }
      for reason in reasons {
        lines.append("\("error:", .error) \(name(of: entry)): \(words(for: reason)) [\(reason.code)]")
      }
      if let hint = hint(reasons, entry) { lines.append("\("hint:", .hint) \(hint)") }
    }
    return lines
  }

  private func hint(_ reasons: [RemovalReason], _ entry: WorktreeRemoval.Entry) -> DisplayText? {
    for reason in reasons {
      switch reason {
      case .branchDeleted(let last?):
        let branch = entry.branch?.shortBranchName ?? ""
        return "to have the branch back: git branch \(shellQuoted(branch)) \(last)"
      case .misplaced(let absence): return "\(absence.repair)"
      case .main, .holds, .branchDeleted: return nil
      case .occupied(let occupants) where reasons.count == 1:
        let ancestors = RunningProcess.ancestors().map(\.id)
        guard occupants.contains(where: { ancestors.contains($0.process) }) else { break }
        return "to leave it first: cd \(shellQuoted(bench.layout.mainWorktreePath ?? "/"))"
      default: break
      }
    }
    let codes = reasons.map { "--force=\($0.code)" }.joined(separator: " ")
    let target = entry.branch.map { $0.shortBranchName } ?? entry.path.description
    return "if it may be lost: preflight down \(shellQuoted(target)) \(codes)"
  }

  private func words(for reason: RemovalReason) -> DisplayText {
    switch reason {
    case .dirty(let paths, let count): "\(count, "file") with changes: \(list(paths, count))"
    case .untracked(let paths, let count): "\(count, "untracked file"): \(list(paths, count))"
    case .unpushed(let count): "\(count, "commit") that no remote has"
    case .unmerged(let count): "\(count, "commit") that '\(bench.situation.trunkName)' does not have"
    case .operation(let operation): "in the middle of a \(operation.rawValue)"
    case .detached(let id): "no branch is checked out, but \(id.abbreviated)"
    case .locked(let reason): reason.isEmpty ? "locked" : "locked: \(reason)"
    case .submodules(let paths): "\(paths.count, "submodule") checked out: \(list(paths, paths.count))"
    case .occupied(let occupants):
      "at work there: "
        + occupants.map { $0.process == 0 ? "\($0.name)" : "\($0.name) (process \($0.process))" }.joined(
          separator: ", ")
    case .missing: "its directory is gone"
    case .misplaced(let absence): "\(absence.sentence)"
    case .holds(let paths):
      "other worktrees or repositories stand in it: \(paths.map(\.description).joined(separator: ", "))"
    case .branchDeleted: "its branch was deleted"
    case .main: "it is the main worktree"
    }
  }

  private func list(_ paths: [[UInt8]], _ count: Int) -> DisplayText {
    let names = paths.map { DisplayText(bytes: $0) }.joined(separator: ", ")
    return count > paths.count ? names + " …" : names
  }
}

extension WorktreeRemoval.Entry {
  fileprivate var isRemoved: Bool { if case .removed = outcome { true } else { false } }
}
