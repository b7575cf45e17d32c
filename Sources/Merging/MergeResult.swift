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
    /// A kind's heading without an entry below it, which one side has, is left out.
    case droppedHeading
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
