import Git
import Platform
import StateFiles

/// What is not committed in a worktree, asked of git: tracked files that differ from the index, the index from `HEAD`;
/// unmerged paths; hidden ones (assume-unchanged, or skip-worktree though present), whose changes git would not see before it
/// overwrites them.
///
/// It looks at every file: only for a rebase by git, which wants the whole worktree clean.
struct DirtyPaths {
  let paths: [[UInt8]]

  init(of worktree: Worktree, environment: Environment) throws(GitError) {
    let git = GitCommand(in: worktree.path, environment: environment)
    // A file system monitor may hang or lie, and 10,000 files are looked at in a few milliseconds.
    let status = try git.output([
      "-c", "core.fsmonitor=false", "status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=no",
      "--ignore-submodules=dirty",
    ])
    paths = try StatusEntries(status).changed + Self.hiddenPaths(worktree, git)
  }

  /// `nil` where all is committed.
  var reason: LeaveReason? { paths.isEmpty ? nil : .dirty(paths: Array(paths.prefix(5)), count: paths.count) }

  private static func hiddenPaths(_ worktree: Worktree, _ git: GitCommand) throws(GitError) -> [[UInt8]] {
    var hidden: [[UInt8]] = []
    for line in try git.output(IndexCopy.settings + ["ls-files", "-v", "-z"]).split(separator: 0) {
      // "H path"; in lower case for assume-unchanged, "S" for skip-worktree; see git-ls-files(1).
      guard let tag = line.first, tag != UInt8(ascii: "H"), tag != UInt8(ascii: "M") else { continue }
      let path = Array(line.dropFirst(2))
      // A sparse checkout skips what is not there.
      if try fileSystem({ () throws(SystemError) in try worktree.path.appending(path).status() }) != nil {
        hidden.append(path)
      }
    }
    return hidden
  }
}

/// The paths of `git status --porcelain=v2 -z --no-renames`; see "Porcelain Format Version 2" in git-status(1).
struct StatusEntries {
  private(set) var changed: [[UInt8]] = []

  init(_ output: [UInt8]) {
    for entry in output.split(separator: 0) {
      switch entry.first {
      case UInt8(ascii: "1"): changed.append(Self.path(entry, after: 8))
      case UInt8(ascii: "u"): changed.append(Self.path(entry, after: 10))
      default: break
      }
    }
  }

  private static func path(_ entry: ArraySlice<UInt8>, after fields: Int) -> [UInt8] {
    let parts = entry.split(separator: UInt8(ascii: " "), maxSplits: fields, omittingEmptySubsequences: false)
    return parts.count > fields ? Array(parts[fields]) : []
  }
}
