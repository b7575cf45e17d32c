import Git
import Platform

/// A directory that is gone when the test is over.
public final class TemporaryDirectory {
  public let path: FilePath

  public init() throws {
    path = try FilePath.temporaryDirectory(prefix: "preflight-test").resolved()
  }

  deinit { try? path.removeRecursively() }
}

/// A process that failed where the test needs it not to.
public struct UnexpectedExit: Error, CustomStringConvertible {
  public let description: String

  public init(description: String) { self.description = description }
}

/// What a command printed and how it ended.
public struct CommandOutcome: Equatable {
  public var status: Int32
  public var standardOutput: String
  public var standardError: String

  public init(status: Int32, standardOutput: String, standardError: String) {
    self.status = status
    self.standardOutput = standardOutput
    self.standardError = standardError
  }

  public init(_ result: ProcessResult) {
    status = result.exitStatus
    standardOutput = String(decoding: result.output, as: UTF8.self)
    standardError = String(decoding: result.error, as: UTF8.self)
  }
}

/// The environment that every test's git runs in: nobody's configuration, a fixed person, fixed times, so that ids repeat.
public func sealedEnvironment(home: FilePath) -> Environment {
  var environment = Environment()
  let own = Environment.current
  environment["PATH"] = own["PATH"]
  for name in ["LD_LIBRARY_PATH", "TMPDIR"] { environment[name] = own[name] }
  // Only the tests' own process is counted: a process that a test kills while it writes its counts leaves half a file,
  // and one such file is enough for `swift test --enable-code-coverage` to fail.
  environment["LLVM_PROFILE_FILE"] = "/dev/null"
  environment[bytes: "HOME"] = home.bytes
  environment[bytes: "XDG_STATE_HOME"] = (home / "state").bytes
  environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
  environment["GIT_CONFIG_SYSTEM"] = "/dev/null"
  environment["GIT_AUTHOR_NAME"] = "A U Thor"
  environment["GIT_AUTHOR_EMAIL"] = "author@example.com"
  environment["GIT_COMMITTER_NAME"] = "C O Mitter"
  environment["GIT_COMMITTER_EMAIL"] = "committer@example.com"
  environment["GIT_AUTHOR_DATE"] = "1700000000 +0000"
  environment["GIT_COMMITTER_DATE"] = "1700000000 +0000"
  environment["GIT_EDITOR"] = "true"
  environment["TZ"] = "UTC"
  environment["LC_ALL"] = "C"
  environment["NO_COLOR"] = "1"
  return environment
}

/// A repository in a temporary directory, driven by the real git in a sealed environment.
public final class TestRepository {
  private let directory: TemporaryDirectory
  /// The top of the working tree.
  public let path: FilePath
  public var environment: Environment

  /// An empty repository whose first branch is `main`.
  public init(bare: Bool = false, options: [Argument] = []) throws {
    directory = try TemporaryDirectory()
    path = directory.path / "repository"
    environment = sealedEnvironment(home: directory.path / "home")
    try (directory.path / "home").createDirectories()
    try path.createDirectories()
    try git(["init", "--quiet", "--initial-branch=main"] + (bare ? ["--bare"] : []) + options)
    try setIdentity()
  }

  /// A clone of `other` below this one's temporary directory.
  public init(cloning other: TestRepository, name: String = "clone", options: [Argument] = []) throws {
    directory = other.directory
    path = other.directory.path / name
    environment = other.environment
    try run("git", ["clone", "--quiet"] + options + [Argument(other.path), Argument(path)], in: other.directory.path)
    try setIdentity()
  }

  /// In the repository: the variables of the sealed environment do not reach a git that runs in another worktree.
  private func setIdentity() throws {
    try git(["config", "user.name", "A U Thor"])
    try git(["config", "user.email", "author@example.com"])
  }

  /// The directory around the repository: worktrees and clones of a test go there.
  public var surroundings: FilePath { directory.path }

  // MARK: Commands

  /// Runs git at the top of this repository (or `place`); a failure is thrown. Returns what it printed, trimmed.
  @discardableResult
  public func git(_ arguments: [Argument], in place: FilePath? = nil, input: [UInt8] = []) throws -> String {
    try run("git", arguments, in: place ?? path, input: input)
  }

  /// The same for any outcome.
  public func attempt(
    _ program: FilePath, _ arguments: [Argument], in place: FilePath? = nil, input: [UInt8] = [],
    environment changes: [String: String] = [:]
  ) throws -> CommandOutcome {
    var environment = environment
    for (name, value) in changes { environment[name] = value }
    let request = ProcessRequest(
      program, arguments, environment: environment, directory: place ?? path, input: input)
    return CommandOutcome(try ChildProcess.run(request))
  }

  @discardableResult
  private func run(
    _ program: FilePath, _ arguments: [Argument], in place: FilePath, input: [UInt8] = []
  ) throws -> String {
    let outcome = try attempt(program, arguments, in: place, input: input)
    guard outcome.status == 0 else {
      let words = arguments.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: " ")
      throw UnexpectedExit(description: "\(program) \(words): \(outcome.status)\n\(outcome.standardError)")
    }
    var text = outcome.standardOutput[...]
    while let last = text.last, last.isNewline { text.removeLast() }
    return String(text)
  }

  // MARK: Content

  public func write(_ file: String, _ contents: String, in place: FilePath? = nil) throws {
    try write(FilePath(file), Array(contents.utf8), in: place)
  }

  public func write(_ file: FilePath, _ contents: [UInt8], in place: FilePath? = nil) throws {
    let target = (place ?? path).appending(file.bytes)
    try target.parent.createDirectories()
    try target.write(contents)
  }

  public func read(_ file: String, in place: FilePath? = nil) throws -> String {
    String(decoding: try ((place ?? path) / file).contents(), as: UTF8.self)
  }

  /// Writes and stages `files` (`nil` deletes one) and commits them without running hooks.
  @discardableResult
  public func commit(
    _ message: String, _ files: [String: String?] = [:], in place: FilePath? = nil
  ) throws -> ObjectID {
    for (file, contents) in files {
      if let contents {
        try write(file, contents, in: place)
        try git(["add", "--", Argument(file)], in: place)
      } else {
        try git(["rm", "--quiet", "--", Argument(file)], in: place)
      }
    }
    try git(["commit", "--quiet", "--allow-empty", "--no-verify", "-m", Argument(message)], in: place)
    return try tip("HEAD", in: place)
  }

  /// The commit that a revision names.
  public func tip(_ revision: String, in place: FilePath? = nil) throws -> ObjectID {
    let text = try git(["rev-parse", "--verify", "\(revision)^{commit}"], in: place)
    guard let id = ObjectID(hex: text) else { throw UnexpectedExit(description: "no commit: \(revision)") }
    return id
  }

  /// A new worktree beside the repository, on a new branch.
  @discardableResult
  public func addWorktree(_ name: String, branch: String, from start: String = "HEAD") throws -> FilePath {
    let place = surroundings / name
    try git(["worktree", "add", "--quiet", "--no-track", "-b", Argument(branch), Argument(place), Argument(start)])
    return place
  }

  /// The repository as the product opens it, from the main worktree or from `place`.
  public func open(in place: FilePath? = nil) throws -> Repository {
    try Repository(environment: environment, directory: place ?? path)
  }
}
