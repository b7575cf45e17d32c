import Git
import HookIdentity
import Platform

/// Starts `preflight notice` beside whoever has something to tell, and does not wait for it: whatever it runs, and however
/// long that takes, neither a hook nor a command is held up.
public struct NoticeStart {
  private let layout: RepositoryLayout
  private let environment: Environment

  public init(_ layout: RepositoryLayout, environment: Environment) {
    self.layout = layout
    self.environment = environment
  }

  /// - Parameter process: what it waits for before it looks: a push that has not ended.
  public func start(after process: Int32? = nil) throws {
    let repository = try Repository(layout, environment: environment)
    guard let program = ProgramFile.find(for: repository) else { return }
    var request = ProcessRequest(
      program, ["notice"] + (process.map { ["--after", "\($0)"] } ?? []), environment: GitCommand.unbound(environment),
      directory: layout.workTree ?? layout.commonDirectory, output: .discarded, error: .discarded)
    request.ownSession = true
    _ = try ChildProcess(request)
  }
}

extension HookInvocation {
  /// Has told what this hook is about to bring, or has brought, where the plan has a command for that.
  func startNotices() {
    guard !isRehearsal, let layout = try? layout() else { return }
    let marks = NoticeMarks(layout)
    let start = NoticeStart(layout, environment: environment)
    switch hook {
    // A rebase commits step by step; post-rewrite comes when it is done.
    case .postCommit where marks.isWanted("committed") && layout.rebasedBranch == nil: try? start.start()
    case .postRewrite where marks.isWanted("committed"): try? start.start()
    case .prePush where marks.isWanted("pushed"): try? start.start(after: push)
    default: break
    }
  }

  /// The push that runs this hook.
  private var push: Int32? {
    RunningProcess.ancestors().first { GitInvocation($0)?.subcommand == "push" }?.id
  }
}
