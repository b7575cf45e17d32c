import ArgumentParser
import Git
import Platform
import StateFiles
import Sync

struct HoldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Keeps a worktree where it is: no sync moves it until 'preflight unhold'.")

  @ArgumentParser.Argument(help: "A stream's id, a branch, or a directory; this worktree by default.")
  var worktree: String?

  @Option(name: [.customShort("m"), .customLong("message")], help: "Why, for those who wonder.")
  var message: String = ""

  func run() throws {
    let bench = try Workbench()
    let target = try bench.worktree(named: worktree)
    try Hold(target).place(reason: message)
    StandardStream.output.write("on hold: \(target.path)\n")
    try bench.followTrunk()
  }
}

struct UnholdCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unhold", abstract: "Lets syncs move a worktree again.")

  @ArgumentParser.Argument(help: "A stream's id, a branch, or a directory; this worktree by default.")
  var worktree: String?

  func run() throws {
    let bench = try Workbench()
    let target = try bench.worktree(named: worktree)
    guard try Hold(target).reason() != nil else {
      StandardStream.output.write("was not on hold: \(target.path)\n")
      return
    }
    try Hold(target).lift()
    StandardStream.output.write("no longer on hold: \(target.path)\n")
    try bench.followTrunk()
  }
}

extension Workbench {
  /// The worktree of a stream, of a branch, or at a directory; `nil` stands for the one that we are in.
  func worktree(named name: String?) throws -> Worktree {
    let all = try layout.worktrees()
    guard let name else {
      guard let own = situation.worktree else { throw CommandFailure("a bare repository has no worktree here") }
      return own
    }
    let branch = plan.stream(name)?.branch ?? name
    let place = try? FilePath.currentDirectory().appending(name.utf8).resolved()
    let found = all.first { $0.branch?.shortBranchName == branch || place != nil && (try? $0.path.resolved()) == place }
    guard let found else {
      throw CommandFailure("no worktree of '\(name)'", hint: "git worktree list")
    }
    return found
  }
}
