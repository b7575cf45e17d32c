import HookRules
import HookSupport
import Inspection

/// git runs `pre-push <remote> <url>` and writes a line for every ref that is pushed. See githooks(5).
@main struct PrePush {
  static func main() {
    runHook(.prePush) { invocation in
      guard let remote = invocation.arguments.first else { throw HookUsage("pre-push <remote> <url>") }
      guard let desk = try HookDesk(invocation) else { return .passed }
      let references = try invocation.pushedReferences()
      let rules = PushRules(desk.situation, remote: remote)
      let leases = try desk.leaseFindings(remote: remote, references: references)
      guard desk.conclude(try rules.findings(for: references) + leases) == .passed else { return .refused }
      // The checks see the working tree: they speak for the branch that is checked out, whatever else is pushed.
      if references.bringCommits {
        guard try desk.runChecks() == .passed else { return .refused }
      }
      desk.recordPush(of: references)
      desk.shareHive(with: remote)
      return .passed
    }
  }
}
