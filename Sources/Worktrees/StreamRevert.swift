import Git
import Platform
import StateFiles

/// Takes back what has come to trunk, on a new branch: in a worktree of its own that is gone afterwards, so that nobody's files,
/// index or HEAD are touched.
public struct StreamRevert {
  /// A commit to be reverted; a merge is reverted to its first parent.
  public struct Target: Hashable, Sendable {
    public var commit: ObjectID
    public var isMerge: Bool

    public init(_ commit: ObjectID, isMerge: Bool) {
      self.commit = commit
      self.isMerge = isMerge
    }
  }

  public enum Outcome: Hashable, Sendable {
    /// The branch, in full, and how many commits it has on top of trunk.
    case made(branch: String, tip: ObjectID, count: Int)
    /// What they brought is not there any more.
    case nothing
    /// The unmerged paths; nothing was made.
    case conflict(ObjectID, files: [[UInt8]])
    /// In git's words; nothing was made.
    case failed(ObjectID, String)
    /// There is such a branch.
    case branchExists
  }

  private let layout: RepositoryLayout
  private let environment: Environment

  /// - Parameter environment: the user's.
  public init(_ layout: RepositoryLayout, environment: Environment) {
    self.layout = layout
    self.environment = environment
  }

  /// - Parameters:
  ///   - targets: the newest first.
  ///   - branch: in full.
  ///   - base: trunk's tip.
  public func run(_ targets: [Target], on branch: String, from base: ObjectID) throws -> Outcome {
    let lock = try WorktreesLock.take(in: layout, wait: 30) { _, _ in }
    defer { withExtendedLifetime(lock.descriptor) {} }
    let update = BegunRefUpdate(layout.stateDirectory / "reverting-begun", of: [branch], in: layout)
    update.clearAbandoned()
    let scratch = ScratchWorktree(at: layout.stateDirectory / "preflight-revert", of: layout, environment: environment)
    // That of one that has died: we hold the lock, so that none is at work.
    try scratch.remove()
    let here = GitCommand(in: layout.workTree ?? layout.gitDirectory, environment: environment)
    if try here.lineIfAny(["rev-parse", "--verify", "--quiet", Argument(branch)]) != nil { return .branchExists }
    let place = try scratch.make(at: base).path
    defer { try? scratch.remove() }
    let git = GitCommand(in: place, environment: environment)
    for target in targets {
      if let stop = try revert(target, git) { return stop }
    }
    let tip = try git.line(["rev-parse", "--verify", "HEAD"])
    guard let tip = ObjectID(hex: tip.utf8), tip != base else { return .nothing }
    let count = try git.line(["rev-list", "--count", "\(base)..\(tip)"])
    // Only where there is none: somebody may have made it meanwhile.
    let command: [Argument] = [
      "update-ref", "--create-reflog", "-m", "preflight revert", Argument(branch), "\(tip)", "",
    ]
    let made = try update.run(here, command, holding: lock.descriptor)
    guard made.succeeded else {
      if try here.lineIfAny(["rev-parse", "--verify", "--quiet", Argument(branch)]) != nil { return .branchExists }
      throw GitCommand.failure(command, made)
    }
    return .made(branch: branch, tip: tip, count: Int(count) ?? 0)
  }

  /// `nil` where it went well, or there was nothing left of it.
  private func revert(_ target: Target, _ git: GitCommand) throws -> Outcome? {
    let parent: [Argument] = target.isMerge ? ["-m", "1"] : []
    let result = try git.run(["revert", "--no-edit"] + parent + ["\(target.commit)"])
    if result.succeeded { return nil }
    let unmerged = try git.output(["diff", "--name-only", "--diff-filter=U", "-z"]).split(separator: 0).map(Array.init)
    if !unmerged.isEmpty { return .conflict(target.commit, files: unmerged) }
    if try git.run(["diff", "--cached", "--quiet", "HEAD"]).succeeded, try git.run(["revert", "--skip"]).succeeded {
      return nil
    }
    let words = result.complaint
    return .failed(target.commit, words.isEmpty ? "git revert: exit status \(result.exitStatus)" : words)
  }
}
