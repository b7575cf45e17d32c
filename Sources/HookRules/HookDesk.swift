import Git
import HookSupport
import Inspection
import Plan
import Platform
import Reporting
import Rules

/// What a hook has in hand once it knows where it is: the repository, the plan, and what may be passed over.
public struct HookDesk {
  public let invocation: HookInvocation
  public let situation: Situation
  public let bypasses: Bypasses

  public var repository: Repository { situation.repository }
  public var layout: RepositoryLayout { situation.repository.layout }

  /// `nil` where there is no plan: without one, hooks pass silently.
  public init?(_ invocation: HookInvocation) throws {
    let repository = try Repository(invocation.layout(), environment: invocation.environment)
    self.invocation = invocation
    let compiler = PlanCompiler(repository: repository, environment: invocation.environment)
    do {
      situation = try Situation(repository, source: PlanSource(repository, compile: compiler.compile))
    } catch let problem as PlanProblem {
      Printer(.error, environment: invocation.environment).print(Self.words(for: problem))
      return nil
    }
    bypasses = Bypasses(
      commonState: repository.layout.stateDirectory, worktreeState: repository.layout.worktreeStateDirectory,
      environment: invocation.environment)
    if !invocation.isRehearsal {
      TrunkNotice(repository.layout).update(situation, environment: invocation.environment)
    }
    invocation.mark("refs, configuration and plan")
    guard situation.loadedPlan != nil else { return nil }
  }

  /// A plan that cannot be read must not keep people from working, nor be passed over in silence.
  private static func words(for problem: PlanProblem) -> DisplayText {
    switch problem {
    case .faulty(_, .trunk): "preflight: nothing is checked: trunk's plan has faults (preflight plan check)"
    case .faulty(_, .worktree): "preflight: nothing is checked: this worktree's plan has faults (preflight plan check)"
    case .noCompiler:
      "preflight: nothing is checked: the program 'preflight' is gone (install it, then: preflight install)"
    }
  }

  /// Shows what stands, writes down what was passed over, and decides.
  public func conclude(_ findings: [Finding]) -> HookVerdict {
    invocation.mark("rules")
    if findings.isEmpty || invocation.isRehearsal { return .passed }
    let forCommit = invocation.hook != .prePush
    let (standing, skipped) = bypasses.divide(situation.settled(findings), includingPending: forCommit)
    bypasses.record(skipped, branch: situation.branch?.shortBranchName ?? "HEAD")
    report.show(standing, skipped: skipped)
    return standing.contains { $0.severity == .error } ? .refused : .passed
  }

  var report: HookReport {
    let setting = (try? repository.configuration().boolean("preflight.hints")) ?? nil
    return HookReport(environment: invocation.environment, hints: setting) { id in
      try? repository.commit(id).subject
    }
  }
}
