import Git
import Platform

/// A sync that can still be taken back, as its undo refs tell.
public struct KeptSync: Hashable, Sendable {
  public struct Branch: Hashable, Sendable {
    /// In full.
    public var name: String
    public var old: ObjectID
    /// `nil` where the sync died before it could say.
    public var new: ObjectID?
    /// Where the branch's own commits began before.
    public var base: ObjectID?
  }

  /// What `preflight undo` takes.
  public var id: String
  /// Seconds since 1970.
  public var time: Int64
  /// Sorted by name.
  public var branches: [Branch] = []

  /// Those that are kept, the latest first.
  public static func all(in repository: Repository) throws(GitError) -> [KeptSync] {
    let references = try repository.references(below: UndoRefs.prefix)
    var targets: [String: ObjectID] = [:]
    for reference in references { targets[reference.name] = reference.target }
    var found: [String: KeptSync] = [:]
    for reference in references {
      let parts = reference.name.dropFirst(UndoRefs.prefix.count).split(separator: "/", maxSplits: 1)
      guard parts.count == 2, parts[1].hasPrefix("heads/"), let seconds = parts[0].split(separator: "-").first,
        let time = Int64(seconds)
      else { continue }
      let id = String(parts[0])
      let record = UndoRecord(stamp: id, branch: "refs/\(parts[1])")
      found[id, default: KeptSync(id: id, time: time)].branches.append(
        Branch(name: record.branch, old: reference.target, new: targets[record.new], base: targets[record.base]))
    }
    return found.values.sorted { ($1.time, $1.fraction) < ($0.time, $0.fraction) }
  }

  /// Of the second, in microseconds, written without leading zeroes; see `UndoRefs.stamp`.
  private var fraction: Int64 { Int64(id.split(separator: "-").last ?? "") ?? 0 }
}
