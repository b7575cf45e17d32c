import Git
import Platform

/// Lock files of one worktree that a merge has set to trunk's, to be made anew there: `<git directory>/preflight/outdated-locks`.
///
/// A note counts while `HEAD` has the very content that the merge took: whoever makes the file anew, or undoes the merge, has
/// settled it.
public struct OutdatedLocks {
  public struct Note: Hashable, Sendable {
    /// Within the repository.
    public var path: [UInt8]
    /// What the merge took.
    public var taken: ObjectID

    public init(path: [UInt8], taken: ObjectID) {
      self.path = path
      self.taken = taken
    }
  }

  private let file: FilePath

  /// - Parameter worktree: whose notes they are.
  public init(_ worktree: RepositoryLayout) { file = worktree.worktreeStateDirectory / "outdated-locks" }

  /// `ID PATH`, each ended by NUL; what is damaged is left out.
  public func all() throws(SystemError) -> [Note] {
    try (file.contentsIfPresent() ?? []).split(separator: 0).compactMap { entry in
      guard let blank = entry.firstIndex(of: 0x20), let id = ObjectID(hex: entry[..<blank]) else { return nil }
      return Note(path: Array(entry[(blank + 1)...]), taken: id)
    }
  }

  /// The later of two notes of a path counts.
  public func add(_ note: Note) throws(SystemError) {
    try write(try all().filter { $0.path != note.path } + [note])
  }

  public func strike(_ path: [UInt8]) throws(SystemError) {
    let notes = try all()
    let rest = notes.filter { $0.path != path }
    if rest.count < notes.count { try write(rest) }
  }

  private func write(_ notes: [Note]) throws(SystemError) {
    if notes.isEmpty { return try file.remove() }
    try file.parent.createDirectories()
    try file.write(notes.flatMap { Array("\($0.taken) ".utf8) + $0.path + [0] }, durable: true)
  }
}
