import Git
import Inspection
import Platform
import Rules

/// What is left to do once a commit is made.
public struct CommitAftermath {
  private let invocation: HookInvocation
  private let layout: RepositoryLayout

  public init(_ invocation: HookInvocation) throws {
    self.invocation = invocation
    layout = try invocation.layout()
  }

  /// Forgets what held for that commit only, and says at once where HEAD was switched under it.
  public func run() throws {
    if invocation.isRehearsal { return }
    let bypasses = Bypasses(
      commonState: layout.stateDirectory, worktreeState: layout.worktreeStateDirectory,
      environment: invocation.environment)
    bypasses.clearPending()
    for file in ["refused-message"] { try? (layout.worktreeStateDirectory / file).remove() }
    let head = HeadMemory(layout)
    guard let expected = head.take(), layout.workTree != nil else { return }
    let actual = try layout.branch() ?? "a detached HEAD"
    guard actual != expected else { return }
    let finding = BranchDriftRule.movedHead(from: expected.shortBranchName, to: actual.shortBranchName)
    HookReport(environment: invocation.environment, hints: nil).show([finding])
  }
}

/// The branch that pre-commit saw, kept until post-commit looks again.
struct HeadMemory {
  private let file: FilePath

  init(_ layout: RepositoryLayout) { file = layout.worktreeStateDirectory / "head" }

  /// - Parameter branch: in full.
  func keep(_ branch: String) {
    try? file.parent.createDirectories()
    try? file.write(Array(branch.utf8))
  }

  /// What was kept; asked once.
  func take() -> String? {
    guard let bytes = try? file.contents() else { return nil }
    try? file.remove()
    return String(decoding: bytes, as: UTF8.self)
  }
}
