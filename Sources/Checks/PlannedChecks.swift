import Git
import Plan
import Platform

/// What the checks of a plan depend on beside the plan.
public struct CheckSite {
  public var placeholders: Placeholders
  /// The user's, bound to no repository; see `GitCommand.unbound`.
  public var environment: Environment
  public var trust: Trust
  /// What the worktree holds; `nil` where something is not committed.
  public var tree: ObjectID?
  /// What the stream has changed, committed or not; `nil` where nobody can tell, and nothing is skipped.
  public var changedPaths: [[UInt8]]?

  public init(
    _ placeholders: Placeholders, environment: Environment, trust: Trust, tree: ObjectID? = nil,
    changedPaths: [[UInt8]]? = nil
  ) {
    self.placeholders = placeholders
    self.environment = environment
    self.trust = trust
    self.tree = tree
    self.changedPaths = changedPaths
  }
}

extension Plan {
  /// The checks of an occasion in the order of the plan, with those that are not to be run here marked as such.
  public func checkRequests(on occasion: Check.Occasion, at site: CheckSite) -> [CheckRequest] {
    checks.filter { $0.occasions.contains(occasion) }.map { check in
      CheckRequest(
        check.name, check.run, in: site.placeholders, environment: site.environment, lock: check.lock,
        timeout: check.timeout, variables: check.environment, tree: site.tree,
        foregone: site.reasonNotToRun(check))
    }
  }
}

extension CheckSite {
  fileprivate func reasonNotToRun(_ check: Plan.Check) -> CheckStatus? {
    if let changedPaths, !check.paths.isEmpty {
      let patterns = check.paths.map { CompiledPattern($0) }
      let concerned = changedPaths.contains { path in patterns.contains { $0.matches(path) } }
      if !concerned { return .skipped("no file of its paths has changed") }
    }
    return trust.isApproved(TrustedCommand(check)) ? nil : .notTrusted
  }
}
