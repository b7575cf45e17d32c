import HookRules
import HookSupport
import Platform

/// git runs `commit-msg <file>`; the file holds the message being committed. See githooks(5).
@main struct CommitMsg {
  static func main() {
    runHook(.commitMsg) { invocation in
      guard let name = invocation.arguments.first else {
        throw HookUsage("commit-msg <file>")
      }
      guard let desk = try HookDesk(invocation) else { return .passed }
      return try MessageFile(invocation.directory.appending(name), desk: desk).judge()
    }
  }
}
