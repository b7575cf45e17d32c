import Git
import Platform

/// The files of a worktree as git sees them: never through a symbolic link.
struct WorktreeDisk {
  let top: FilePath

  enum Finding: Hashable {
    case absent
    /// What ought to be a directory on the way is none.
    case blocked(by: [UInt8])
    case present(FileStatus)
  }

  /// What is at a path.
  func find(_ path: [UInt8]) -> Finding {
    guard let status = status(path) else {
      guard let parent = nonDirectory(above: path) else { return .absent }
      return .blocked(by: parent)
    }
    return nonDirectory(above: path).map { .blocked(by: $0) } ?? .present(status)
  }

  private func nonDirectory(above path: [UInt8]) -> [UInt8]? {
    for end in path.indices where path[end] == UInt8(ascii: "/") {
      let directory = Array(path[..<end])
      guard let status = status(directory) else { return nil }
      if !status.isDirectory { return directory }
    }
    return nil
  }

  private func status(_ path: [UInt8]) -> FileStatus? { try? top.appending(path).status() }

  /// Everything but directories below a directory, from the top of the worktree.
  func files(below directory: [UInt8]) throws(SystemError) -> [[UInt8]] {
    var result: [[UInt8]] = []
    for name in try top.appending(directory).entries() {
      let path = directory + [UInt8(ascii: "/")] + name.bytes
      if status(path)?.isDirectory == true { result += try files(below: path) } else { result.append(path) }
    }
    return result
  }

  /// The bytes of a file, or of where a symbolic link leads to; `nil` where neither is, or is none that we may read.
  func contents(of path: [UInt8], _ status: FileStatus) -> [UInt8]? {
    let file = top.appending(path)
    if status.isSymbolicLink { return file.linkTarget()?.bytes }
    return status.isRegularFile ? try? file.contents() : nil
  }

  /// Whether the file has the very bytes and the mode of `entry`, without any filter.
  func holds(
    _ entry: TreeEntry, at path: [UInt8], _ status: FileStatus, in repository: Repository
  ) throws(GitError) -> Bool {
    guard entry.hasMode(of: status), let contents = contents(of: path, status) else { return false }
    return try repository.blobID(of: contents) == entry.id
  }
}

extension TreeEntry {
  func hasMode(of status: FileStatus) -> Bool {
    if isSymbolicLink { return status.isSymbolicLink }
    return isFile && status.isRegularFile && (mode == 0o100755) == (status.permissions & 0o100 != 0)
  }
}
