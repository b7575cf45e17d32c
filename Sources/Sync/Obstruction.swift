import Git
import Platform
import StateFiles

/// Looks for what a rebase would overwrite without a word: git protects untracked files, but not ignored ones.
struct Obstruction {
  let repository: Repository
  let git: GitCommand
  let worktree: Worktree

  /// - Parameters:
  ///   - tip: what is checked out.
  ///   - onto: where the stream goes.
  ///   - own: the stream's own commits, which are written out one after another.
  func reason(tip: ObjectID, onto: ObjectID, own: [ObjectID]) throws(GitError) -> LeaveReason? {
    let present = try repository.commit(tip).tree
    var written = try repository.changes(from: present, to: repository.commit(onto).tree)
    for id in own {
      let commit = try repository.commit(id)
      guard let parent = commit.parents.first else { continue }
      written += try repository.changes(from: repository.commit(parent).tree, to: commit.tree)
    }
    var inTheWay: [[UInt8]] = []
    var seen: Set<[UInt8]> = []
    for change in written where change.new != nil && seen.insert(change.path).inserted {
      let entry = try repository.entry(at: change.path, in: present)
      if entry?.isSubmodule == true || change.new?.isSubmodule == true {
        if entry != change.new, worktree.path.appending(change.path + Array("/.git".utf8)).exists {
          return .submodule(change.path)
        }
      } else if entry == nil || entry?.isTree == true {
        if let path = try obstacle(for: change.path, in: present) { inTheWay.append(path) }
      }
    }
    return inTheWay.isEmpty ? nil : .obstructed(Array(inTheWay.prefix(5)))
  }

  /// What stands where a file is to be written that is not checked out now: itself, a file in the place of one of its
  /// directories, or untracked files in a directory that it replaces.
  private func obstacle(for path: [UInt8], in tree: ObjectID) throws(GitError) -> [UInt8]? {
    for end in path.indices where path[end] == UInt8(ascii: "/") {
      let directory = Array(path[..<end])
      guard let status = try status(directory) else { return nil }
      if status.isDirectory { continue }
      return try repository.entry(at: directory, in: tree) == nil ? directory : nil
    }
    guard let status = try status(path) else { return nil }
    guard status.isDirectory else { return path }
    let output = try git.output(
      IndexCopy.settings + ["--literal-pathspecs", "ls-files", "--others", "-z", "--", Argument(path)])
    return output.split(separator: 0).first.map(Array.init)
  }

  private func status(_ path: [UInt8]) throws(GitError) -> FileStatus? {
    try fileSystem { () throws(SystemError) in try worktree.path.appending(path).status() }
  }
}
