import Git
import Platform
import StateFiles

/// "Has trunk moved since the last sync?", asked by every hook of ours.
///
/// The answer is no nearly always, and comes from a few small files before anything else is opened. What follows from a
/// yes is `preflight`'s to do: the engine would double what a hook has to load.
struct TrunkFollow {
  private let invocation: HookInvocation
  private let layout: RepositoryLayout

  init(_ invocation: HookInvocation) throws {
    self.invocation = invocation
    layout = try invocation.layout()
  }

  func run() throws {
    // A rebase commits step by step, with its branch still where it was; post-rewrite asks when it is done.
    if invocation.hook != .postRewrite, layout.isRebasing { return }
    let watch = TrunkWatch(layout, environment: invocation.environment)
    let isNeeded = try watch.isSyncNeeded()
    let mayCatchUp = !invocation.isInTheMiddle && Due(layout).reason() != nil
    guard try isNeeded || mayCatchUp || hasMovedBase(watch) else { return }
    if invocation.isRehearsal { return }
    try ProgramStart(invocation).run(["hook-follow", Argument(invocation.hook.rawValue)])
  }

  /// Whether the place where this worktree's own commits begin may have moved: a merge or a rewrite was made here, or none
  /// is recorded yet. Trunk has none.
  private func hasMovedBase(_ watch: TrunkWatch) throws -> Bool {
    guard let branch = try layout.branch(),
      try invocation.hook.mayMoveBase || StreamBases(layout).recorded(for: branch) == nil
    else { return false }
    return try watch.trunkBranch() != branch
  }
}

extension RepositoryLayout {
  fileprivate var isRebasing: Bool { ["rebase-merge", "rebase-apply"].contains { (gitDirectory / $0).exists } }
}
