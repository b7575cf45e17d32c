import Git
import Platform

/// A repository that the built `preflight install` has armed: a plan on trunk, a bare origin that has trunk, and the
/// worktrees of two planned streams. What is typed in it is typed as a person would, in a shell.
public final class ArmedHive {
  /// Where stream `one` is at work.
  public enum Place: String, CaseIterable, Sendable, CustomStringConvertible {
    case mainWorktree = "in the main worktree"
    case linkedWorktree = "in a linked worktree"

    public var description: String { rawValue }
  }

  public let repository: TestRepository
  public let origin: FilePath
  /// The worktree that has `main` checked out, and those of the two streams.
  public let trunk: FilePath
  public let one: FilePath
  public let two: FilePath

  /// - Parameters:
  ///   - rules: lines of the plan's `[rules]`.
  ///   - commits: lines of its `[commits]`.
  public init(_ place: Place = .linkedWorktree, rules: String = "", commits: String = "") throws {
    repository = try TestRepository()
    origin = repository.surroundings / "origin.git"
    let linked = repository.surroundings / (place == .mainWorktree ? "trunk" : "one")
    (trunk, one) = place == .mainWorktree ? (linked, repository.path) : (repository.path, linked)
    two = repository.surroundings / "two"
    let path = try BuiltProducts.directory().description + ":" + (repository.environment["PATH"] ?? "")
    repository.environment["PATH"] = path
    let plan = Self.plan(oneIn: one.lastComponent.description, rules: rules, commits: commits)
    for (file, contents) in Self.files { try repository.write(file, contents) }
    try repository.write("preflight.toml", plan)
    try type(
      """
      git add --all && git commit --quiet -m 'chore: start'
      git init --quiet --bare --initial-branch=main ../origin.git
      git remote add origin ../origin.git
      git push --quiet --set-upstream origin main 2>&1
      git branch three
      git worktree add --quiet --no-track -b two ../two
      """, in: repository.path)
    switch place {
    case .mainWorktree:
      try type("git switch --quiet --no-track -c one && git worktree add --quiet ../trunk main", in: repository.path)
    case .linkedWorktree: try type("git worktree add --quiet --no-track -b one ../one", in: repository.path)
    }
    try type("preflight install", in: repository.path)
  }

  private static func plan(oneIn directory: String, rules: String, commits: String) -> String {
    """
    [project]
    trunk = "main"
    remote = "origin"
    issue-prefix = ["ABC"]

    [commits]
    scopes = ["core", "cli"]
    \(commits)

    [rules]
    \(rules)

    [sync]
    quiet = "0s"

    [worktree]
    dir = ".."

    [[shared]]
    paths = ["src/index.ts"]
    merge = "barrel"

    [[shared]]
    paths = ["CHANGELOG.md"]
    merge = "text"

    [[shared]]
    paths = ["HISTORY.md"]
    merge = "changelog"

    [[shared]]
    paths = ["package.json"]
    merge = "manifest"

    [streams.one]
    name = "First"
    branch = "one"
    dir = "\(directory)"
    files = ["one/**"]
    issues = [{ id = "ABC-1", title = "the first", after = ["ABC-2"] }]

    [streams.two]
    name = "Second"
    branch = "two"
    dir = "two"
    files = ["two/**"]
    issues = [{ id = "ABC-2", title = "the second" }]

    [streams.three]
    name = "Third"
    branch = "three"
    files = ["three/**"]
    issues = [{ id = "ABC-3", title = "the third" }]

    """
  }

  /// The first commit's, but for the plan.
  public static let files: [String: String] = [
    "CHANGELOG.md": "# Changelog\n\n- a\n- b\n- c\n- d\n- e\n", "src/index.ts": barrel,
    "src/types.ts": "export interface Status {}\n", "package.json": "{\n  \"name\": \"hive\"\n}\n",
    "HISTORY.md": "# History\n\n## [Unreleased]\n\n### Added\n\n- a\n\n## [1.0.0]\n\n### Added\n\n- b\n",
    "src/second.ts": "export {}\n", "src/loose.ts": "export {}\n", "one/kept": "1\n", "two/kept": "1\n",
    "free/kept": "1\n",
  ]

  /// The barrel: a live export, a stub of each of two streams, and one that nobody has reserved.
  public static let barrel = """
    export * from './types.js'

    // First (ABC-1)
    // export * from './first.js'

    // Second (ABC-2)
    // export * from './second.js'

    // export * from './loose.js'

    """

  // MARK: Typing

  /// What came of `script`, typed into a shell in `place`: in stream one's worktree unless another is named. `$ONE`, `$TWO`,
  /// `$TRUNK`, `$MAIN` (the main worktree) and `$ORIGIN` are the directories.
  public func outcome(
    of script: String, in place: FilePath? = nil, environment: [String: String] = [:]
  ) throws -> CommandOutcome {
    var variables = [
      "ONE": one.description, "TWO": two.description, "TRUNK": trunk.description,
      "MAIN": repository.path.description, "ORIGIN": origin.description,
    ]
    variables.merge(environment) { $1 }
    return try repository.attempt("sh", ["-c", Argument(script)], in: place ?? one, environment: variables)
  }

  /// The same where every command has to succeed; what it printed on either stream.
  @discardableResult
  public func type(
    _ script: String, in place: FilePath? = nil, environment: [String: String] = [:]
  ) throws -> String {
    let outcome = try outcome(of: "set -e\n" + script, in: place, environment: environment)
    guard outcome.status == 0 else {
      throw UnexpectedExit(
        description: "\(script)\n\(outcome.status)\n\(outcome.standardOutput)\(outcome.standardError)")
    }
    return outcome.standardOutput + outcome.standardError
  }

  /// The same without any hook, as somebody else's machine would do it.
  @discardableResult
  public func arrange(_ script: String, in place: FilePath? = nil) throws -> String {
    try type(
      script, in: place,
      environment: [
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.hooksPath", "GIT_CONFIG_VALUE_0": "/dev/null",
      ])
  }

  // MARK: Looking

  /// Whether a branch holds the tip of `trunk`.
  public func isOnTrunk(_ branch: String, _ trunk: String = "main") throws -> Bool {
    try repository.attempt("git", ["merge-base", "--is-ancestor", Argument(trunk), Argument(branch)]).status == 0
  }
}

extension CommandOutcome {
  /// The commands that the hints of this output end in: `hint: to see theirs: git …` has a reason before its command.
  public var hints: [String] {
    standardError.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let line = String(decoding: line, as: UTF8.self)
      guard line.hasPrefix("hint: ") else { return nil }
      let hint = line.dropFirst("hint: ".count)
      let isExplained = hint.hasPrefix("to ") || hint.hasPrefix("if ")
      guard isExplained, let colon = hint.firstRange(of: ": ") else { return String(hint) }
      return String(hint[colon.upperBound...])
    }
  }

  /// The findings that were printed of `rule`: each line that ends in `[rule]`, or names a commit behind it.
  public func findings(of rule: String) -> [String] {
    standardError.utf8.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
      .filter { $0.contains("[\(rule)]") }
  }
}
