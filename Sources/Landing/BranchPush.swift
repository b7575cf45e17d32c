import Git
import Inspection
import Platform
import StateFiles
import Sync

/// Brings a branch to where the remote has it, or is to have it: with the exact commit that is expected there, so that
/// nobody's push is ever overwritten.
public struct BranchPush {
  public enum Outcome: Hashable, Sendable {
    case done
    case upToDate
    case noRemote
    /// The remote's branch has commits that this one never had.
    case unseen(String)
    /// With git's exit status; git and the hooks have said why.
    case refused(status: Int32)

    public var isSuccess: Bool {
      switch self {
      case .done, .upToDate, .noRemote: true
      case .unseen, .refused: false
      }
    }
  }

  private let repository: Repository
  private let names: TrunkNames
  private let environment: Environment
  private let waiting: (_ process: Int32, _ description: String) -> Void

  /// - Parameter waiting: told of a push that takes long.
  public init(
    _ situation: Situation, names: TrunkNames, environment: Environment,
    waiting: @escaping (_ process: Int32, _ description: String) -> Void = { _, _ in }
  ) {
    self.waiting = waiting
    repository = situation.repository
    self.names = names
    self.environment = environment
  }

  /// - Parameter branch: in full.
  public func push(_ branch: String) throws -> Outcome {
    guard let tip = try repository.target(of: branch) else { return .noRemote }
    let publication = try repository.publication(of: branch, trunk: names)
    let words: [String]
    if let publication {
      let there = publication.tracking.target
      if there == tip { return .upToDate }
      let isOurs = try PushLeases(repository.layout).pending(for: branch, in: repository) != nil
      guard try isOurs || repository.hasIncluded(there, in: branch, at: tip) else {
        return .unseen(publication.tracking.name.replacingPrefix("refs/remotes/"))
      }
      words = PushLease(branch: branch, publication: publication).words
    } else if let remote = names.remote {
      words = ["push", "--force-with-lease=\(branch):", remote, "\(branch):\(branch)"]  // it must not be there
    } else {
      return .noRemote
    }
    // A push like any other: our own pre-push judges it, too, so the mark of our own gits is not set.
    var git = GitCommand(
      in: repository.layout.workTree ?? repository.layout.gitDirectory, environment: environment)
    git.environment[GitCommand.depthVariable] = nil
    git.environment["GIT_TERMINAL_PROMPT"] = "1"  // a person is there to answer
    let result = try git.run(words.map { Argument($0) }, output: .discarded, error: .inherited, waiting: waiting)
    return result.succeeded ? .done : .refused(status: result.exitStatus)
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
