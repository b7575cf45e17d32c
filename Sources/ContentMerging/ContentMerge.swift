import Git
import Merging

/// Decides a file that both sides changed, as git does: by its lines, where these can be paired in one way only.
public final class ContentMerge {
  /// What a policy of the plan makes of a file; `nil` where it has none.
  public typealias Policy = (FileVersions) throws(GitError) -> FileVerdict?

  private let repository: Repository
  public let attributes: MergeAttributes
  private let policy: Policy
  /// Whether the configuration alone may change how contents merge.
  private let isConfigured: Bool
  private var bases: [ObjectID: TextBase] = [:]
  private var changes: [Version: TextChange] = [:]

  private struct Version: Hashable {
    let base: ObjectID
    let side: ObjectID
  }

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
    guard let base = file.base, let mode = file.mode, try linesDecide(file) else { return .undecided }
    let (ours, theirs) = (try change(from: base.id, to: file.ours.id), try change(from: base.id, to: file.theirs.id))
    switch ours.meets(theirs) {
    case .apart: return .merged(TreeEntry(mode: mode, id: try repository.make(.blob, ours.joined(with: theirs))))
    case .same: return .merged(TreeEntry(mode: mode, id: file.ours.id))
    case .conflict: return .conflict
    case .undecided: return .undecided
    }
  }

  /// What `verdict` would come to, told without making the merged file.
  public enum Prospect: Hashable, Sendable {
    case clean
    /// The lines, where they are known.
    case conflict([ConflictRegion])
    case undecided
  }

  public func prospect(of file: FileVersions) throws(GitError) -> Prospect {
    if let verdict = try policy(file) {
      switch verdict {
      case .merged, .resolved: return .clean
      case .conflict: return .conflict(try regions(of: file))
      case .undecided: return .undecided
      }
    }
    guard let base = file.base, file.mode != nil, try linesDecide(file) else { return .undecided }
    switch try change(from: base.id, to: file.ours.id).meets(change(from: base.id, to: file.theirs.id)) {
    case .apart, .same: return .clean
    case .conflict(let regions): return .conflict(regions)
    case .undecided: return .undecided
    }
  }

  private func regions(of file: FileVersions) throws(GitError) -> [ConflictRegion] {
    guard let base = file.base, file.mode != nil else { return [] }
    let meeting = try change(from: base.id, to: file.ours.id).meets(change(from: base.id, to: file.theirs.id))
    if case .conflict(let regions) = meeting { return regions }
    return []
  }

  private func linesDecide(_ file: FileVersions) throws(GitError) -> Bool {
    if isConfigured { return false }
    return try !attributes.mayDecide(file.path)
  }

  /// Each version is read once, however many others it meets.
  private func change(from base: ObjectID, to side: ObjectID) throws(GitError) -> TextChange {
    let version = Version(base: base, side: side)
    if let change = changes[version] { return change }
    if bases[base] == nil { bases[base] = TextBase(try repository.blob(base)) }
    let change = TextChange(bases[base]!, try repository.blob(side))  // just made
    changes[version] = change
    return change
  }
}
