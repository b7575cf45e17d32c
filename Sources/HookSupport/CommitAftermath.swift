import Git
import Platform
import StateFiles

/// What is left to do once a commit is made.
public struct CommitAftermath {
  private let invocation: HookInvocation
  private let layout: RepositoryLayout

  public init(_ invocation: HookInvocation) throws {
    self.invocation = invocation
    layout = try invocation.layout()
  }

  /// Forgets what held for that commit only, and has it said at once where HEAD was switched under it.
  public func run() throws {
    if invocation.isRehearsal { return }
    PendingSkips(in: layout.worktreeStateDirectory).clear()
    try? (layout.worktreeStateDirectory / "refused-message").remove()
    guard let expected = HeadMemory(layout).take(), layout.workTree != nil else { return }
    let actual = try layout.branch() ?? "a detached HEAD"
    guard actual != expected else { return }
    try ProgramStart(invocation).run([
      "hook-moved-head", Argument(expected.shortBranchName), Argument(actual.shortBranchName),
    ])
  }
}
