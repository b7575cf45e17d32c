import ArgumentParser
import Git
import Inspection
import Plan
import Platform
import Policies
import Reporting

struct ResolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Resolves the conflicts of this worktree that a policy of the plan can.",
    discussion: """
      Writes and stages a shared file that merges by its policy, where the file is as the merge has left it; one that was \
      edited since is left alone. Where no conflict is left, lock files that a merge has set to trunk's are made anew by \
      their command. Exit status: 0 nothing is left to do by hand, 1 something is.
      """)

  @ArgumentParser.Argument(help: "Files or directories; none: all.")
  var paths: [String] = []

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    guard let workTree = bench.layout.workTree else { throw CommandFailure("a bare repository has no worktree") }
    let chosen = try Selection(paths, in: workTree)
    let unmerged = try bench.repository.unmergedFiles()
    let resolution = Resolution(
      bench.repository, plan: bench.plan,
      contentsOnTrunk: { [situation = bench.situation] path throws(GitError) in try situation.contentsOnTrunk(of: path)
      })
    var left = 0
    var lines: [DisplayText] = []
    for file in unmerged {
      guard chosen.contains(file.path) else {
        left += 1
        continue
      }
      switch try resolution.resolve(file) {
      case .resolved(let policy):
        lines.append("\("resolved", .good) by policy \(policy.rawValue): \(bytes: file.path)")
      case .left(let reason):
        left += 1
        lines.append("\("left:", .warning) \(bytes: file.path): \(reason.words)")
      }
    }
    let printer = Printer(.output)
    printer.print(lines)
    let locks = left == 0 ? try LockRegeneration(bench, workTree).run(chosen, printer: printer) : .none
    conclude(bench, hadConflicts: !unmerged.isEmpty, left: left, locks: locks, printer)
    if left > 0 || locks == .failed { throw ExitStatus.findings }
  }

  private func conclude(
    _ bench: Workbench, hadConflicts: Bool, left: Int, locks: LockRegeneration.Outcome, _ printer: Printer
  ) {
    if left > 0 {
      printer.print("\(left, "conflict") left: edit, then git add, then \(bench.continuation)")
    } else if hadConflicts {
      printer.print("no conflict is left: \(bench.continuation)")
    } else if locks == .none {
      printer.print("nothing to resolve")
    }
  }
}

extension Workbench {
  /// What goes on with what git has begun here.
  fileprivate var continuation: DisplayText {
    switch situation.worktree?.operation {
    case .rebase: "git rebase --continue"
    case .am: "git am --continue"
    case .merge: "git merge --continue"
    case .cherryPick: "git cherry-pick --continue"
    case .revert: "git revert --continue"
    case .bisect, nil:
      // A pop that conflicts keeps its stash, and leaves no sign of having been one.
      (try? repository.target(of: "refs/stash")) == nil
        ? "git status" : "git status, and git stash drop if git stash pop has brought it"
    }
  }
}

extension Resolution.Reason {
  fileprivate var words: DisplayText {
    switch self {
    case .noPolicy: "no policy of the plan is for it"
    case .foreignDriver: "its attributes leave it to git"
    case .deletedByOurs: "one side has deleted it: git add or git rm"
    case .deletedByTheirs: "the other side has deleted it: git add or git rm"
    case .noFile: "it is no file on all sides"
    case .edited: "it was edited since the conflict arose: git checkout --merge brings the conflict back"
    case .conflict(let policy): "both sides have changed the same by policy \(policy.rawValue)"
    case .refused(let refusal): "\(refusal.description)"
    }
  }
}

/// The paths that a command was given.
struct Selection {
  /// From the top of the worktree; `nil`: all.
  private let paths: [FilePath]?

  /// - Parameter paths: as they were typed in the current directory.
  init(_ paths: [String], in workTree: FilePath) throws {
    let directory = try FilePath.currentDirectory()
    self.paths = paths.isEmpty ? nil : paths.map { directory.appending($0).normalized.relative(to: workTree) }
  }

  func contains(_ path: [UInt8]) -> Bool {
    guard let paths else { return true }
    return paths.contains { $0 == "." || FilePath(path).isInside($0) }
  }
}
