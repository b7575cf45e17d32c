import Git
import HookIdentity
import Platform

/// The directory in which git looks for a worktree's hooks, and whether preflight may write there.
public struct HooksDirectory: Hashable, Sendable {
  public enum Standing: Hashable, Sendable {
    /// git's own: `hooks` in the common git directory, for every worktree, present and future.
    case standard
    /// `core.hooksPath` leads to a directory of this repository alone that git does not track.
    case untracked
    /// Holds, or would hold, files that git tracks.
    case tracked
    /// Another manager writes it.
    case managed(HookManager)
    /// Named in the user's or the machine's configuration, or part of another repository: other repositories use it too.
    case shared
    /// Not ours to write.
    case unwritable
    /// `core.hooksPath` is set to nothing, which git takes for the current directory.
    case empty
  }

  /// `core.hooksPath` as it is configured.
  public struct Setting: Hashable, Sendable {
    public let value: String
    /// `local`, `worktree`, `global`, `system` or `command`; see git-config(1), `--show-scope`.
    public let scope: String
    /// `file:PATH` and the like; see `--show-origin`.
    public let origin: String

    public var isRelative: Bool { !value.hasPrefix("/") && !value.hasPrefix("~") }
  }

  /// Absolute and, as far as it exists, without symbolic links.
  public let path: FilePath
  /// The top of the worktree, or the bare repository's directory.
  public let worktree: FilePath
  public let standing: Standing
  /// `nil` where nothing is configured.
  public let setting: Setting?

  public var mayBeWritten: Bool { standing == .standard || standing == .untracked }

  /// Whether a worktree made tomorrow has these hooks as well.
  public var servesFutureWorktrees: Bool {
    guard let setting else { return true }
    return setting.scope != "worktree" && !setting.isRelative
  }
}

extension HooksDirectory {
  /// As git itself finds it from the top of `worktree`.
  public init(of worktree: FilePath, in layout: RepositoryLayout, environment: Environment) throws(GitError) {
    let git = GitCommand(in: worktree, environment: environment)
    self.worktree = worktree
    setting = try Setting(git: git)
    var named = try git.output(["rev-parse", "--git-path", "hooks"])
    if named.last == UInt8(ascii: "\n") { named.removeLast() }
    path = worktree.appending(named).normalized.resolvedAsFarAsPossible
    standing = try Self.standing(of: path, setting: setting, layout: layout, environment: environment)
  }

  private static func standing(
    of path: FilePath, setting: Setting?, layout: RepositoryLayout, environment: Environment
  ) throws(GitError) -> Standing {
    guard let setting else { return .standard }
    if setting.value.isEmpty { return .empty }
    if let manager = HookManager(writing: path), !path.isInside(layout.commonDirectory) { return .managed(manager) }
    guard ["local", "worktree"].contains(setting.scope) else { return .shared }
    if path == layout.commonDirectory / "hooks" { return .standard }
    if path.isInside(layout.commonDirectory) { return .untracked }
    let git = GitCommand(in: path.nearestDirectory, environment: environment)
    guard let owner = try git.lineIfSuccessful(["rev-parse", "--git-common-dir"]) else {
      return path.isOursToWrite ? .untracked : .unwritable
    }
    let common = git.directory.appending(owner).normalized.resolvedAsFarAsPossible
    guard common == layout.commonDirectory else { return .shared }
    return try isTracked(path, git) ? .tracked : path.isOursToWrite ? .untracked : .unwritable
  }

  /// Whether git tracks a file below `path`, or would take one with the next `git add`.
  private static func isTracked(_ path: FilePath, _ git: GitCommand) throws(GitError) -> Bool {
    if try !git.output(["--literal-pathspecs", "ls-files", "-z", "--", Argument(path)]).isEmpty { return true }
    let hook = path / HookName.preCommit.rawValue
    return try !git.run(["check-ignore", "--quiet", "--", Argument(hook)]).succeeded
  }
}

extension HooksDirectory.Setting {
  /// The value that counts, which is the last one.
  fileprivate init?(git: GitCommand) throws(GitError) {
    let arguments: [Argument] = ["config", "--null", "--show-scope", "--show-origin", "--get-all", "core.hooksPath"]
    let result = try git.run(arguments)
    if result.ending == .exited(1) { return nil }
    guard result.succeeded else { throw GitCommand.failure(arguments, result) }
    let fields = result.output.split(separator: 0, omittingEmptySubsequences: false).dropLast()
    guard fields.count >= 3 else { return nil }
    let last = fields.suffix(3).map { String(decoding: $0, as: UTF8.self) }
    (scope, origin, value) = (last[0], last[1], last[2])
  }
}

extension GitCommand {
  fileprivate func lineIfSuccessful(_ arguments: [Argument]) throws(GitError) -> [UInt8]? {
    let result = try run(arguments)
    return result.succeeded ? Array(result.output.prefix { $0 != UInt8(ascii: "\n") }) : nil
  }
}

extension FilePath {
  /// This directory or the closest one above it that is there.
  var nearestDirectory: FilePath { isDirectory || self == "/" ? self : parent.nearestDirectory }

  /// Without symbolic links in the part that exists.
  var resolvedAsFarAsPossible: FilePath {
    if let resolved = try? resolved() { return resolved }
    return self == "/" || self == "." ? self : parent.resolvedAsFarAsPossible.appending(lastComponent.bytes)
  }

  fileprivate var isOursToWrite: Bool {
    let directory = nearestDirectory
    guard let status = try? directory.targetStatus() else { return false }
    return status.owner == CurrentProcess.user && directory.canBeWritten
  }
}
