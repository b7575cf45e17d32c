import Checks
import Git
import Inspection
import Plan
import Platform

/// One of the plan's own commands that finishes or merges a stream: run with the terminal left to it.
public struct PlanCommand {
  public enum Outcome: Hashable, Sendable {
    case done
    case failed(status: Int32)
    /// The reason, as a phrase.
    case couldNotStart(String)
    case notTrusted

    public var isSuccess: Bool { self == .done }
  }

  /// The table of the plan that it stands in.
  let table: String
  let words: [String]
  let environment: Environment

  public init(_ table: String, _ words: [String], environment: Environment) {
    self.table = table
    self.words = words
    self.environment = environment
  }

  public func isTrusted(in layout: RepositoryLayout) throws -> Bool {
    try Trust.load(for: layout, environment: environment).isApproved(TrustedCommand(table, words))
  }

  /// - Parameter situation: of the worktree that it is run in.
  public func run(for stream: Plan.Stream?, branch: String, in situation: Situation) throws -> Outcome {
    guard try isTrusted(in: situation.repository.layout) else { return .notTrusted }
    let place = situation.repository.layout.workTree ?? situation.repository.layout.commonDirectory
    let placeholders = Placeholders(
      worktree: place, stream: stream.map { Array($0.id.utf8) }, branch: Array(branch.shortBranchName.utf8),
      base: situation.trunk.map { Array($0.tip.description.utf8) })
    do {
      let command = try placeholders.filling(words)
      var request = ProcessRequest(
        FilePath(command[0].bytes), Array(command.dropFirst()),
        environment: environment.forCommand(in: situation.repository.layout, stream: stream?.id),
        directory: place, input: nil, output: .inherited, error: .inherited)
      request.timeout = nil
      let result = try ChildProcess.run(request)
      return result.succeeded ? .done : .failed(status: result.exitStatus)
    } catch let error as SystemError {
      return .couldNotStart(error.description)
    } catch let error as Placeholders.Unfilled {
      return .couldNotStart(error.description)
    }
  }
}
