import Git
import Plan
import Platform
import Rules

/// A commit of trunk's first-parent line that has brought a stream's work, and with whose revert that work goes again.
public struct Landing: Hashable, Sendable {
  public var commit: ObjectID
  public var subject: [UInt8]
  /// Whether it is a merge, which is reverted to its first parent.
  public var isMerge: Bool
}

extension Situation {
  /// What has brought a stream's work to trunk and was not taken back since: its merge, its squash, or its commits one by
  /// one. The newest first.
  public func landings(of stream: Plan.Stream) throws -> [Landing] {
    guard let trunk else { return [] }
    return try LedgerReader(situation: self, trunk: trunk).landings(of: stream)
  }
}

extension LedgerReader {
  fileprivate func landings(of stream: Plan.Stream) throws -> [Landing] {
    let commits = try commitsSincePlan()
    let known = Dictionary(commits.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let reverted = try revertedCommits(commits)
    let own = try ownWork(of: stream)
    var landings: [Landing] = []
    var next: ObjectID? = trunk.tip
    while let id = next, let commit = known[id] {
      next = commit.parents.first
      if reverted.contains(id) { continue }
      if try brings(commit, stream, own, known) {
        landings.append(Landing(commit: id, subject: commit.subject, isMerge: commit.isMerge))
      }
    }
    return landings
  }

  private func brings(
    _ commit: Commit, _ stream: Plan.Stream, _ own: OwnWork, _ known: [ObjectID: Commit]
  ) throws -> Bool {
    guard commit.isMerge else { return try isWork(commit, stream, own) }
    if commit.parents.dropFirst().contains(where: own.tips.contains) { return true }
    for id in try repository.commitIDs(reachableFrom: [commit.id], excluding: [commit.parents[0]]) where id != commit.id
    {
      let inner = try known[id] ?? repository.commit(id)
      if try isWork(inner, stream, own) { return true }
    }
    return try isWork(commit, stream, own)
  }

  /// One that names an issue of the stream's and is its own, of whatever type, or that is the copy of a commit which the
  /// branch has held: a rebase keeps author, time and message.
  private func isWork(_ commit: Commit, _ stream: Plan.Stream, _ own: OwnWork) throws -> Bool {
    if own.copies.contains(commit.author + [0] + commit.message) { return true }
    let message = CommitMessage(commit)
    guard message.revertedCommit == nil, stream.issues.contains(where: { message.claims(issue: $0.id) }) else {
      return false
    }
    return try isOwn(commit, of: stream)
  }

  /// What the branch has held: where it stood, and the commits that trunk has not as they are.
  private struct OwnWork {
    var tips: Set<ObjectID> = []
    var copies: Set<[UInt8]> = []
  }

  private func ownWork(of stream: Plan.Stream) throws -> OwnWork {
    var own = OwnWork()
    guard let tip = try tip(of: stream) else { return own }
    let log = try repository.git.run([
      "rev-list", "--walk-reflogs", "--max-count=500", Argument("refs/heads/\(stream.branch)"), "--",
    ])
    let held = log.output.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: $0) }
    // Where it stood on trunk's own line is not its work.
    let candidates = Set(held + [tip])
    let apart = try repository.commitIDs(reachableFrom: Array(candidates), excluding: trunk.tips)
    for id in apart {
      let commit = try repository.commit(id)
      own.copies.insert(commit.author + [0] + commit.message)
    }
    let line = try Set(
      repository.git.output(["rev-list", "--first-parent", "--max-count=5000", "\(trunk.tip)"])
        .split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: $0) })
    own.tips = candidates.subtracting(line)
    return own
  }
}
