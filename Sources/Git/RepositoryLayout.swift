import Platform

/// Where the parts of a repository are, as seen from one of its worktrees; see gitrepository-layout(5).
///
/// Found by looking at a handful of files, without opening anything: the hooks that only ask "has trunk moved?" need no
/// more.
public struct RepositoryLayout: Hashable, Sendable {
  /// `$GIT_DIR`: HEAD, index and operations of this worktree. Absolute.
  public let gitDirectory: FilePath
  /// `$GIT_COMMON_DIR`: refs, objects, config and hooks of all worktrees. Absolute, resolved.
  public let commonDirectory: FilePath
  /// The top of the working tree; `nil` in a bare repository. Absolute.
  public let workTree: FilePath?
  /// The index that git named to its hook (`commit -a` and `commit -- path` use one of their own), else this worktree's.
  public let indexFile: FilePath

  public var isLinked: Bool { gitDirectory != commonDirectory }

  public init(gitDirectory: FilePath, commonDirectory: FilePath, workTree: FilePath?, indexFile: FilePath? = nil) {
    self.gitDirectory = gitDirectory
    self.commonDirectory = commonDirectory
    self.workTree = workTree
    self.indexFile = indexFile ?? gitDirectory / "index"
  }

  /// What git named to its hooks (`GIT_DIR`, `GIT_WORK_TREE`, `GIT_INDEX_FILE`), else the repository around `directory`.
  ///
  /// With `GIT_DIR` and without `GIT_WORK_TREE` the current directory is the top of the working tree; see git(1).
  public init(environment: Environment, directory: FilePath) throws(GitError) {
    func absolute(_ bytes: [UInt8]) -> FilePath { directory.appending(bytes).normalized }
    let index = environment[bytes: "GIT_INDEX_FILE"].map(absolute)
    guard let named = environment[bytes: "GIT_DIR"], !named.isEmpty else {
      let found = try RepositoryLayout(around: directory)
      self.init(
        gitDirectory: found.gitDirectory, commonDirectory: found.commonDirectory, workTree: found.workTree,
        indexFile: index)
      return
    }
    let gitDirectory = try systemCall { () throws(SystemError) in try absolute(named).resolved() }
    let namedCommon = environment[bytes: "GIT_COMMON_DIR"].map(absolute)
    let common = if let namedCommon { namedCommon } else { try Self.commonDirectory(of: gitDirectory) }
    let isBare = gitDirectory == directory || gitDirectory.lastComponent != ".git" && common == gitDirectory
    var workTree = environment[bytes: "GIT_WORK_TREE"].map(absolute)
    if workTree == nil, !isBare || (gitDirectory != directory && environment["GIT_PREFIX"] != nil) {
      workTree = try systemCall { () throws(SystemError) in try directory.resolved() }
    }
    self.init(gitDirectory: gitDirectory, commonDirectory: common, workTree: workTree, indexFile: index)
  }

  /// The repository whose working tree holds `directory`, or which is bare and `directory` itself.
  public init(around directory: FilePath) throws(GitError) {
    let start = try systemCall { () throws(SystemError) in try directory.resolved() }
    var place = start
    while true {
      let entry = place / ".git"
      if let status = try? entry.targetStatus() {
        let gitDirectory = status.isDirectory ? entry : try Self.linkedGitDirectory(namedBy: entry)
        if Self.isGitDirectory(gitDirectory) {
          let resolved = try systemCall { () throws(SystemError) in try gitDirectory.resolved() }
          let common = try Self.commonDirectory(of: resolved)
          // A bare repository of that name: its worktrees are elsewhere. Where there is an index, there are files.
          let isBare = resolved == common && !(resolved / "index").exists && PlacementSettings(common).isBare
          self.init(gitDirectory: resolved, commonDirectory: common, workTree: isBare ? nil : place)
          return
        }
      }
      if Self.isGitDirectory(place) {
        self.init(gitDirectory: place, commonDirectory: try Self.commonDirectory(of: place), workTree: nil)
        return
      }
      guard place != "/" else { throw GitError(.notARepository(start)) }
      place = place.parent
    }
  }

  /// A `.git` file holds `gitdir: PATH`, relative to itself; see gitrepository-layout(5).
  private static func linkedGitDirectory(namedBy file: FilePath) throws(GitError) -> FilePath {
    let bytes = try systemCall { () throws(SystemError) in try file.contents() }
    let prefix = Array("gitdir: ".utf8)
    guard bytes.starts(with: prefix) else { throw GitError(.malformed("'\(file)': it does not say 'gitdir:'")) }
    return file.parent.appending(wholePath(bytes.dropFirst(prefix.count))).normalized
  }

  private static func isGitDirectory(_ path: FilePath) -> Bool {
    guard (path / "HEAD").exists || (path / "HEAD").linkTarget() != nil else { return false }
    return (path / "commondir").exists || ((path / "objects").isDirectory && (path / "refs").isDirectory)
  }

  private static func commonDirectory(of gitDirectory: FilePath) throws(GitError) -> FilePath {
    let file = gitDirectory / "commondir"
    guard let bytes = try systemCall({ () throws(SystemError) in try file.contentsIfPresent() }) else {
      return gitDirectory
    }
    return try systemCall { () throws(SystemError) in try gitDirectory.appending(wholePath(bytes)).resolved() }
  }

  /// Our own directory, shared by all worktrees.
  public var stateDirectory: FilePath { commonDirectory / "preflight" }

  /// Our own directory of this worktree alone.
  public var worktreeStateDirectory: FilePath { gitDirectory / "preflight" }
}

extension RepositoryLayout {
  /// The top of the main worktree, or the bare repository itself: what the plan's directories are relative to.
  public var mainWorktreePath: FilePath? {
    if !isLinked { return workTree ?? commonDirectory }
    return commonDirectory.lastComponent == ".git" ? commonDirectory.parent : commonDirectory
  }
}

/// The bytes up to the first line feed.
func firstLine(_ bytes: some Collection<UInt8>) -> [UInt8] {
  var line = Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
  if line.last == UInt8(ascii: "\r") { line.removeLast() }
  return line
}

/// A file that holds one path, without the line ends after it: the path itself may hold line feeds.
func wholePath(_ bytes: some Collection<UInt8>) -> [UInt8] {
  var path = Array(bytes)
  while let last = path.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { path.removeLast() }
  return path
}
