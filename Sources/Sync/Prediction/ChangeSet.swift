import Git

/// What a side brings: the net change from a base to a tip, path by path.
struct ChangeSet: Sendable {
  /// In bytewise order of the paths.
  let changes: [TreeChange]
  private let places: [[UInt8]: Int]
  /// Every directory above a changed path.
  private let directories: Set<[UInt8]>
  /// Those above a path that is gone, as far as they may be gone themselves.
  private var goneDirectories: Set<[UInt8]>

  static let empty = ChangeSet([])

  init(_ changes: [TreeChange]) {
    self.changes = changes
    places = Dictionary(changes.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
    var directories: Set<[UInt8]> = []
    var thinned: Set<[UInt8]> = []
    for change in changes {
      for directory in change.path.directoriesAbove {
        directories.insert(directory)
        if change.new == nil { thinned.insert(directory) }
      }
    }
    self.directories = directories
    goneDirectories = thinned
  }

  /// Tells which directories are still there after the change; without it all that lost a path are taken to be gone.
  mutating func keepDirectories(where isThere: ([UInt8]) throws(GitError) -> Bool) throws(GitError) {
    for directory in goneDirectories where try isThere(directory) { goneDirectories.remove(directory) }
  }

  subscript(path: [UInt8]) -> TreeChange? { places[path].map { changes[$0] } }

  /// Whether a `.gitattributes` is among the paths: how others merge may then depend on it.
  var touchesAttributes: Bool { changes.contains { $0.path.isAttributesFile } }

  /// Whether a path is among them that the base has not.
  var adds: Bool { changes.contains { $0.old == nil } }

  /// This change on top of an earlier one: from the base of `earlier` to the tip of this.
  func following(_ earlier: ChangeSet) -> ChangeSet {
    if earlier.changes.isEmpty { return self }
    var joined = earlier.changes.compactMap { change -> TreeChange? in
      guard let later = self[change.path] else { return change }
      return later.new == change.old ? nil : TreeChange(path: change.path, old: change.old, new: later.new)
    }
    joined += changes.filter { earlier[$0.path] == nil }
    return ChangeSet(joined.sorted { $0.path.lexicographicallyPrecedes($1.path) })
  }

  /// How this change and another from the same base meet: the conditions of `TreeMerge`, asked of two lists.
  enum Meeting {
    /// git merges them path by path, without looking for renames across them. Given are the paths that both changed, and
    /// not to the same.
    case pathByPath(both: [(ours: TreeChange, theirs: TreeChange)])
    /// Directories come or go below what the other side changed, so that git may see a rename, or cannot place a file.
    case entangled
  }

  func meets(_ other: ChangeSet) -> Meeting {
    var both: [(ours: TreeChange, theirs: TreeChange)] = []
    for ours in changes {
      if let theirs = other[ours.path], ours.new != theirs.new || ours.new == nil { both.append((ours, theirs)) }
      if other.mayEntangle(ours) { return .entangled }
    }
    for theirs in other.changes where mayEntangle(theirs) { return .entangled }
    return .pathByPath(both: both)
  }

  /// Whether a change of the other side stands where this one has a directory, or comes to lie in one that may be gone here.
  private func mayEntangle(_ change: TreeChange) -> Bool {
    if directories.contains(change.path) { return true }
    guard change.old == nil, !goneDirectories.isEmpty else { return false }
    return change.path.directoriesAbove.contains { goneDirectories.contains($0) }
  }
}

extension [UInt8] {
  /// From the nearest to the top, which is not among them.
  var directoriesAbove: some Sequence<[UInt8]> {
    indices.reversed().lazy.filter { self[$0] == UInt8(ascii: "/") }.map { [UInt8](self[..<$0]) }
  }

  var isAttributesFile: Bool {
    let name = ".gitattributes".utf8
    guard count >= name.count, suffix(name.count).elementsEqual(name) else { return false }
    return count == name.count || self[count - name.count - 1] == UInt8(ascii: "/")
  }
}
