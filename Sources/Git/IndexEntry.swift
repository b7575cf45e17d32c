import Platform

/// What an index holds at one path.
public struct IndexEntry: Hashable, Sendable {
  /// What a file was like when git looked at it last; of inode and size only 32 bits are kept.
  public struct File: Hashable, Sendable {
    /// Nanoseconds since 1970.
    public var changed: Int64
    public var modified: Int64
    public var inode: UInt32
    public var size: UInt32
  }

  public var path: [UInt8]
  /// Of a path that is only noted (`git add --intent-to-add`) the empty blob.
  public var staged: TreeEntry
  public var isIntentToAdd = false
  public var isAssumedUnchanged = false
  public var isSkippedInWorktree = false
  /// `nil` where git has read the index for us.
  public var file: File?

  /// Whether the file at the path is, by its times, the one that is staged; `false` is no proof that it is not.
  ///
  /// - Parameter indexTime: when the index was written. What was written at that time or later may have been written again
  ///   without another time; see Documentation/technical/racy-git.txt of git.
  public func describes(_ status: FileStatus, indexTime: Int64) -> Bool {
    guard let file, file.modified < indexTime else { return false }
    return file.modified == status.modified && file.changed == status.changed
      && file.inode == UInt32(truncatingIfNeeded: status.inode) && file.size == UInt32(truncatingIfNeeded: status.size)
      && (status.isSymbolicLink ? staged.isSymbolicLink : status.isRegularFile && staged.isFile)
  }
}

/// What an index holds at certain paths and below them.
public struct IndexEntries: Sendable {
  /// Sorted by path.
  public let entries: [IndexEntry]
  /// Every path of the whole index that has no one version.
  public let unmerged: [[UInt8]]
  /// When the index was written, in nanoseconds since 1970; 0 where there is none.
  public let time: Int64

  public subscript(path: [UInt8]) -> IndexEntry? {
    let position = firstIndex(notBefore: path)
    return position < entries.count && entries[position].path == path ? entries[position] : nil
  }

  /// What is below a directory.
  public func below(_ directory: [UInt8]) -> ArraySlice<IndexEntry> {
    let prefix = directory + [UInt8(ascii: "/")]
    let start = firstIndex(notBefore: prefix)
    return entries[start...].prefix { $0.path.starts(with: prefix) }
  }

  private func firstIndex(notBefore path: [UInt8]) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].path.lexicographicallyPrecedes(path) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Repository {
  /// What this worktree's index holds at `paths` and below them.
  public func indexEntries(at paths: [[UInt8]]) throws(GitError) -> IndexEntries {
    let wanted = PathSelection(paths)
    // Before it is read: of an index that is replaced just now too much is taken for racy, never too little.
    let time = try systemCall { () throws(SystemError) in try layout.indexFile.status()?.modified ?? 0 }
    if !isReadByGit, let entries = readIndex(wanted) { return IndexEntries(entries: entries, unmerged: [], time: time) }
    return try listIndex(wanted, time: time)
  }

  /// `nil` where git has to read it.
  private func readIndex(_ wanted: PathSelection) -> [IndexEntry]? {
    guard let mapping = try? FileMapping(layout.indexFile) else { return nil }
    return mapping.withBytes { bytes in
      guard let index = IndexFile(bytes) else { return nil }
      var cursor = index.makeCursor()
      var result: [IndexEntry] = []
      var selection = wanted
      while cursor.advance() {
        guard selection.contains(next: cursor.path), let staged = cursor.entry else { continue }
        result.append(
          IndexEntry(
            path: Array(cursor.path), staged: staged, isIntentToAdd: cursor.isIntentToAdd,
            isAssumedUnchanged: cursor.isAssumedUnchanged, isSkippedInWorktree: cursor.isSkippedInWorktree,
            file: cursor.file))
      }
      return cursor.end == nil ? nil : result
    }
  }

  /// `H mode id stage TAB path NUL`, again and again; the first letter is in lower case for assume-unchanged, and `S` for
  /// skip-worktree. See git-ls-files(1).
  private func listIndex(_ wanted: PathSelection, time: Int64) throws(GitError) -> IndexEntries {
    let output = try git.output(["-c", "core.fsmonitor=false", "ls-files", "--stage", "-v", "-z", "--full-name", ":/"])
    var selection = wanted
    var entries: [IndexEntry] = []
    var unmerged: [[UInt8]] = []
    for line in output.split(separator: 0) {
      guard let tab = line.firstIndex(of: UInt8(ascii: "\t")), let tag = line.first else { continue }
      let fields = line[..<tab].split(separator: UInt8(ascii: " "))
      let path = line[(tab + 1)...]
      guard fields.count == 4, let mode = UInt32(octal: fields[1]), let id = ObjectID(hex: fields[2]) else {
        throw GitError(.malformed("the list of the index"))
      }
      if fields[3].first != UInt8(ascii: "0") {
        if unmerged.last.map({ $0.elementsEqual(path) }) != true { unmerged.append(Array(path)) }
        continue
      }
      guard path.withUnsafeBytes({ selection.contains(next: $0) }) else { continue }
      let lower = UInt8(ascii: "a")...UInt8(ascii: "z")
      entries.append(
        IndexEntry(
          path: Array(path), staged: TreeEntry(mode: mode, id: id), isAssumedUnchanged: lower.contains(tag),
          isSkippedInWorktree: tag | 0x20 == UInt8(ascii: "s")))
    }
    return IndexEntries(entries: entries, unmerged: unmerged, time: time)
  }
}

/// Certain paths and what is below them, asked in the order of an index.
private struct PathSelection {
  private let paths: [[UInt8]]
  /// The same with a slash at the end, which has another order: all that is below one follows it without a gap.
  private let directories: [[UInt8]]
  private var nextPath = 0
  private var nextDirectory = 0

  init(_ paths: [[UInt8]]) {
    self.paths = paths.sorted { $0.lexicographicallyPrecedes($1) }
    directories = paths.map { $0 + [UInt8(ascii: "/")] }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// - Parameter path: comes after every one that was asked before.
  mutating func contains(next path: UnsafeRawBufferPointer) -> Bool {
    while nextPath < paths.count, compare(paths[nextPath], path) < 0 { nextPath += 1 }
    if nextPath < paths.count, compare(paths[nextPath], path) == 0 { return true }
    while nextDirectory < directories.count {
      let directory = directories[nextDirectory]
      if isStart(directory, of: path) { return true }
      if compare(directory, path) > 0 { return false }
      nextDirectory += 1
    }
    return false
  }

  private func compare(_ wanted: [UInt8], _ path: UnsafeRawBufferPointer) -> Int {
    wanted.withUnsafeBytes { compareBytes($0, path) }
  }

  private func isStart(_ wanted: [UInt8], of path: UnsafeRawBufferPointer) -> Bool {
    wanted.count <= path.count && compare(wanted, UnsafeRawBufferPointer(rebasing: path[..<wanted.count])) == 0
  }
}
