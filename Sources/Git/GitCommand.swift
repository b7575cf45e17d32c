import Platform

/// Runs the user's own git: for everything that changes refs, indexes or working trees, and for what only git decides.
public struct GitCommand: Sendable {
  /// What binds a process to a repository: `git rev-parse --local-env-vars`, but for `GIT_CONFIG_PARAMETERS` and
  /// `GIT_CONFIG_COUNT` with its keys. `git -c user.name=…` is meant for every git that the command starts.
  private static let repositoryVariables = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX", "GIT_INTERNAL_SUPER_PREFIX", "GIT_SHALLOW_FILE", "GIT_COMMON_DIR", "GIT_QUARANTINE_PATH",
  ]

  /// The same, and what `git commit`, `pull` and `rebase` export to their hooks besides.
  static let localVariables =
    repositoryVariables + [
      "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE", "GIT_REFLOG_ACTION",
      "GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_CHERRY_PICK_HELP",
    ]

  /// Set for every git that we start: with it our hooks run only a chained hook and leave.
  public static let depthVariable = "PREFLIGHT_DEPTH"

  public var directory: FilePath
  public var environment: Environment

  /// git as if started by hand in `directory`, whatever git started us.
  public init(in directory: FilePath, environment: Environment = .current) {
    self.directory = directory
    self.environment = Self.scrubbed(environment)
  }

  /// git on the very repository and index that git named to this hook.
  public init(inheriting environment: Environment, in directory: FilePath) {
    self.directory = directory
    self.environment = environment
    Self.mark(&self.environment)
  }

  /// `environment` without anything that binds git to a repository.
  public static func scrubbed(_ environment: Environment) -> Environment {
    var result = environment
    for name in localVariables { result[name] = nil }
    // A work tree given by configuration would follow git into other worktrees.
    if let count = environment["GIT_CONFIG_COUNT"].flatMap({ Int($0) }) {
      for index in 0..<min(count, 1000) where environment["GIT_CONFIG_KEY_\(index)"]?.lowercased() == "core.worktree" {
        result["GIT_CONFIG_KEY_\(index)"] = "preflight.ignored"
      }
    }
    if let parameters = environment["GIT_CONFIG_PARAMETERS"], parameters.lowercased().utf8.mentions("core.worktree") {
      result["GIT_CONFIG_PARAMETERS"] = nil
    }
    mark(&result)
    return result
  }

  /// `environment` for a command of the project's own: bound to no repository, and otherwise the user's.
  public static func unbound(_ environment: Environment) -> Environment {
    var result = environment
    for name in repositoryVariables { result[name] = nil }
    return result
  }

  private static func mark(_ environment: inout Environment) {
    let depth = environment[depthVariable].flatMap { Int($0) } ?? 0
    environment[depthVariable] = String(depth + 1)
    environment["GIT_OPTIONAL_LOCKS"] = "0"  // a read must not take index.lock from under somebody
    environment["GIT_TERMINAL_PROMPT"] = environment["GIT_TERMINAL_PROMPT"] ?? "0"
    environment["LC_ALL"] = "C"
  }

  /// Runs to the end, whatever the exit status.
  public func run(
    _ arguments: [Argument], input: [UInt8] = [], output: ProcessRequest.Stream = .captured,
    error: ProcessRequest.Stream = .captured
  ) throws(GitError) -> ProcessResult {
    try systemCall { () throws(SystemError) in
      try ChildProcess.run(request(arguments, input: input, output: output, error: error))
    }
  }

  /// The same for a git that talks to another machine: it ends by git's own time-outs, or when somebody interrupts it.
  ///
  /// - Parameters:
  ///   - patience: seconds after which somebody who sits there begins to wonder.
  ///   - waiting: told once, then, which process is waited for and what it does.
  public func run(
    _ arguments: [Argument], output: ProcessRequest.Stream = .captured, error: ProcessRequest.Stream = .captured,
    patience: Double = 3, waiting: (_ process: Int32, _ description: String) -> Void
  ) throws(GitError) -> ProcessResult {
    let request = request(arguments, output: output, error: error)
    return try systemCall { () throws(SystemError) in
      let child = try ChildProcess(request)
      if !child.poll(seconds: patience) {
        var words = arguments.map { String(decoding: $0.bytes, as: UTF8.self) }[...]
        while words.first == "-c" { words = words.dropFirst(2) }
        waiting(child.id, "git " + words.filter { !$0.hasPrefix("-") }.prefix(2).joined(separator: " "))
      }
      return child.finish()
    }
  }

  public func request(
    _ arguments: [Argument], input: [UInt8] = [], output: ProcessRequest.Stream = .captured,
    error: ProcessRequest.Stream = .captured
  ) -> ProcessRequest {
    ProcessRequest(
      "git", arguments, environment: environment, directory: directory, input: input, output: output, error: error)
  }

  /// What git printed; any exit status but 0 is an error.
  @discardableResult
  public func output(_ arguments: [Argument], input: [UInt8] = []) throws(GitError) -> [UInt8] {
    let result = try run(arguments, input: input)
    guard result.succeeded else { throw Self.failure(arguments, result) }
    return result.output
  }

  /// The first line of what git printed.
  public func line(_ arguments: [Argument], input: [UInt8] = []) throws(GitError) -> String {
    String(decoding: firstLine(try output(arguments, input: input)), as: UTF8.self)
  }

  /// The first line, or `nil` where git exits with 1: "no such key", "no such ref".
  public func lineIfAny(_ arguments: [Argument]) throws(GitError) -> String? {
    let result = try run(arguments)
    if result.ending == .exited(1) { return nil }
    guard result.succeeded else { throw Self.failure(arguments, result) }
    return String(decoding: firstLine(result.output), as: UTF8.self)
  }

  public static func failure(_ arguments: [Argument], _ result: ProcessResult) -> GitError {
    let words = arguments.prefix(6).map { String(decoding: $0.bytes, as: UTF8.self) }
    let complaint = result.complaint
    return GitError(
      .command(arguments: words, status: result.exitStatus, message: complaint.isEmpty ? "no message" : complaint))
  }

  /// The version of the user's git.
  public func version() throws(GitError) -> GitVersion {
    GitVersion(try line(["version"]))
  }
}

/// As `git version 2.39.5 (Apple Git-154)` says it.
public struct GitVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
  public var major: Int
  public var minor: Int

  public init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  public init(_ line: String) {
    let words = line.split(separator: " ")
    let numbers = (words.count > 2 ? words[2] : "").split(separator: ".").map { Int($0) ?? 0 }
    self.init(major: numbers.first ?? 0, minor: numbers.count > 1 ? numbers[1] : 0)
  }

  public var description: String { "\(major).\(minor)" }

  public static func < (left: GitVersion, right: GitVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}
