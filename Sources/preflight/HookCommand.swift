import ArgumentParser
import HookIdentity
import Installation
import Platform

struct HookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook", abstract: "Runs one of the hooks, for husky, lefthook, pre-commit and the like.",
    discussion: "The line to paste: preflight hook NAME \"$@\"")

  @ArgumentParser.Argument(help: "pre-commit, commit-msg, pre-push, post-merge, post-rewrite or post-commit.")
  var name: String

  @ArgumentParser.Argument(parsing: .captureForPassthrough, help: "What git gave to the hook.")
  var arguments: [String] = []

  func run() throws {
    guard let hook = HookName(rawValue: name) else {
      throw ValidationError("there is no hook '\(name)' of ours")
    }
    try ExecutableSet(locatedFrom: CurrentProcess.executable())
      .run(hook, arguments: arguments.map { Platform.Argument($0) })
  }
}
