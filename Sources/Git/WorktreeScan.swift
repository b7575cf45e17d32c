import Platform

/// One pass over the files of a working tree beside its index: which were written in a certain time by somebody else than
/// git, and what there is that the index does not know.
///
/// The times of what git itself writes (a new worktree, a switch) are those in the index.
public struct WorktreeScan: Sendable {
  /// A file, from the top of the worktree.
  public struct File: Hashable, Sendable {
    public var path: [UInt8]
    /// Nanoseconds since 1970.
    public var modified: Int64
  }

  /// Tracked files that were written in that time and are not, by their times, what git has left there.
  public private(set) var written: [File] = []
  /// The same where the index is as old as they are, so that times do not tell.
  public private(set) var uncertain: [File] = []
  /// What is not tracked, beside what is: directories, and files that were written in that time. Some may be ignored.
  public private(set) var untracked: [[UInt8]] = []

  /// `nil` where git has to look: the index is none that is read here, or changes just now.
  ///
  /// - Parameters:
  ///   - layout: of a worktree in a repository whose names are SHA-1.
  ///   - time: in nanoseconds since 1970.
  public init?(of layout: RepositoryLayout, writtenIn time: ClosedRange<Int64>) {
    // Before it is read: of an index that is replaced just now too much is uncertain, never too little.
    guard let top = layout.workTree.flatMap({ OpenDirectory($0) }),
      let indexTime = (try? layout.indexFile.status())?.modified, let mapping = try? FileMapping(layout.indexFile)
    else { return nil }
    var scan = WorktreeScan()
    let isWhole = mapping.withBytes { bytes in
      guard let index = IndexFile(bytes) else { return false }
      var pass = Pass(cursor: index.makeCursor(), time: time, indexTime: indexTime)
      let isWhole = pass.run(from: top)
      scan = pass.scan
      return isWhole
    }
    guard isWhole else { return nil }
    self = scan
  }

  private init() {}
}

extension WorktreeScan {
  private struct Pass: ~Copyable {
    private var cursor: IndexCursor
    private let time: ClosedRange<Int64>
    private let indexTime: Int64
    private(set) var scan = WorktreeScan()

    /// Deeper directories than any system lets one make are damage.
    private static let depthLimit = 1024

    init(cursor: consuming IndexCursor, time: ClosedRange<Int64>, indexTime: Int64) {
      self.cursor = cursor
      self.time = time
      self.indexTime = indexTime
    }

    mutating func run(from top: borrowing OpenDirectory) -> Bool {
      _ = cursor.advance()
      return look(in: top, prefix: [], depth: 0) && cursor.end != nil
    }

    /// - Parameter prefix: of all paths in the directory: empty, or with a slash at its end.
    private mutating func look(in directory: borrowing OpenDirectory, prefix: [UInt8], depth: Int) -> Bool {
      guard depth < Self.depthLimit else { return false }
      var tracked: [UInt8] = []
      var present = 0
      while isInside(prefix) {
        let rest = UnsafeRawBufferPointer(rebasing: cursor.path[prefix.count...])
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else {
          tracked += rest
          tracked.append(0)
          if let status = directory.status(of: rest) {
            present += 1
            judge(status)
          }
          _ = cursor.advance()
          continue
        }
        let name = Array(rest[..<slash])
        let inner = prefix + name + [UInt8(ascii: "/")]
        tracked += name + [0]
        if let child = OpenDirectory(name, in: directory) {
          present += 1
          guard look(in: child, prefix: inner, depth: depth + 1) else { return false }
        } else {
          if name.withUnsafeBytes({ directory.status(of: $0) }) != nil { present += 1 }
          while isInside(inner) { _ = cursor.advance() }
        }
      }
      return addUntracked(in: directory, prefix: prefix, tracked, present: present)
    }

    private func isInside(_ prefix: [UInt8]) -> Bool {
      guard cursor.path.count > prefix.count else { return false }
      return prefix.withUnsafeBytes {
        compareBytes(UnsafeRawBufferPointer(rebasing: cursor.path[..<$0.count]), $0) == 0
      }
    }

    private mutating func judge(_ status: FileStatus) {
      guard time.contains(status.modified), !cursor.isAssumedUnchanged, !cursor.isSkippedInWorktree,
        let staged = cursor.entry, !staged.isSubmodule
      else { return }
      // Whoever copies a worktree changes inodes and times of status, and writes nothing.
      let known = cursor.file
      let isKnown = known.modified == status.modified && known.size == UInt32(truncatingIfNeeded: status.size)
      if isKnown, known.modified < indexTime { return }
      let file = File(path: Array(cursor.path), modified: status.modified)
      if isKnown { scan.uncertain.append(file) } else { scan.written.append(file) }
    }

    /// - Parameters:
    ///   - tracked: the names that the index has in the directory, each ended by NUL.
    ///   - present: how many of them are there: where there are no more names, all are known.
    private mutating func addUntracked(
      in directory: borrowing OpenDirectory, prefix: [UInt8], _ tracked: [UInt8], present: Int
    ) -> Bool {
      var count = 0
      guard directory.forEachName({ if !$0.elementsEqual(".git".utf8) { count += 1 } }) else { return false }
      if count == present { return true }
      let known = Set(tracked.split(separator: 0))
      var others: [[UInt8]] = []
      _ = directory.forEachName { name in
        let name = Array(name)
        if !known.contains(name[...]), name != Array(".git".utf8) { others.append(name) }
      }
      for name in others {
        guard let status = name.withUnsafeBytes({ directory.status(of: $0) }) else { continue }
        if status.isDirectory || time.contains(status.modified) { scan.untracked.append(prefix + name) }
      }
      return true
    }
  }
}
