import Checks
import Git
import Inspection
import Plan
import Platform
import Policies
import Reporting
import Sync

/// Runs the plan's commands for the lock files of this worktree that a merge has set to trunk's.
struct LockRegeneration {
  enum Outcome {
    /// There was nothing to do.
    case none
    case done
    case failed
  }

  private let bench: Workbench
  private let workTree: FilePath
  private let locks: OutdatedLocks

  init(_ bench: Workbench, _ workTree: FilePath) {
    self.bench = bench
    self.workTree = workTree
    locks = OutdatedLocks(bench.layout)
  }

  func run(_ chosen: Selection, printer: Printer) throws -> Outcome {
    var outcome = Outcome.none
    for note in try locks.all() where chosen.contains(note.path) {
      let file = workTree.appending(note.path)
      guard let present = try file.contentsIfPresent(), try bench.repository.blobID(of: present) == note.taken else {
        continue  // somebody has made it anew, or has undone the merge
      }
      guard let files = bench.plan.sharedFiles(for: note.path), !files.run.isEmpty else { continue }
      let isDone = try run(files.run, for: note, printer)
      outcome = isDone && outcome != .failed ? .done : .failed
    }
    return outcome
  }

  private func run(_ words: [String], for note: OutdatedLocks.Note, _ printer: Printer) throws -> Bool {
    guard try Trust.load(for: bench.layout, environment: bench.environment).isApproved(TrustedCommand("shared", words))
    else {
      printer.print([
        "\("left:", .warning) \(bytes: note.path): its command is not approved on this machine",
        "\("hint:", .hint) preflight trust && preflight resolve",
      ])
      return false
    }
    let filled = try Placeholders(worktree: workTree).filling(words)
    guard let program = filled.first else { return false }
    var request = ProcessRequest(
      FilePath(program.bytes), Array(filled.dropFirst()), environment: GitCommand.unbound(bench.environment),
      directory: workTree, output: .inherited, error: .inherited)
    request.timeout = nil
    let activity = try Activity("resolve", in: bench.layout)
    let result = try withExtendedLifetime(activity) { _ in try ChildProcess.run(request) }
    guard result.succeeded else {
      printer.print("\("left:", .warning) \(bytes: note.path): '\(words[0])' ended with status \(result.exitStatus)")
      return false
    }
    try bench.repository.git.output(["--literal-pathspecs", "add", "--", Argument(note.path)])
    let present = try workTree.appending(note.path).contentsIfPresent()
    // What is new counts once it is committed; where there is nothing new, trunk's was right.
    if try present.map({ try bench.repository.blobID(of: $0) }) == note.taken { try locks.strike(note.path) }
    printer.print("\("made anew:", .good) \(bytes: note.path)")
    return true
  }
}
