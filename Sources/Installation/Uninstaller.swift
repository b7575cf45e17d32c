import Git
import HookIdentity
import Platform
import Policies

/// Takes back what `Installer` did: our hooks, the configuration that it wrote, our state. What was there before is there
/// again, bytes and modes.
public struct Uninstaller {
  private let repository: Repository
  private let environment: Environment

  public init(_ repository: Repository, environment: Environment = .current) {
    self.repository = repository
    self.environment = environment
  }

  public struct Report: Hashable, Sendable {
    public enum Change: Hashable, Sendable {
      case removed(FilePath)
      /// The hook that was there before is back under its own name.
      case restored(FilePath)
      /// `value` is what was there before; `nil`: the key is gone.
      case configured(key: String, value: String?)
      /// Ours alone; the rest of the file is as it was.
      case removedLines(FilePath)
      case removedState(FilePath)
    }

    public var changes: [Change] = []
    /// Kept hooks that stay where they are, since somebody else's hook has taken the name meanwhile.
    public var left: [FilePath] = []
    /// Refs with the tips from before each sync, which stay until they are deleted or expire.
    public var undoReferences: [String] = []
    /// Where a pasted `preflight hook NAME` may still stand.
    public var manual: [HooksDirectory] = []
  }

  public func uninstall() throws(InstallationError) -> Report {
    let layout = repository.layout
    let record = try attemptSystem { () throws(SystemError) in try InstallationRecord(in: layout) }
    let directories = try attempt { () throws(GitError) in
      try HooksDirectory.all(of: layout, environment: environment)
    }.uniqued(by: \.path)
    var report = Report()
    report.manual = directories.filter { $0.snippet != nil }
    report.undoReferences = try attempt { () throws(GitError) in
      try repository.references(below: "refs/preflight/undo/").map(\.name)
    }

    let present = directories.filter(\.mayBeWritten).flatMap { directory in
      HookName.allCases.map { directory.path / $0.rawValue }
    }
    for path in (record.hooks + present).uniqued(by: \.self) {
      try attemptSystem { () throws(SystemError) in try restore(path, &report) }
    }
    if try attemptSystem({ () throws(SystemError) in try DriverRegistration(repository).remove(record) }) {
      report.changes.append(.removedLines(DriverAttributes.file(in: layout)))
    }
    for directory in record.directories { try? directory.removeEmptyDirectory() }  // somebody may use it by now
    try restoreConfiguration(record, &report)
    try attemptSystem { () throws(SystemError) in try removeState(&report) }
    return report
  }

  private func restore(_ path: FilePath, _ report: inout Report) throws(SystemError) {
    guard let hook = HookName(rawValue: path.lastComponent.description) else { return }
    let kept = HookName.chained(beside: path)
    let isKept = try kept.status() != nil
    switch try HookFile(at: path, hook: hook) {
    case .foreign, .unusable:
      if isKept { report.left.append(kept) }
    case .absent, .line, .copy:
      if isKept {
        try kept.rename(to: path)
        report.changes.append(.restored(path))
      } else if try path.status() != nil {
        try path.remove()
        report.changes.append(.removed(path))
      }
    }
  }

  private func restoreConfiguration(_ record: InstallationRecord, _ report: inout Report) throws(InstallationError) {
    var written = record.configuration
    if written.isEmpty {  // the record was lost: these keys are nobody else's
      for key in [programKey, DriverCommand.key, TrunkNames.branchKey, TrunkNames.remoteKey] {
        written.updateValue(nil, forKey: key)
      }
    }
    for (key, previous) in written.sorted(by: { $0.key < $1.key }) {
      try attempt { () throws(GitError) in
        let git = repository.git
        guard try git.lineIfAny(["config", "--local", "--get", Argument(key)]) != previous else { return }
        if let previous {
          try git.output(["config", "--local", "--replace-all", Argument(key), Argument(previous)])
        } else {
          try git.output(["config", "--local", "--unset-all", Argument(key)])
        }
        report.changes.append(.configured(key: key, value: previous))
      }
    }
  }

  private func removeState(_ report: inout Report) throws(SystemError) {
    let layout = repository.layout
    let registry = layout.commonDirectory / "worktrees"
    var places = [layout.stateDirectory]
    if registry.isDirectory {
      places += try registry.entries().map { registry.appending($0.bytes) / "preflight" }
    }
    for place in places where place.exists {
      try place.removeRecursively()
      report.changes.append(.removedState(place))
    }
  }
}
