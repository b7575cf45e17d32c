import ArgumentParser
import Git
import Inspection
import Installation
import Platform
import Sync

struct InstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Arms this repository: hooks for all of its worktrees, present and future.",
    discussion: """
      Writes our hooks where git itself looks for them and records where trunk is. A hook that was there is kept and runs \
      after ours. Where another manager or git owns the hooks directory nothing is written: the lines to paste are printed, \
      with exit status 1.
      """)

  func run() throws {
    let bench = try Workbench()
    let executables = try ExecutableSet(locatedFrom: CurrentProcess.executable())
    let installer = Installer(bench.repository, executables: executables, environment: bench.environment)
    let report = try install(bench, installer)
    try recordPresentState(bench, trunk: report.trunk)
    show(report, bench)
    if report.armed.isEmpty { throw ExitStatus.findings }
  }

  private func install(_ bench: Workbench, _ installer: Installer) throws -> Installer.Report {
    let plan = bench.situation.loadedPlan
    do { return try installer.install(plan: plan?.plan, blob: plan?.blob) } catch { throw Self.failure(error) }
  }

  private static func failure(_ error: InstallationError) -> any Error {
    guard case .obstructed(let obstacles) = error else { return error }
    let lines = obstacles.map { "\($0.text)\nhint: \($0.repair)" }
    return CommandFailure("nothing was installed: " + lines.joined(separator: "\n"))
  }

  /// Where each stream's own commits begin, and that everybody has seen trunk where it is now.
  private func recordPresentState(_ bench: Workbench, trunk: TrunkNames?) throws {
    guard let trunk else { return }
    try SyncRun(bench.layout, environment: bench.environment, plan: bench.plan, names: trunk).recordPresentState()
  }

  private func show(_ report: Installer.Report, _ bench: Workbench) {
    var lines: [String] = []
    for change in report.changes {
      switch change {
      case .wrote(let path): lines.append("wrote \(path)")
      case .kept(let path, let kept):
        lines.append("kept the hook that was there: \(path.lastComponent) runs after ours, as \(kept)")
      case .configured(DriverCommand.key, _): lines.append("configured \(DriverCommand.key)")  // a script
      case .configured(let key, let value): lines.append("configured \(key) = \(value)")
      }
    }
    if report.changes.isEmpty, !report.armed.isEmpty { lines.append("nothing to do: the hooks are installed") }
    for directory in report.armed where directory.setting != nil {
      lines.append("core.hooksPath leads to \(directory.path), which git does not track: the hooks are there")
    }
    lines += Self.manualLines(report.manual)
    if report.trunk == nil {
      lines.append("no branch looks like trunk: git config \(TrunkNames.branchKey) refs/heads/NAME")
    }
    if bench.situation.loadedPlan == nil { lines.append("there is no plan yet: preflight init") }
    StandardStream.output.write(lines.map { $0 + "\n" }.joined())
  }

  /// Each snippet once, however many worktrees it is for.
  private static func manualLines(_ directories: [HooksDirectory]) -> [String] {
    var lines: [String] = []
    var rest = directories[...]
    while let first = rest.first {
      let alike = rest.filter { $0.snippet == first.snippet }
      rest.removeAll { $0.snippet == first.snippet }
      guard let snippet = first.snippet else {
        lines.append(
          "core.hooksPath is set to nothing, and git looks for hooks in the current directory: git config --unset core.hooksPath"
        )
        continue
      }
      lines += alike.map { "nothing was written to \($0.path): \($0.standing.owner)" }
      let place = alike.count > 1 ? "a worktree, and commit it for the others" : "the worktree"
      lines.append(snippet.kind == .commands ? "run this at the top of \(place):" : "add this to \(snippet.place):")
      lines += ["", snippet.text]
    }
    return lines
  }
}

extension HooksDirectory.Standing {
  /// Why preflight does not write there.
  var owner: String {
    switch self {
    case .tracked: "git tracks it"
    case .managed(let manager): "\(manager.rawValue) writes it"
    case .shared: "other repositories use it, too"
    case .unwritable: "it is not ours to write"
    case .empty: "core.hooksPath is empty"
    case .standard, .untracked: "it is git's own"
    }
  }
}
