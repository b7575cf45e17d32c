import Git
import HookIdentity
import Platform
import Reporting

extension HookName {
  /// Whether git feeds the hook on its standard input.
  var readsInput: Bool { self == .prePush || self == .postRewrite }

  /// Whether git has finished already: such a hook can only say something, never fail what it follows.
  var isAfterwards: Bool { self == .postMerge || self == .postRewrite || self == .postCommit }

  /// Whether what git did may have moved the place where the own commits of the branch begin.
  public var mayMoveBase: Bool { self == .postMerge || self == .postRewrite }
}

/// How git started us.
public struct HookInvocation {
  public let hook: HookName
  /// As git gave them, without the hook's own path.
  public let arguments: [String]
  public let environment: Environment
  public let directory: FilePath
  /// The file in the hooks directory that git started; `nil` when a manager called us.
  public let hookFile: FilePath?
  /// What git wrote to the hook; empty for hooks that are told nothing.
  public let input: [UInt8]
  /// Set where `preflight doctor --timing` has the hook rehearse.
  let timing: HookTiming?
  private let place = Place()

  private final class Place { var layout: RepositoryLayout? }

  /// Reads the arguments, and the input where the hook has one.
  ///
  /// An installed hook is a copy of this program, or a file of one line, `#!/path/of/this/program`: the kernel then puts
  /// that file's path before git's arguments.
  public init(
    _ hook: HookName, commandLine: [String], environment: Environment = .current, directory: FilePath,
    input: [UInt8]? = nil
  ) throws(SystemError) {
    self.hook = hook
    self.environment = environment
    self.directory = directory
    timing = HookTiming(environment)
    var arguments = Array(commandLine.dropFirst())
    if environment[HookName.managedVariable] != nil {
      hookFile = nil
    } else if let first = arguments.first, Self.isHookFile(directory.appending(first), of: hook) {
      hookFile = directory.appending(first).normalized
      arguments.removeFirst()
    } else if let own = commandLine.first, own.utf8.contains(UInt8(ascii: "/")) {
      hookFile = directory.appending(own).normalized
    } else {
      hookFile = nil
    }
    self.arguments = arguments
    self.input = if let input { input } else if hook.readsInput { try StandardStream.input.readToEnd() } else { [] }
  }

  /// Where git runs us; looked for once.
  public func layout() throws(GitError) -> RepositoryLayout {
    if let layout = place.layout { return layout }
    let layout = try RepositoryLayout(environment: environment, directory: directory)
    place.layout = layout
    return layout
  }

  /// Books the time since the last mark under `phase`; see `HookTiming`.
  public func mark(_ phase: String) { timing?.mark(phase) }

  /// Whether nothing may be said, written or started.
  public var isRehearsal: Bool { timing != nil }

  private static func isHookFile(_ path: FilePath, of hook: HookName) -> Bool {
    guard path.lastComponent == FilePath(hook.rawValue), let bytes = try? path.contents() else { return false }
    return bytes.starts(with: "#!".utf8)
  }

  /// Whether git is still at work in this worktree, which must not be moved then. After a true merge MERGE_HEAD is still
  /// there; only a commit is done.
  public var isInTheMiddle: Bool { hook != .postCommit }

  /// Whether a git that we started ourselves has started this hook.
  var isOurOwnDoing: Bool { environment[GitCommand.depthVariable] != nil }

  /// The hook that was there before ours, where it can be run.
  var chained: FilePath? {
    guard let hookFile else { return nil }
    let file = HookName.chained(beside: hookFile)
    return file.canBeExecuted && !file.isDirectory ? file : nil
  }

  /// Runs the chained hook with the same arguments and the same input; `nil` where there is none.
  func runChained() -> Int32? {
    guard let chained else { return nil }
    var environment = environment
    environment[HookName.managedVariable] = nil
    var request = ProcessRequest(
      chained, arguments.map { Argument($0) }, environment: environment, directory: directory,
      input: hook.readsInput ? input : nil, output: .inherited, error: .inherited)
    request.timeout = nil
    do { return try ChildProcess.run(request).exitStatus } catch {
      Printer(.error, environment: environment).print("preflight: \(error.description)")
      return 127
    }
  }
}
