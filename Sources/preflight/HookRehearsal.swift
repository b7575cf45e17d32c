import Git
import HookIdentity
import HookSupport
import Installation
import Platform
import Reporting

/// Where the time of a commit goes: each hook that `git commit` runs is started again and again, and says how long each
/// of its phases took. Nothing is committed, said or written.
struct HookRehearsal {
  /// Medians, in nanoseconds.
  struct Row {
    let hook: HookName
    let phase: String
    let duration: Int64
  }

  let layout: RepositoryLayout
  let executables: ExecutableSet
  let environment: Environment
  let runs = 15

  func rows() throws -> [Row] {
    let directory = try FilePath.temporaryDirectory(prefix: "preflight-timing")
    defer { try? directory.removeRecursively() }
    let message = directory / "message"
    try message.write(Array("chore: see where the time goes\n".utf8))
    let hooks: [(HookName, [Argument])] = [
      (.preCommit, []), (.commitMsg, [Argument(message.bytes)]), (.postCommit, []),
    ]
    return try hooks.flatMap { try rows(of: $0, $1, writingTo: directory / "phases") }
  }

  private func rows(of hook: HookName, _ arguments: [Argument], writingTo file: FilePath) throws -> [Row] {
    var samples: [(name: String, durations: [Int64])] = [("start-up and end", [])]
    for _ in 0..<runs {
      let start = Clock.nowInNanoseconds()
      try run(hook, arguments, writingTo: file)
      let total = Clock.nowInNanoseconds() - start
      let phases = HookTiming.phases(in: try file.contents())
      samples[0].durations.append(total - phases.reduce(0) { $0 + $1.nanoseconds })
      for phase in phases {
        if let index = samples.firstIndex(where: { $0.name == phase.name }) {
          samples[index].durations.append(phase.nanoseconds)
        } else {
          samples.append((phase.name, [phase.nanoseconds]))
        }
      }
    }
    return samples.map { Row(hook: hook, phase: $0.name, duration: $0.durations.sorted()[$0.durations.count / 2]) }
  }

  /// As git starts it, in this worktree.
  private func run(_ hook: HookName, _ arguments: [Argument], writingTo file: FilePath) throws {
    var environment = GitCommand.scrubbed(environment)
    environment[GitCommand.depthVariable] = nil  // with it a hook leaves at once
    environment[bytes: "GIT_DIR"] = layout.gitDirectory.bytes
    environment[bytes: "GIT_INDEX_FILE"] = layout.indexFile.bytes
    environment["GIT_EDITOR"] = ":"
    environment[bytes: HookTiming.variable] = file.bytes
    let request = ProcessRequest(
      executables.executable(of: hook), arguments, environment: environment,
      directory: layout.workTree ?? layout.gitDirectory)
    let result = try ChildProcess.run(request)
    guard result.succeeded else {
      throw CommandFailure("'\(hook)' ended with status \(result.exitStatus)", hint: "preflight doctor")
    }
  }
}

extension HookRehearsal {
  static func print(_ rows: [Row], on printer: Printer) {
    var table = Table([.init("hook"), .init("phase", isFlexible: true), .init("ms", .right)])
    for row in rows { table.append(["\(row.hook.rawValue)", "\(row.phase)", "\(milliseconds(row.duration))"]) }
    printer.print(table)
    printer.print("all that preflight adds to a commit here: \(milliseconds(rows.reduce(0) { $0 + $1.duration })) ms")
  }

  /// `{"version":1,"phases":[{"hook":…,"phase":…,"nanoseconds":…}]}`
  static func json(_ rows: [Row]) -> JSONValue {
    [
      "version": 1,
      "phases": .array(
        rows.map {
          ["hook": .string($0.hook.rawValue), "phase": .string($0.phase), "nanoseconds": .integer(Int($0.duration))]
        }),
    ]
  }

  /// With two digits behind the point.
  private static func milliseconds(_ nanoseconds: Int64) -> String {
    let hundredths = (max(nanoseconds, 0) + 5_000) / 10_000
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
