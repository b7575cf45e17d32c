import HookSupport
import Inspection

/// git runs `pre-push <remote> <url>` and writes a line for every ref that is pushed. See githooks(5).
@main struct PrePush {
  static func main() {
    runHook(.prePush) { invocation in
      guard let remote = invocation.arguments.first else { throw HookUsage("pre-push <remote> <url>") }
      guard let desk = try HookDesk(invocation) else { return .passed }
      let references = try invocation.pushedReferences()
      let verdict = desk.conclude(try PushRules(desk.situation, remote: remote).findings(for: references))
      if verdict == .passed { desk.recordPush(of: references) }
      return verdict
    }
  }
}
