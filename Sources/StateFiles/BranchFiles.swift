import Git
import Platform

/// A directory of small files, one for each branch: written whole, by rename, so that writers of different branches never
/// meet and readers see the old bytes or the new.
package struct BranchFiles {
  let directory: FilePath

  package init(directory: FilePath) { self.directory = directory }

  package func read(_ branch: String) throws(GitError) -> [UInt8]? {
    try fileSystem { () throws(SystemError) in try file(for: branch).contentsIfPresent() }
  }

  package func write(_ contents: [UInt8], for branch: String, durable: Bool = false) throws(GitError) {
    let file = file(for: branch)
    try fileSystem { () throws(SystemError) in
      try file.parent.createDirectories()
      try file.write(contents, durable: durable)
    }
  }

  package func remove(_ branch: String) throws(GitError) {
    try fileSystem { () throws(SystemError) in try file(for: branch).remove() }
  }

  /// The contents of all files, in the order of their names. The name of the branch has to be in them.
  package func all() throws(GitError) -> [[UInt8]] {
    try fileSystem { () throws(SystemError) in
      var result: [[UInt8]] = []
      try Self.collect(directory, &result)
      return result
    }
  }

  package var isEmpty: Bool { (try? all().isEmpty) ?? true }

  /// Removes what a process that died has left of a file which it was writing; nobody else may be writing one.
  package func removeUnfinished() { Self.removeUnfinished(directory) }

  private static func removeUnfinished(_ directory: FilePath) {
    for name in (try? directory.entries()) ?? [] {
      let file = directory.appending(name.bytes)
      if name.bytes.starts(with: ".preflight.".utf8) { try? file.remove() } else { removeUnfinished(file) }
    }
  }

  private static func collect(_ directory: FilePath, _ result: inout [[UInt8]]) throws(SystemError) {
    guard directory.isDirectory else { return }
    for name in try directory.entries() where name.bytes.first != UInt8(ascii: ".") {  // unfinished writes
      let file = directory.appending(name.bytes)
      if file.isDirectory {
        try collect(file, &result)
      } else if let contents = try file.contentsIfPresent() {
        result.append(contents)
      }
    }
  }

  /// Two branches never share a file, not even where the disk ignores case.
  ///
  /// Everything but lower-case letters, digits, `-` and `_` is written as `%` and two hexadecimal digits; what is longer than
  /// a file name may be goes on in a directory whose name ends in `+`, which no file's does.
  package func file(for branch: String) -> FilePath {
    let digits = Array("0123456789abcdef".utf8)
    var escaped: [UInt8] = []
    for byte in branch.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        escaped.append(byte)
      default: escaped += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    var path = directory
    while escaped.count > 200 {
      path = path.appending(escaped.prefix(200) + [UInt8(ascii: "+")])
      escaped.removeFirst(200)
    }
    return path.appending(escaped)
  }
}

extension BranchFiles {
  /// What has begun and not ended, on the disk before anything changes: worktrees that git rebases for us.
  package static func rebases(_ layout: RepositoryLayout) -> BranchFiles {
    BranchFiles(directory: layout.stateDirectory / "journal")
  }

  /// The same of worktrees that are moved in place.
  package static func moves(_ layout: RepositoryLayout) -> BranchFiles {
    BranchFiles(directory: layout.stateDirectory / "moves")
  }
}

/// Runs `body`, turning what the system says into the one error that our targets throw.
package func fileSystem<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(GitError) -> Result {
  do { return try body() } catch { throw GitError(.system(error)) }
}

/// The bytes up to the first line feed.
package func firstLine(_ bytes: some Collection<UInt8>) -> [UInt8] { Array(bytes.prefix { $0 != UInt8(ascii: "\n") }) }

extension GitCommand {
  /// git on what all worktrees share. The directory is named, not found: `safe.bareRepository` forbids finding it.
  package init(onRefsOf layout: RepositoryLayout, environment: Environment) {
    self.init(in: layout.commonDirectory, environment: environment)
    self.environment[bytes: "GIT_DIR"] = layout.commonDirectory.bytes
  }
}

extension String {
  /// Bytewise, as git compares names: two spellings of é are two branches.
  package func isSameName(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
