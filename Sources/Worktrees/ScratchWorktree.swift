import Git
import Platform

/// A worktree of our own, in which something is made or checked, and which is gone afterwards. What is in it was made by us from
/// commits; nobody else uses its place, and one process at a time does.
public struct ScratchWorktree {
  public let path: FilePath
  private let layout: RepositoryLayout
  private let git: GitCommand

  /// - Parameter environment: the user's.
  public init(at path: FilePath, of layout: RepositoryLayout, environment: Environment) {
    self.path = path
    self.layout = layout
    git = GitCommand(in: layout.workTree ?? layout.commonDirectory, environment: environment)
  }

  /// With a detached HEAD. What one that died has left is removed first.
  public func make(at commit: ObjectID) throws -> Worktree {
    try remove()
    try path.parent.createDirectories()
    let added = try git.run(["worktree", "add", "--quiet", "--detach", Argument(path), "\(commit)"])
    // What git has made counts, not its exit status: that may be a post-checkout hook's.
    guard (path / ".git").exists, let worktree = try layout.worktrees().first(where: { isHere($0.path) }) else {
      throw GitCommand.failure(["worktree", "add"], added)
    }
    return worktree
  }

  /// Nothing where it is gone already.
  public func remove() throws {
    let directories = try registrations()
    if !path.exists, directories.isEmpty { return }
    _ = try git.run(["worktree", "remove", "--force", "--force", Argument(path)])
    try path.removeRecursively()
    // git removes none that was cut off while it was made, and prunes none that says so of itself.
    for directory in directories { try directory.removeRecursively() }
  }

  private func isHere(_ other: FilePath) -> Bool { other == path || other.isSameFile(as: path) }

  /// What git keeps of it, and of earlier ones: `worktrees/NAME`, with a number where that was taken; see
  /// gitrepository-layout(5). Where it was cut off early it does not say yet for which place it is.
  private func registrations() throws(SystemError) -> [FilePath] {
    let registry = layout.commonDirectory / "worktrees"
    guard registry.isDirectory else { return [] }
    let name = path.lastComponent.bytes
    let file = path / ".git"
    return try registry.entries().map { registry.appending($0.bytes) }.filter { directory in
      let own = directory.lastComponent.bytes
      guard own.starts(with: name), own.dropFirst(name.count).allSatisfy({ (0x30...0x39).contains($0) }) else {
        return false
      }
      guard let bytes = try? (directory / "gitdir").contents() else { return true }
      let place = directory.appending(bytes.prefix { $0 != UInt8(ascii: "\n") }).normalized
      return place == file || place.parent.isSameFile(as: path)
    }
  }
}
