import Platform

/// One of the working trees of a repository; see git-worktree(1).
public struct Worktree: Hashable, Sendable {
  /// The top of the working tree, as it is registered.
  public let path: FilePath
  /// Its `$GIT_DIR`.
  public let gitDirectory: FilePath
  public let commonDirectory: FilePath
  public let head: Head?
  public let isMain: Bool
  /// The reason given to `git worktree lock`, which may be empty; `nil` when it is not locked.
  public let lockReason: String?
  /// `nil`: its files are at `path`.
  public let absence: Absence?

  public init(
    path: FilePath, gitDirectory: FilePath, commonDirectory: FilePath, head: Head?, isMain: Bool = false,
    lockReason: String? = nil, absence: Absence? = nil
  ) {
    self.path = path
    self.gitDirectory = gitDirectory
    self.commonDirectory = commonDirectory
    self.head = head
    self.isMain = isMain
    self.lockReason = lockReason
    self.absence = absence
  }

  /// Whether there are no files to look at.
  public var isMissing: Bool { absence != nil }

  public var layout: RepositoryLayout {
    RepositoryLayout(gitDirectory: gitDirectory, commonDirectory: commonDirectory, workTree: path)
  }

  /// The branch that is checked out here, or that an unfinished rebase here will come back to; in full.
  public var branch: String? {
    if case .branch(let name)? = head { return name }
    return layout.rebasedBranch
  }

  /// The branches, in full, that an unfinished `git rebase --update-refs` here will move when it ends.
  ///
  /// A name and two commits, each a line of its own; see "--update-refs" in git-rebase(1).
  public var branchesToUpdate: [String] {
    guard let bytes = try? (gitDirectory / "rebase-merge/update-refs").contentsIfPresent() else { return [] }
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    return lines.filter { $0.hasPrefix("refs/heads/") }
  }

  /// What git has begun here and not finished; `nil` when nothing.
  ///
  /// `REBASE_HEAD` stays behind after a finished rebase and says nothing.
  public var operation: Operation? {
    for (file, operation) in Operation.evidence where (gitDirectory / file).exists { return operation }
    return nil
  }

  /// Something that git has begun in a worktree.
  public enum Operation: String, Hashable, Sendable {
    case rebase
    case am
    case merge
    case cherryPick = "cherry-pick"
    case revert
    case bisect

    static let evidence: [(String, Operation)] = [
      ("rebase-merge", .rebase), ("rebase-apply/applying", .am), ("rebase-apply", .rebase), ("MERGE_HEAD", .merge),
      ("CHERRY_PICK_HEAD", .cherryPick), ("REVERT_HEAD", .revert), ("sequencer", .cherryPick), ("BISECT_LOG", .bisect),
    ]
  }
}

extension RepositoryLayout {
  /// All worktrees: the main one first (none when the repository is bare), then the linked ones by name.
  ///
  /// Read from `worktrees/*/{gitdir,HEAD,locked}`; see gitrepository-layout(5).
  public func worktrees() throws(GitError) -> [Worktree] {
    var result: [Worktree] = []
    let settings = PlacementSettings(commonDirectory)
    if let main = try mainWorktree(settings) { result.append(main) }
    let registry = commonDirectory / "worktrees"
    guard registry.isDirectory else { return result }
    for name in try systemCall({ () throws(SystemError) in try registry.entries() }) {
      if let worktree = try linkedWorktree(registry.appending(name.bytes), settings) { result.append(worktree) }
    }
    return result
  }

  /// What HEAD leads to in the worktree that this layout belongs to.
  public func head() throws(GitError) -> Head? { try head(in: gitDirectory, worktree: workTree ?? gitDirectory) }

  /// The branch that is checked out here, or that an unfinished rebase here will come back to; in full.
  public func branch() throws(GitError) -> String? {
    if case .branch(let name)? = try head() { return name }
    return rebasedBranch
  }

  /// The branch that an unfinished rebase here will come back to; in full.
  public var rebasedBranch: String? {
    for file in ["rebase-merge/head-name", "rebase-apply/head-name"] {
      guard let bytes = try? (gitDirectory / file).contents() else { continue }
      let name = String(decoding: firstLine(bytes), as: UTF8.self)
      if name.hasPrefix("refs/heads/") { return name }
    }
    return nil
  }

  /// The worktree that this layout belongs to.
  public func worktree() throws(GitError) -> Worktree? {
    let settings = PlacementSettings(commonDirectory)
    return isLinked ? try linkedWorktree(gitDirectory, settings) : try mainWorktree(settings)
  }

  private func mainWorktree(_ settings: PlacementSettings) throws(GitError) -> Worktree? {
    let path: FilePath
    // What was made bare has no index.
    if commonDirectory.lastComponent == ".git", (commonDirectory / "index").exists || !settings.isBare {
      path = isLinked ? commonDirectory.parent : workTree ?? commonDirectory.parent
    } else if !isLinked, let workTree {
      path = workTree
    } else if !settings.isBare, let set = try GitCommand(in: commonDirectory).lineIfAny(["config", "core.worktree"]) {
      path = commonDirectory.appending(set).normalized  // a submodule, or a git directory kept elsewhere
    } else {
      return nil
    }
    return Worktree(
      path: path, gitDirectory: commonDirectory, commonDirectory: commonDirectory,
      head: try head(in: commonDirectory, worktree: path), isMain: true, lockReason: nil,
      absence: try settings.absence(ofMain: path))
  }

  private func linkedWorktree(_ directory: FilePath, _ settings: PlacementSettings) throws(GitError) -> Worktree? {
    let pointer = directory / "gitdir"
    guard let bytes = try systemCall({ () throws(SystemError) in try pointer.contentsIfPresent() }) else { return nil }
    let gitFile = directory.appending(wholePath(bytes)).normalized
    let path = gitFile.parent
    // The directory and the registration must name each other: another clone may stand there now.
    let back = (try? gitFile.contents()).map { path.appending(wholePath($0).dropFirst("gitdir: ".utf8.count)) }
    let lock = try systemCall { () throws(SystemError) in try (directory / "locked").contentsIfPresent() }
    // What a `git worktree add` that was killed has left has no HEAD that git would read.
    let isWhole = ["commondir", "HEAD"].allSatisfy { ((try? (directory / $0).status()?.size) ?? 0) > 0 }
    return Worktree(
      path: path, gitDirectory: directory, commonDirectory: commonDirectory,
      head: isWhole ? try head(in: directory, worktree: path) : nil, isMain: false,
      lockReason: lock.map { String(decoding: firstLine($0), as: UTF8.self) },
      absence: back?.isSameFile(as: directory) ?? false ? try settings.absence(ofLinked: path, directory) : .gone)
  }

  private func head(in gitDirectory: FilePath, worktree: FilePath) throws(GitError) -> Head? {
    if let head = try Head(file: gitDirectory / "HEAD") { return head }
    guard worktree.isDirectory else { return nil }
    let git = GitCommand(in: worktree)  // reftable
    if let branch = try git.lineIfAny(["symbolic-ref", "--quiet", "HEAD"]) { return .branch(branch) }
    return ObjectID(hex: try git.lineIfAny(["rev-parse", "--verify", "--quiet", "HEAD"]) ?? "").map { .detached($0) }
  }
}
