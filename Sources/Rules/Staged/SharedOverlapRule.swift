import Git
import Merging
import Platform

/// A shared file that another worktree has changed too, committed or not.
public struct SharedFileElsewhere: Hashable, Sendable {
  public var path: [UInt8]
  /// The other worktree's stream, or its branch where the plan names none.
  public var stream: String
  /// The other worktree's directory as people know it.
  public var worktree: String
  /// The same, absolute.
  public var directory: [UInt8]
  /// Where the two parted.
  public var base: ObjectID
  public var verdict: MergeVerdict

  public init(
    path: [UInt8], stream: String, worktree: String, directory: [UInt8], base: ObjectID, verdict: MergeVerdict
  ) {
    self.path = path
    self.stream = stream
    self.worktree = worktree
    self.directory = directory
    self.base = base
    self.verdict = verdict
  }
}

/// A shared file merges with the versions of it in the other worktrees.
public enum SharedOverlapRule {
  public static let id: RuleID = "shared.overlap"

  public static func findings(in file: SharedFileElsewhere) -> [Finding] {
    guard case .conflict(let regions) = file.verdict else { return [] }
    return [Finding(id, .warning, .overlap(file, regions), path: file.path, line: regions.first?.ours.first)]
  }
}

extension Finding.Message {
  fileprivate static func overlap(_ file: SharedFileElsewhere, _ regions: [ConflictRegion]) -> Self {
    let place = regions.first.map { region in
      region.theirs.count > 1
        ? " in lines \(region.theirs.first) to \(region.theirs.last)" : " in line \(region.theirs.first)"
    }
    return .init(
      "does not merge with the version of \(file.stream) in '\(file.worktree)'\(place ?? "")",
      hint:
        "to see theirs: git -C \(shellQuoted(file.directory)) diff \(file.base.abbreviated) -- \(Pathspec(file.path))")
  }
}
