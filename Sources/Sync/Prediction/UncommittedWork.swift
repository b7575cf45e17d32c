import Git
import Platform
import StateFiles

/// What a worktree holds that is not committed, as it would be if all of it were committed now.
struct UncommittedWork {
  /// Unmerged paths are not in it.
  var replaced: [[UInt8]: TreeEntry?] = [:]
  /// The bytes of those that git has not stored yet.
  var contents: [ObjectID: [UInt8]] = [:]
  /// Files that git does not track and that are too many to be looked at.
  var passedOver = 0

  var isEmpty: Bool { replaced.isEmpty }

  /// Those that lost a file, and may have none left.
  var emptiedDirectories: Set<[UInt8]> {
    Set(replaced.lazy.filter { $0.value == nil }.flatMap { $0.key.directoriesAbove })
  }

  /// For a commit that holds it.
  var replacements: [[UInt8]: ScratchRepository.Snapshot.Replacement] {
    replaced.mapValues { entry in
      guard let entry else { return .deletion }
      return contents[entry.id].map { .contents($0, mode: entry.mode) } ?? .entry(entry)
    }
  }

  /// More untracked files than a person makes: a build's, or another program's, that nobody has told git to ignore.
  private static let untrackedLimit = 1000
  /// Bytes; git merges no file of that size line by line in reasonable time.
  private static let sizeLimit: Int64 = 64 << 20

  /// What to ask git about a worktree; two such processes may run at a time.
  static func request(for worktree: Worktree, environment: Environment) -> ProcessRequest {
    GitCommand(in: worktree.path, environment: environment).request([
      "-c", "core.fsmonitor=false", "status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=all",
      "--ignore-submodules=dirty",
    ])
  }

  /// Makes in memory what is not stored; see `Repository.make`.
  ///
  /// - Parameters:
  ///   - answer: what git said to `request`.
  ///   - scratch: takes what is to go through filters.
  init(
    _ answer: ProcessResult, of worktree: Worktree, in repository: Repository, filters: inout ContentFilters,
    scratch: Scratch
  ) throws(GitError) {
    var converted: [(path: [UInt8], mode: UInt32)] = []
    let files = Self.files(in: answer.output)
    let untracked = files.filter { $0.entry == nil && $0.mode == nil }
    if untracked.count > Self.untrackedLimit { passedOver = untracked.count }
    for file in files {
      switch (file.entry, file.mode) {
      case (let entry?, _): replaced[file.path] = .some(entry)
      case (nil, 0): replaced[file.path] = .some(nil)
      case (nil, 0o160000): try add(submodule: file.path, of: worktree)
      case (nil, let mode):
        guard mode != nil || passedOver == 0 else { continue }
        let place = worktree.path.appending(file.path)
        guard let status = try fileSystem({ () throws(SystemError) in try place.status() }),
          !status.isDirectory, status.size <= Self.sizeLimit
        else { continue }
        if status.isSymbolicLink {
          try add(place.linkTarget()?.bytes ?? [], at: file.path, mode: mode ?? 0o120000, repository)
        } else if filters.mayApply(to: file.path) {
          converted.append((file.path, mode ?? (status.isExecutable ? 0o100755 : 0o100644)))
        } else {
          // Somebody may have removed it meanwhile.
          let bytes = try fileSystem { () throws(SystemError) in try place.contentsIfPresent() }
          guard let bytes else { continue }
          try add(bytes, at: file.path, mode: mode ?? (status.isExecutable ? 0o100755 : 0o100644), repository)
        }
      }
    }
    if converted.isEmpty { return }
    for (file, stored) in zip(converted, try scratch.repository().contents(of: converted.map(\.path), in: worktree)) {
      try add(stored, at: file.path, mode: file.mode, repository)
    }
  }

  private mutating func add(
    _ bytes: [UInt8], at path: [UInt8], mode: UInt32, _ repository: Repository
  ) throws(GitError) {
    let id = try repository.make(.blob, bytes)
    replaced[path] = TreeEntry(mode: mode, id: id)
    contents[id] = bytes
  }

  private mutating func add(submodule path: [UInt8], of worktree: Worktree) throws(GitError) {
    let git = GitCommand(in: worktree.path.appending(path))
    guard let line = try git.lineIfAny(["rev-parse", "--verify", "--quiet", "HEAD"]), let id = ObjectID(hex: line)
    else { return }
    replaced[path] = TreeEntry(mode: 0o160000, id: id)
  }

  private struct File {
    var path: [UInt8]
    /// What is staged, where the file is the same.
    var entry: TreeEntry?
    /// Of the file itself where it is not: 0 where it is gone, `nil` for one that git does not track.
    var mode: UInt32?
  }

  /// `1 XY sub mH mI mW hH hI path` for each tracked file, `? path` for each other; see "Porcelain Format Version 2" in
  /// git-status(1).
  private static func files(in output: [UInt8]) -> [File] {
    output.split(separator: 0).compactMap { line in
      if line.starts(with: "? ".utf8) {
        return line.last == UInt8(ascii: "/") ? nil : File(path: Array(line.dropFirst(2)))  // another repository
      }
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 8, omittingEmptySubsequences: false)
      guard fields.count == 9, fields[0].elementsEqual("1".utf8), fields[1].count == 2 else { return nil }
      let path = Array(fields[8])
      guard fields[1].last == UInt8(ascii: ".") else {
        return File(path: path, mode: fields[1].last == UInt8(ascii: "D") ? 0 : UInt32(octal: fields[5]))
      }
      let staged = UInt32(octal: fields[4]).flatMap { mode in
        ObjectID(hex: fields[7]).map { TreeEntry(mode: mode, id: $0) }
      }
      return staged.map { File(path: path, entry: $0) } ?? File(path: path, mode: 0)
    }
  }
}
