import Git
import Merging
import Plan

/// Merges a shared file by the plan's policy: the one way for the prediction, the merge driver, the rebase and `resolve`.
public struct SharedFileMerge {
  private let files: Plan.SharedFiles
  private let lines: LineMerge

  public init(_ files: Plan.SharedFiles, git: GitCommand) {
    self.files = files
    lines = LineMerge(git: git)
  }

  /// What has become of a file.
  public struct Outcome: Hashable, Sendable {
    public typealias Content = LineMerge.Outcome

    public var content: Content
    /// Whose decision it is; `text`: lines alone told.
    public var policy: Plan.SharedFiles.MergePolicy
    public var decisions: [MergeDecision] = []
    /// Why the plan's policy left the file to lines.
    public var refusal: MergeRefusal?

    public var merged: [UInt8]? { content.merged }
  }

  /// - Parameters:
  ///   - base: empty where both sides have added the file, as git has it for its merge drivers.
  ///   - trunk: what trunk has at this path; a file that is made anew is trunk's until then, also where two streams meet
  ///     before either has landed. `nil`: nothing.
  public func merge(
    base: [UInt8], ours: [UInt8], theirs: [UInt8], path: [UInt8], style: ConflictStyle = .standard,
    trunk: () throws(GitError) -> [UInt8]? = { () throws(GitError) in nil }
  ) throws(GitError) -> Outcome {
    if files.merge == .regenerate {
      if ours == theirs { return Outcome(content: .merged(ours), policy: .text) }
      if let trunk = try trunk() {
        return Outcome(content: .merged(trunk), policy: .regenerate)
      }
    }
    guard let policy = MergePolicy(files) else {
      return Outcome(content: try lines.merge(base: base, ours: ours, theirs: theirs, style: style), policy: .text)
    }
    // Lines in conflict tell the policy nothing, so git is asked about these only where its text is needed in the end.
    let inProcess = lines.decision(base: base, ours: ours, theirs: theirs)
    let text: Outcome.Content? =
      switch inProcess {
      case .merged(let bytes): .merged(bytes)
      case .conflict: nil
      case .undecided: try lines.merge(base: base, ours: ours, theirs: theirs, style: style)
      }
    let result = Merge.files(
      base: base, ours: ours, theirs: theirs, policy: policy, path: path, textResult: text?.merged)
    switch result.outcome {
    case .merged(let bytes):
      let isText = text?.merged == bytes
      return Outcome(
        content: .merged(bytes), policy: isText ? .text : files.merge, decisions: isText ? [] : result.decisions)
    case .conflict(let conflicted):
      return Outcome(
        content: .conflict(conflicted.bytes(style: style)), policy: files.merge, decisions: result.decisions)
    case .undecided(let refusal):
      let content =
        if let text { text } else { try lines.merge(base: base, ours: ours, theirs: theirs, style: style) }
      return Outcome(content: content, policy: .text, refusal: refusal)
    }
  }

  /// Whether two changes of one file certainly merge without a conflict, told from what they changed alone: `false` where only
  /// `merge` can tell.
  public func clearlyMerges(_ ours: TextChange, _ theirs: TextChange, path: [UInt8]) -> Bool {
    guard let policy = MergePolicy(files) else { return false }
    return ours.clearlyMerges(with: theirs, policy: policy, path: path)
  }
}

extension MergePolicy {
  /// `nil` for what is not merged by meaning.
  init?(_ files: Plan.SharedFiles) {
    switch files.merge {
    case .barrel: self = .barrel
    case .changelog: self = .changelog
    case .manifest: self = .manifest(versions: files.takesHigherVersion ? .higher : .conflict)
    case .text, .submodule, .regenerate: return nil
    }
  }
}

extension Plan.SharedFiles.MergePolicy {
  /// Whether git is to call our merge driver: it calls none for submodules, and for text there is nothing to add.
  public var hasDriver: Bool { self != .text && self != .submodule }
}
