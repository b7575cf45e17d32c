import Git
import Hive

extension Situation {
  /// Whether a signal speaks of work that the branch no longer holds as it was.
  ///
  /// A sync gives commits new names and leaves the work as it is: what counts is who wrote what, with which message, and
  /// what each commit made of which paths.
  public func isStale(_ signal: Signal, tip: ObjectID?) throws -> Bool {
    guard let spoken = signal.origin.commit, let tip else { return false }
    if spoken == tip { return false }
    guard try repository.hasObject(spoken) else { return true }
    return try ownWork(upTo: spoken) != ownWork(upTo: tip)
  }

  private func ownWork(upTo tip: ObjectID) throws -> [Work] {
    try repository.commitIDs(reachableFrom: [tip], excluding: trunk?.tips ?? []).map { id in
      let commit = try repository.commit(id)
      let before = try commit.parents.first.map { try repository.commit($0).tree }
      return Work(
        author: commit.author, message: commit.message,
        changes: try repository.changes(from: before, to: commit.tree))
    }
  }

  private struct Work: Hashable {
    let author: [UInt8]
    let message: [UInt8]
    let changes: [TreeChange]
  }
}
