import HookRules
import HookSupport
import Inspection

/// git runs `pre-commit` without arguments before it asks for a message. See githooks(5).
@main struct PreCommit {
  static func main() {
    runHook(.preCommit) { invocation in
      guard let desk = try HookDesk(invocation) else { return .passed }
      let change = try desk.situation.stagedChange()
      invocation.mark("index")
      desk.rememberHead()
      let rules = ChangeRules(desk.situation, change)
      let overlaps = try desk.notYetSaid(rules.overlaps(.barrels))
      invocation.mark("sibling worktrees")
      guard desk.conclude(try rules.findings() + rules.claims() + overlaps) == .passed else { return .refused }
      return try desk.runChecks()
    }
  }
}
