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

/// The one function behind the prediction, the merge driver and the rebase.
public enum Merge {
  /// Bytes; a file beyond it is left to lines.
  static let sizeLimit = 8 << 20
  /// Lines, likewise: nobody writes as many by hand, and a million statements take half a minute.
  static let lineLimit = 100_000

  /// Whether a text is small enough to be read by meaning; what is not is for lines alone.
  public static func isReadable(_ text: [UInt8]) -> Bool {
    text.count <= sizeLimit && text.count { $0 == 0x0A } <= lineLimit
  }

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
