import Git
import Merging

/// Decides a file that both sides changed, as git does: by its lines, where these can be paired in one way only.
public final class ContentMerge {
  /// What a policy of the plan makes of a file; `nil` where it has none.
  public typealias Policy = (FileVersions) throws(GitError) -> FileVerdict?

  private let repository: Repository
  private let attributes: MergeAttributes
  private let policy: Policy
  /// Whether the configuration alone may change how contents merge.
  private let isConfigured: Bool

  /// - Parameters:
  ///   - tree: whose `.gitattributes` are in force: what is merged onto.
  ///   - policy: asked first.
  public init(
    _ repository: Repository, attributesOf tree: ObjectID, policy: @escaping Policy = { _ in nil }
  ) throws(GitError) {
    self.repository = repository
    self.policy = policy
    attributes = try MergeAttributes(repository, tree: tree)
    let configuration = try repository.configuration()
    isConfigured = configuration.isSet("merge.default") || configuration.boolean("merge.renormalize") ?? false
  }

  public func verdict(_ file: FileVersions) throws(GitError) -> FileVerdict {
    if let verdict = try policy(file) { return verdict }
    guard let base = file.base, let mode = file.mode, !isConfigured, try !attributes.mayDecide(file.path) else {
      return .undecided
    }
    let text = TextMerge(
      base: try repository.blob(base.id), ours: try repository.blob(file.ours.id),
      theirs: try repository.blob(file.theirs.id))
    switch text {
    case .merged(let contents): return .merged(TreeEntry(mode: mode, id: try repository.make(.blob, contents)))
    case .conflict: return .conflict
    case .undecided: return .undecided
    }
  }
}
