import Checks
import Git
import Plan
import Platform
import StateFiles
import Sync

/// The plan's program, about to be started in a stream's worktree with its brief.
public struct Launch {
  public let stream: Plan.Stream
  public let worktree: Worktree
  private let command: [String]
  private let environment: Environment
  private let base: ObjectID?

  /// - Parameter environment: the user's.
  public init(
    _ stream: Plan.Stream, in worktree: Worktree, of plan: Plan, trust: Trust, environment: Environment
  ) throws {
    guard !plan.launch.isEmpty else { throw LaunchFault.notPlanned }
    guard trust.isApproved(TrustedCommand("launch", plan.launch)) else { throw LaunchFault.notApproved }
    self.stream = stream
    self.worktree = worktree
    command = plan.launch
    self.environment = environment.forCommand(in: worktree.layout, stream: stream.id)
    base = try StreamBases(worktree.layout).recorded(for: "refs/heads/\(stream.branch)")
  }

  /// A program with its arguments.
  public struct Words: Hashable, Sendable {
    /// A path; relative to the worktree.
    public var program: FilePath
    /// As the plan calls it: argument 0.
    public var name: FilePath
    public var arguments: [Argument]
  }

  /// What is started; the brief is written into the worktree's git directory for `{brief-file}`.
  public func words(brief: String) throws -> Words {
    let file = worktree.layout.worktreeStateDirectory / "brief.md"
    try file.parent.createDirectories()
    try file.write(Array(brief.utf8))
    var placeholders = Placeholders(
      worktree: worktree.path, stream: Array(stream.id.utf8), branch: Array(stream.branch.utf8),
      base: base.map { Array($0.description.utf8) })
    placeholders.brief = Array(brief.utf8)
    placeholders.briefFile = file
    let words = try placeholders.filling(command)
    let name = FilePath(words[0].bytes)
    return Words(program: try program(name), name: name, arguments: Array(words.dropFirst()))
  }

  /// Fails where the program is not there; unlike `words` it writes no brief, which one that was launched before may read.
  public func requireProgram() throws {
    let placeholders = Placeholders(
      worktree: worktree.path, stream: Array(stream.id.utf8), branch: Array(stream.branch.utf8),
      base: base.map { Array($0.description.utf8) })
    _ = try program(FilePath(placeholders.filling([command[0]])[0].bytes))
  }

  private func program(_ name: FilePath) throws -> FilePath {
    do throws(SystemError) {
      let program = try programFile(name, environment: environment, directory: worktree.path)
      guard worktree.path.appending(program.bytes).exists else {
        throw .missing(name, operation: "start")
      }
      return program
    } catch { throw LaunchFault.noProgram(error) }
  }

  /// This process becomes the program: it has the terminal, the process group and every signal to itself. Its worktree
  /// counts as busy until it, and whatever it leaves running, has ended.
  public func become(_ words: Words) throws -> Never {
    let activity = try Activity(Activity.launch, in: worktree.layout)
    let kept: Int32? =
      switch activity {
      case .some(let activity): activity.descriptor;
      case .none: nil
      }
    do throws(SystemError) {
      try CurrentProcess.replace(
        by: words.program, name: words.name, arguments: words.arguments, environment: environment,
        directory: worktree.path, keepingOpen: kept)
    } catch { throw LaunchFault.noProgram(error) }
  }
}

/// Why nothing is launched.
public enum LaunchFault: Error {
  /// The plan has no `[launch]`.
  case notPlanned
  /// Its command is not approved on this machine.
  case notApproved
  case noProgram(SystemError)
}

extension LaunchFault {
  /// Whether the brief, or all arguments together, are longer than the system takes; see execve(2).
  public var isTooLong: Bool {
    if case .noProgram(let error) = self { error.isArgumentListTooLong } else { false }
  }
}
