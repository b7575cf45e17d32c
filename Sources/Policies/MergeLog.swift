import Git
import Plan
import Platform

/// A file that a policy has merged, where lines alone would not have told.
public struct PolicyMerge: Hashable, Sendable {
  /// From the top of the repository.
  public var path: [UInt8]
  public var policy: Plan.SharedFiles.MergePolicy

  public init(path: [UInt8], policy: Plan.SharedFiles.MergePolicy) {
    self.path = path
    self.policy = policy
  }
}

/// What was merged by policy in one worktree while a sync moved it: git's merge driver, say, writes it down, the sync reads
/// it.
public struct MergeLog {
  /// Names the file to a merge driver.
  public static let variable = "PREFLIGHT_MERGE_LOG"

  public let file: FilePath

  public init(_ file: FilePath) { self.file = file }

  /// - Parameter layout: of the worktree.
  public init(of layout: RepositoryLayout) { file = layout.worktreeStateDirectory / "merged-by-policy" }

  public func add(_ merge: PolicyMerge) throws(SystemError) {
    try file.parent.createDirectories()
    try file.append(Array("\(merge.policy.rawValue) ".utf8) + merge.path + [0])
  }

  /// What was written down since the last time, each path once.
  public func take() throws(SystemError) -> [PolicyMerge] {
    guard let bytes = try file.contentsIfPresent() else { return [] }
    try file.remove()
    var seen: Set<PolicyMerge> = []
    return bytes.split(separator: 0).compactMap { entry in
      guard let blank = entry.firstIndex(of: 0x20),
        let policy = Plan.SharedFiles.MergePolicy(rawValue: String(decoding: entry[..<blank], as: UTF8.self))
      else { return nil }
      return PolicyMerge(path: Array(entry[(blank + 1)...]), policy: policy)
    }.filter { seen.insert($0).inserted }
  }
}
