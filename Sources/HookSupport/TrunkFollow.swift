import Git
import Inspection
import Platform
import Reporting
import Rules
import Sync

/// "Has trunk moved since the last sync?", asked by every hook of ours, and what follows from a yes.
///
/// The answer is no nearly always, and comes from a few small files before anything else is opened.
public struct TrunkFollow {
  private let invocation: HookInvocation
  private let layout: RepositoryLayout

  public init(_ invocation: HookInvocation) throws {
    self.invocation = invocation
    layout = try RepositoryLayout(environment: invocation.environment, directory: invocation.directory)
  }

  /// - Parameter leavesCurrent: whether git is still at work in this worktree, which must not be moved then.
  public func run(leavesCurrent: Bool) throws {
    // A rebase commits step by step, with its branch still where it was; post-rewrite asks when it is done.
    if invocation.hook != .postRewrite, layout.isRebasing { return }
    let environment = invocation.environment
    let isNeeded = try SyncRun.isNeeded(layout, environment: environment)
    let mayCatchUp = !leavesCurrent && Due(layout).reason() != nil
    let recordsBase = try hasMovedBase()
    guard isNeeded || mayCatchUp || recordsBase else { return }
    guard let desk = try HookDesk(invocation), let names = desk.situation.names else { return }
    let policy = desk.situation.plan.sync
    var options = SyncRun.Options()
    options.leavesCurrent = leavesCurrent
    options.isNotice = policy.mode != .rebase
    let sync = SyncRun(layout, environment: environment, plan: desk.situation.plan, names: names, options: options)
    if recordsBase { try sync.recordBase() }
    let report: SyncReport?
    if isNeeded {
      report = try sync.run()
    } else {
      report = mayCatchUp && policy.mode == .rebase ? try sync.catchUp() : nil
    }
    if policy.mode != .off { desk.report.say(report.flatMap { SyncWords($0).line }) }
  }
}

extension TrunkFollow {
  /// Whether the place where this worktree's own commits begin may have moved: a merge or a rewrite was made here, or none
  /// is recorded yet.
  private func hasMovedBase() throws -> Bool {
    guard let branch = try layout.worktree()?.branch else { return false }
    if invocation.hook == .postMerge || invocation.hook == .postRewrite { return true }
    return try StreamBases(layout).recorded(for: branch) == nil
  }
}

extension RepositoryLayout {
  fileprivate var isRebasing: Bool { ["rebase-merge", "rebase-apply"].contains { (gitDirectory / $0).exists } }
}

/// What is left to do once a commit is made.
public struct CommitAftermath {
  private let invocation: HookInvocation
  private let layout: RepositoryLayout

  public init(_ invocation: HookInvocation) throws {
    self.invocation = invocation
    layout = try RepositoryLayout(environment: invocation.environment, directory: invocation.directory)
  }

  /// Forgets what held for that commit only, and says at once where HEAD was switched under it.
  public func run() throws {
    let bypasses = Bypasses(
      commonState: layout.stateDirectory, worktreeState: layout.worktreeStateDirectory,
      environment: invocation.environment)
    bypasses.clearPending()
    for file in ["refused-message"] { try? (layout.worktreeStateDirectory / file).remove() }
    let head = HeadMemory(layout)
    guard let expected = head.take(), let worktree = try layout.worktree() else { return }
    let actual = worktree.branch ?? "a detached HEAD"
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
