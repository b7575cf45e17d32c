import Git

/// What the new base has and a stream has not: the commits since they parted, each with what it changed.
///
/// Merges are left out: git compares single changes only, and a squash merge is one.
final class TrunkHistory {
  private let repository: Repository
  /// Oldest first.
  let changes: [CommitChange]
  private var places: [[UInt8]: [Int]] = [:]

  init(_ repository: Repository, since base: ObjectID, upTo tip: ObjectID) throws(GitError) {
    self.repository = repository
    var changes: [CommitChange] = []
    for id in try repository.commitIDs(since: base, upTo: tip).reversed() {
      let commit = try repository.commit(id)
      if !commit.isMerge { changes.append(try repository.change(of: commit)) }
    }
    self.changes = changes
    for (place, change) in changes.enumerated() { places[change.outline, default: []].append(place) }
  }

  /// Where changes of the same files are; oldest first.
  func places(like change: CommitChange) -> [Int] { places[change.outline] ?? [] }

  /// Whether one of these commits is the same patch; `nil` where only git can tell.
  func hasPatch(_ change: CommitChange, attributes: MergeAttributes) throws(GitError) -> Bool? {
    var isKnown = true
    for place in places(like: change) {
      switch try repository.arePatchesEqual(change, changes[place], attributes: attributes) {
      case true?: return true
      case false?: continue
      case nil: isKnown = false
      }
    }
    return isKnown ? false : nil
  }

  /// Whether a later commit took the one at `place` back.
  ///
  /// - Parameter merge: merges three trees; `nil` for a conflict.
  func isReverted(
    _ place: Int, merge: (_ base: ObjectID, _ ours: ObjectID, _ theirs: ObjectID) throws(GitError) -> ObjectID?
  ) throws(GitError) -> Bool {
    let change = changes[place]
    guard let before = change.before else { return false }
    let paths = change.files.map(\.path)
    for later in changes[(place + 1)...] {
      if later.files.map(\.path) == paths, let ours = later.before,
        try merge(change.after, ours, before) == later.after
      {
        return true
      }
      if try repository.commit(later.commit).message.mentions("This reverts commit \(change.commit)") { return true }
    }
    return false
  }
}
