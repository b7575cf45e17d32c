import Git
import Platform

extension SyncRun {
  /// Does the pushes that branches wait for which stand where they belong, one after another.
  ///
  /// Each is a push like any other: our own pre-push judges it, too, so `PREFLIGHT_DEPTH` is not set for it. What git and
  /// the hooks say goes to standard error as they say it.
  public func push(_ report: inout SyncReport) throws(GitError) {
    for index in report.entries.indices {
      guard let lease = report.entries[index].push, report.entries[index].isSettled else { continue }
      var git = GitCommand(in: report.entries[index].path, environment: environment)
      git.environment[GitCommand.depthVariable] = nil
      git.environment["GIT_TERMINAL_PROMPT"] = "1"  // a person is there to answer
      let result = try git.run(
        lease.words.map { Argument($0) }, output: .discarded, error: .inherited, waiting: waiting)
      report.entries[index].pushOutcome = result.succeeded ? .done : .refused(status: result.exitStatus)
    }
  }
}

extension SyncReport.Entry {
  /// Whether the branch stands where it belongs: a push of it would not be out of date at once.
  public var isSettled: Bool {
    switch outcome {
    case .moved, .left(.upToDate): true
    case .wouldMove, .conflict, .left: false
    }
  }
}
