import ArgumentParser
import Reporting

/// What the commands that move worktrees have in common.
struct SyncOptions: ParsableArguments {
  @Option(help: "Seconds to wait for a sync that is running.")
  var wait: Double = 30

  @Flag(help: "The report as JSON.")
  var json = false
}

/// Says whom a command waits for: nothing of ours hangs without a word.
func showWaiting(process: Int32, for description: String) {
  Printer(.error).print("preflight: waiting for \(description) (process \(process))")
}
