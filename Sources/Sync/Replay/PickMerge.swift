import ContentMerging
import Git

/// Merges for the picks of one replay: in process where that is certain, else by git.
struct PickMerge {
  enum Outcome {
    case merged(ObjectID)
    case conflict(paths: [[UInt8]])
    /// A program of the user's merges one of the paths.
    case needsDriver
  }

  private let repository: Repository
  private let git: GitTreeMerge
  private let trees: TreeMerge
  private let contents: ContentMerge
  /// The tree whose attributes are in force.
  private let mentions: MergeAttributes
  private let hasDrivers: Bool
  /// How many merges git had to decide.
  private(set) var mergedByGit = 0

  /// - Parameters:
  ///   - onto: the commit that is replayed onto.
  ///   - conditions: all but in tests.
  init(
    _ repository: Repository, onto: ObjectID, git: GitTreeMerge, policy: @escaping ContentMerge.Policy,
    conditions: TreeMerge.Conditions
  ) throws(GitError) {
    self.repository = repository
    self.git = git
    let tree = try repository.commit(onto).tree
    contents = try ContentMerge(repository, attributesOf: tree, policy: policy)
    trees = TreeMerge(repository, conditions: conditions, decide: contents.verdict)
    mentions = try MergeAttributes(repository, tree: tree, of: ["merge"])
    hasDrivers = try repository.configuration().keys.contains { $0.hasPrefix("merge.") && $0.hasSuffix(".driver") }
  }

  mutating func merge(base: ObjectID, ours: ObjectID, theirs: ObjectID) throws(GitError) -> Outcome {
    let outcome = try trees.merge(base: base, ours: ours, theirs: theirs)
    switch outcome.verdict {
    case .merged(let tree): return .merged(tree)
    case .conflict(let files): return .conflict(paths: files.map(\.path))
    case .undecided: break
    }
    if hasDrivers {
      for change in try repository.changes(from: base, to: theirs) where try mentions.mayDecide(change.path) {
        return .needsDriver
      }
    }
    mergedByGit += 1
    // What a policy has resolved is no matter for git: there it is the same on all sides.
    let sides = try [base, ours, theirs].map { tree throws(GitError) in
      outcome.resolved.isEmpty ? tree : try repository.tree(tree, applying: outcome.resolved)
    }
    switch try git.merge(base: sides[0], ours: sides[1], theirs: sides[2], attributes: contents.attributes) {
    case .merged(let tree): return .merged(tree)
    case .conflict(let paths): return .conflict(paths: paths)
    }
  }

  /// The same where only a clean merge is of interest: `nil` also where git breaks down (some renames of directories fail an
  /// assertion of its own).
  mutating func cleanMerge(base: ObjectID, ours: ObjectID, theirs: ObjectID) throws(GitError) -> ObjectID? {
    do {
      guard case .merged(let tree) = try merge(base: base, ours: ours, theirs: theirs) else { return nil }
      return tree
    } catch {
      guard case .command = error.reason else { throw error }
      return nil
    }
  }
}
