import Git
import Platform

/// One of the project's own commands, to be run in a worktree.
public struct CheckRequest: Sendable {
  /// Told apart by it from the other checks of a run.
  public var name: String
  /// As the plan has it: the first word is the program. Never parsed by a shell.
  public var command: [String]
  public var placeholders: Placeholders
  public var directory: FilePath
  public var environment: Environment
  /// Checks with the same lock run one at a time across all worktrees of this machine.
  public var lock: String?
  /// Seconds, from the start; waiting for a lock does not count.
  public var timeout: Double
  /// The variables that the result depends on, by name.
  public var variables: [String]
  /// What the worktree holds; `nil` where it is not exactly what a tree holds, and nothing may be remembered of it.
  public var tree: ObjectID?
  /// What is to be reported instead of running it: `skipped` or `notTrusted`.
  public var foregone: CheckStatus?

  public init(
    _ name: String, _ command: [String], in placeholders: Placeholders, environment: Environment, lock: String? = nil,
    timeout: Double = 600, variables: [String] = [], tree: ObjectID? = nil, foregone: CheckStatus? = nil
  ) {
    self.name = name
    self.command = command
    self.placeholders = placeholders
    directory = placeholders.worktree
    self.environment = environment
    self.lock = lock
    self.timeout = timeout
    self.variables = variables
    self.tree = tree
    self.foregone = foregone
  }

  /// Under which name a pass is remembered: the tree, the command and the values that it depends on, but not the directory:
  /// what passed on a tree in one worktree has passed on it in all. `nil` without a tree.
  var key: String? {
    guard let tree else { return nil }
    var elsewhere = placeholders
    elsewhere.worktree = "{worktree}"
    guard let words = try? elsewhere.filling(command) else { return nil }
    var fingerprint = Fingerprint()
    fingerprint.add("preflight check 1")
    fingerprint.add(tree.bytes)
    fingerprint.add(list: words.map(\.bytes))
    for variable in Set(variables).sorted() {
      fingerprint.add(variable)
      fingerprint.add(environment[bytes: variable])
    }
    return fingerprint.hex
  }
}
