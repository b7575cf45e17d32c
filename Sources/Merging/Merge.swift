import Exports

/// How a shared file is merged.
public enum MergePolicy: Hashable, Sendable {
  /// A file of exports, statement by statement.
  case barrel
  /// Keep a Changelog and its relatives, entry by entry.
  case changelog
  /// JSON, key by key.
  case manifest(versions: VersionPolicy = .conflict)
  /// git's own three-way merge of lines.
  case text
  /// A pointer to a commit, which only git can follow: always undecided here.
  case submodule
  /// A file that a command makes anew: always undecided here.
  case regenerate
}

/// What becomes of a dependency that both sides moved to different versions.
public enum VersionPolicy: Hashable, Sendable {
  case conflict
  /// The higher one, where both are plain versions with the same operator in front.
  case higher
}

/// What a policy did where lines alone would not have told.
public struct MergeDecision: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// Both sides added at one place; the additions were put in order.
    case keptBoth
    /// Both sides added the same.
    case countedOnce
    /// Both sides changed different parts of one statement, entry or value.
    case combined
    /// One side reserved a stub that the other side brought to life.
    case broughtToLife
    /// An entry stays unreleased although the other side cut a release.
    case keptUnreleased
    /// An entry moved with the release that the other side cut.
    case released
    /// An entry that the other side has released already is not repeated.
    case droppedReleased
    /// Two headings of one name became one.
    case joinedHeading
    /// The higher of two versions.
    case tookHigher
  }

  public var kind: Kind
  /// What it was about, on one line: a statement, an entry, a key.
  public var subject: [UInt8]
}

/// Why a policy leaves a file to git's merge of lines.
public enum MergeRefusal: Hashable, Sendable, CustomStringConvertible {
  case ambiguousText
  case binary
  case conflictMarkers
  case deleted
  case differentOrder
  case duplicateKey
  case malformed
  case needsGit
  case otherCode
  case tooDeep
  case tooLarge
  case unknownLanguage

  public var description: String {
    switch self {
    case .ambiguousText: "the lines can be paired in several ways"
    case .binary: "the file is binary"
    case .conflictMarkers: "the file has conflict markers in it already"
    case .deleted: "one side does not have the file"
    case .differentOrder: "both sides put it in another order"
    case .duplicateKey: "a name stands in it twice"
    case .malformed: "the file is not what its policy expects"
    case .needsGit: "the policy needs git"
    case .otherCode: "both sides changed code that is no export"
    case .tooDeep: "the file is nested too deeply"
    case .tooLarge: "the file is too large to be read by meaning"
    case .unknownLanguage: "no grammar is known for the file's ending"
    }
  }
}

public struct MergeResult: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    case merged([UInt8])
    case conflict(ConflictedText)
    /// git's merge of lines must decide.
    case undecided(MergeRefusal)
  }

  public var outcome: Outcome
  /// In the file's order; empty where lines alone told.
  public var decisions: [MergeDecision]

  init(_ outcome: Outcome, decisions: [MergeDecision] = []) {
    self.outcome = outcome
    self.decisions = decisions
  }
}

/// The one function behind the prediction, the merge driver and the rebase.
public enum Merge {
  /// Bytes; a file beyond it is left to lines.
  static let sizeLimit = 8 << 20

  /// Merges two versions of a file. Sides mean order only: which one is called ours does not change what disjoint edits give.
  ///
  /// `nil` is a side that has no such file; `textResult` is what git's merge of lines gave where it was clean. It is taken where it
  /// says what the policy would have said, and where the policy cannot tell but finds nothing wrong with it.
  public static func files(
    base: [UInt8]?, ours: [UInt8]?, theirs: [UInt8]?, policy: MergePolicy, path: [UInt8], textResult: [UInt8]? = nil
  ) -> MergeResult {
    guard let ours, let theirs else { return MergeResult(.undecided(.deleted)) }
    if ours == theirs { return MergeResult(.merged(ours)) }
    if ours == base { return MergeResult(.merged(theirs)) }
    if theirs == base { return MergeResult(.merged(ours)) }
    let input = MergeInput(base: base, ours: ours, theirs: theirs)
    let merger: (any PolicyMerger)? =
      switch policy {
      case .barrel: Language(path: path).map(BarrelMerge.init)
      case .text: TextPolicyMerge()
      case .changelog: ChangelogMerge()
      case .manifest(let versions): ManifestMerge(versions: versions)
      case .submodule, .regenerate: nil
      }
    guard let merger else { return MergeResult(.undecided(policy == .barrel ? .unknownLanguage : .needsGit)) }
    return merger.result(for: input, textResult: textResult)
  }
}

/// Two versions that differ from their base and from each other.
struct MergeInput {
  var base: [UInt8]?
  var ours: [UInt8]
  var theirs: [UInt8]

  var versions: [[UInt8]] { [base ?? [], ours, theirs] }
}

/// One policy's way from three texts to one.
protocol PolicyMerger {
  func merge(_ input: MergeInput) -> MergeResult

  /// Whether a text that lines alone gave is as good as `decided`, or, where nothing could be decided, good at all.
  func accepts(_ text: [UInt8], insteadOf decided: [UInt8]?, _ input: MergeInput) -> Bool
}

extension PolicyMerger {
  func result(for input: MergeInput, textResult: [UInt8]?) -> MergeResult {
    if let refusal = refusal(of: input) { return MergeResult(.undecided(refusal)) }
    let result = merge(input)
    guard let textResult else { return result }
    let decided: [UInt8]?
    switch result.outcome {
    case .merged(let bytes): decided = bytes
    case .undecided, .conflict: decided = nil
    }
    return accepts(textResult, insteadOf: decided, input) ? MergeResult(.merged(textResult)) : result
  }

  private func refusal(of input: MergeInput) -> MergeRefusal? {
    if input.versions.contains(where: { $0.count > Merge.sizeLimit }) { return .tooLarge }
    if input.versions.contains(where: { $0.contains(0) }) { return .binary }
    if ConflictMarkers.stand(in: input.ours) || ConflictMarkers.stand(in: input.theirs) { return .conflictMarkers }
    return nil
  }
}

/// Lines, where they can be paired in one way only.
struct TextPolicyMerge: PolicyMerger {
  func merge(_ input: MergeInput) -> MergeResult {
    switch TextMerge(base: input.base ?? [], ours: input.ours, theirs: input.theirs) {
    case .merged(let bytes): MergeResult(.merged(bytes))
    case .conflict: MergeResult(.conflict(ConflictedText(wholeOf: input)))
    case .undecided: MergeResult(.undecided(.ambiguousText))
    }
  }

  func accepts(_ text: [UInt8], insteadOf decided: [UInt8]?, _ input: MergeInput) -> Bool { true }
}
