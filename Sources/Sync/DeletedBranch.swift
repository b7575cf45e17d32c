import Git
import Platform
import StateFiles

extension Worktree {
  /// Where its HEAD stood last, by its own log.
  public var lastCommit: ObjectID? {
    guard let log = try? (gitDirectory / "logs/HEAD").contents(),
      let line = log.split(separator: UInt8(ascii: "\n")).last
    else { return nil }
    let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    return fields.count > 1 ? ObjectID(hex: fields[1]) : nil
  }

  /// The branch that was deleted while it is checked out here, and the commit that it was on; `nil` where the branch is
  /// there or never was: only of one that has been there do we know where its own commits begin.
  public func deletedBranch(in repository: Repository) throws(GitError) -> LeaveReason? {
    guard !isMissing, let branch, try repository.target(of: branch) == nil, let last = lastCommit,
      try StreamBases(layout).recorded(for: branch) != nil
    else { return nil }
    return .branchDeleted(branch, last: last)
  }
}
