import Git
import Inspection
import Merging
import Plan
import Platform
import Policies
import Reporting

/// Runs our merge driver from its start to its exit status, as git wants it: 0, merged; 1, merged with conflicts; anything
/// else is a failure, after which the command that `preflight install` registered has the file merged as text.
///
/// The arguments are `%O %A %B %L %P %S %X %Y`; see "Defining a custom merge driver" in gitattributes(5).
public func runMergeDriver() -> Never {
  ignoreBrokenPipes()
  // `exit` runs no deinit: all handles are inside `status`, which has returned by then.
  CurrentProcess.exit(status())
}

private func status() -> Int32 {
  guard let files = DriverFiles(CurrentProcess.arguments) else {
    Printer(.error).print("usage: preflight-merge BASE OURS THEIRS MARKER-LENGTH PATH [LABELS]")
    return 2
  }
  do { return try MergeDriver(files).run() } catch {
    Printer(.error).print("preflight: error: \(String(describing: error))")
    return 2
  }
}

/// The three versions of a file and where the result goes.
private struct DriverFiles {
  let base: FilePath
  /// Also where the result goes.
  let ours: FilePath
  let theirs: FilePath
  /// Within the repository.
  let path: [UInt8]
  let style: ConflictStyle

  init?(_ arguments: [[UInt8]]) {
    guard arguments.count >= 6, let length = Int(String(decoding: arguments[4], as: UTF8.self)), length > 0 else {
      return nil
    }
    (base, ours, theirs) = (FilePath(arguments[1]), FilePath(arguments[2]), FilePath(arguments[3]))
    path = arguments[5]
    // Labels are given since git 2.44; before, their letters come as they are.
    func label(_ index: Int, _ letters: String, _ name: String) -> [UInt8] {
      guard index < arguments.count, !arguments[index].isEmpty, arguments[index] != Array(letters.utf8) else {
        return Array(name.utf8)
      }
      return arguments[index]
    }
    style = ConflictStyle(
      markerLength: length, oursLabel: label(7, "%X", "ours"), theirsLabel: label(8, "%Y", "theirs"),
      baseLabel: label(6, "%S", "base"))
  }
}

private struct MergeDriver {
  let files: DriverFiles
  let environment = Environment.current

  init(_ files: DriverFiles) { self.files = files }

  func run() throws -> Int32 {
    let directory = try FilePath.currentDirectory()
    let git = GitCommand(inheriting: environment, in: directory)
    let desk: DriverDesk?
    do { desk = try DriverDesk(environment, directory: directory) } catch {
      // The file has to be merged all the same.
      Printer(.error).print("preflight: merged as text, for the plan cannot be read: \(String(describing: error))")
      desk = nil
    }
    let shared = desk?.sharedFiles(for: files.path) ?? Plan.SharedFiles()
    let conflictStyle = try desk?.repository.configuration()["merge.conflictstyle"]
    var style = files.style
    // git-merge-file(1) looks for itself.
    let showsBase = conflictStyle == "diff3" || conflictStyle == "zdiff3"
    if !showsBase { style.baseLabel = nil }
    let outcome = try SharedFileMerge(shared, git: git).merge(
      base: files.base.contents(), ours: files.ours.contents(), theirs: files.theirs.contents(), path: files.path,
      style: style, trunk: { () throws(GitError) in try desk?.contentsOnTrunk(of: files.path) })
    // The merge of several merge bases, which nobody sees, has longer markers than the file's own.
    let isInner =
      try files.style.markerLength > ConflictStyle.standard.markerLength
      && desk?.markerLength(of: files.path) != files.style.markerLength
    if !isInner {
      say(outcome, shared.merge)
      try note(outcome)
    }
    switch outcome.content {
    case .merged(let bytes):
      try write(bytes)
      if outcome.policy == .regenerate, !isInner { try desk?.noteOutdated(files.path, taken: bytes) }
      return 0
    case .conflict(let bytes):
      try write(bytes)
      return 1
    case .binary: return 1
    }
  }

  /// What a rename replaces, ext4 first waits for the disk to have: some milliseconds, for a file that git deletes at once.
  private func write(_ bytes: [UInt8]) throws {
    let merged = FilePath(files.ours.bytes + ".merged".utf8)
    try merged.write(bytes, permissions: try files.ours.status()?.permissions ?? 0o600)
    try files.ours.remove()
    try merged.rename(to: files.ours)
  }

  /// For the sync that has started this git.
  private func note(_ outcome: SharedFileMerge.Outcome) throws {
    guard let log = environment[bytes: MergeLog.variable], outcome.policy != .text, outcome.content.merged != nil else {
      return
    }
    try MergeLog(FilePath(log)).add(PolicyMerge(path: files.path, policy: outcome.policy))
  }

  private func say(_ outcome: SharedFileMerge.Outcome, _ policy: Plan.SharedFiles.MergePolicy) {
    let path = DisplayText(bytes: files.path)
    let printer = Printer(.error, environment: environment)
    if let refusal = outcome.refusal {
      printer.print("preflight: merged as text, not by policy \(policy.rawValue): \(path): \(refusal.description)")
    } else if outcome.policy != .text, outcome.content.merged != nil {
      printer.print("preflight: merged by policy \(policy.rawValue): \(path)")
    }
  }
}
