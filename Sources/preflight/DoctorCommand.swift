import ArgumentParser
import Git
import HookSupport
import Inspection
import Installation
import PlanFile
import Platform
import Reporting
import Rules

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Proves, for every worktree, that the hooks really fire there.",
    discussion: """
      Merges shared files in a repository of its own, too, as git would here. Exit status 1 and a repair command for each \
      fault. Bypasses since the last push are shown, not faults.
      """)

  @Flag(help: "The diagnosis as JSON.")
  var json = false

  @Flag(help: "Show instead where the time of a commit goes, hook by hook, in this worktree.")
  var timing = false

  @Flag(help: "Prove instead that this worktree is what each check of the plan sees, through its own wrapper.")
  var checks = false

  func validate() throws {
    if timing, checks { throw ValidationError("--timing and --checks are two different things to look at") }
  }

  func run() throws {
    if checks { return try CheckSightReport(json: json).run() }
    if timing { return try showTiming() }
    let environment = Environment.current
    // A worktree that was added on an old branch may have no hooks before it stands on trunk. A plan that cannot be read is
    // one of the things to be found out.
    if let bench = try? Workbench(environment: environment) { try bench.followTrunk() }
    let repository = try Repository(environment: environment)
    let executables = try ExecutableSet(locatedFrom: CurrentProcess.executable())
    let doctor = Doctor(repository, executables: executables, version: preflightVersion, environment: environment)
    let diagnosis = try doctor.examine(plan: reading(repository))
    let bypasses = Bypasses(
      commonState: repository.layout.stateDirectory, worktreeState: repository.layout.worktreeStateDirectory,
      environment: environment
    ).sinceLastPush()
    if json {
      StandardStream.output.write(DiagnosisReport(diagnosis, bypasses).json.text + "\n")
    } else {
      DiagnosisReport(diagnosis, bypasses).print(on: Printer(.output))
    }
    if !diagnosis.faults.isEmpty { throw ExitStatus.findings }
  }

  private func showTiming() throws {
    let layout = try RepositoryLayout(environment: .current, directory: .currentDirectory())
    let executables = try ExecutableSet(locatedFrom: CurrentProcess.executable())
    let rows = try HookRehearsal(layout: layout, executables: executables, environment: .current).rows()
    if json {
      StandardStream.output.write(HookRehearsal.json(rows).text + "\n")
    } else {
      HookRehearsal.print(rows, on: Printer(.output))
    }
  }

  private func reading(_ repository: Repository) throws -> PlanReading {
    do {
      let trunk = if let names = try repository.trunkNames() { try repository.trunk(names) } else { Trunk?.none }
      let loaded = try PlanSource(repository, compile: Workbench.compile).load(trunk: trunk)
      return loaded.map { .read($0.plan, blob: $0.blob) } ?? .absent
    } catch PlanProblem.faulty(let text, _) {
      return .unreadable(String(text.prefix { !$0.isNewline }))
    }
  }
}

/// What doctor found, as a table for people or as JSON.
private struct DiagnosisReport {
  let diagnosis: Diagnosis
  let bypasses: [Bypasses.Record]

  init(_ diagnosis: Diagnosis, _ bypasses: [Bypasses.Record]) {
    self.diagnosis = diagnosis
    self.bypasses = bypasses
  }

  func print(on printer: Printer) {
    var table = Table([.init("worktree", isFlexible: true), .init("hooks from", isFlexible: true), .init("fire")])
    for place in diagnosis.places {
      let proven = place.hooks.filter { $0.firing == .proven }.count
      let silent = place.hooks.filter { $0.firing == .silent }.count
      let state: DisplayText =
        if silent > 0 { "\("\(silent) of \(place.hooks.count) do not", .error)" } else if proven == place.hooks.count {
          "\("all \(proven)", .good)"
        } else { "in place, \(place.hooks.count - proven) not fired" }
      table.append(["\(place.worktree.path)", "\(place.directory.path)", state])
    }
    printer.print(table)
    if let trunk = diagnosis.trunk {
      printer.print("trunk: '\(trunk.branch.shortBranchName)'\(remote(of: trunk)); git \(diagnosis.git.description)")
    }
    for hook in diagnosis.configuredHooks {
      printer.print(
        "git also runs '\(hook.command)' on \(hook.events.joined(separator: ", ")) (\(hook.scope) configuration)")
    }
    printer.print(diagnosis.notes.map { "note: \($0)" })
    for bypass in bypasses {
      printer.print("passed over on '\(bypass.branch)': \(bypass.rule) (\(bypass.reason))")
    }
    for fault in diagnosis.faults {
      let place: DisplayText = fault.worktree.map { "\($0): " } ?? ""
      printer.print("\(place)\("error:", .error) \(fault.text) [\(fault.kind.rawValue)]")
      for line in fault.repair.split(separator: "\n", omittingEmptySubsequences: false) {
        printer.print("\("hint:", .hint) \(String(line))")
      }
    }
    if diagnosis.faults.isEmpty { printer.print("the hooks fire in \(diagnosis.places.count, "worktree")") }
  }

  private func remote(of trunk: TrunkNames) -> DisplayText {
    trunk.remote.map { " with '\($0)/\(trunk.branch.shortBranchName)'" } ?? ""
  }

  /// `{"version":1,"worktrees":[…],"faults":[…],"bypasses":[…],"notes":[…]}`
  var json: JSONValue {
    [
      "version": 1, "git": .string(diagnosis.git.description), "trunk": JSONValue(diagnosis.trunk?.branch),
      "remote": JSONValue(diagnosis.trunk?.remote),
      "worktrees": .array(
        diagnosis.places.map { place in
          [
            "path": .string(place.worktree.path.description), "branch": JSONValue(place.worktree.branch),
            "hooksDirectory": .string(place.directory.path.description),
            "hooks": .array(
              place.hooks.map { ["name": .string($0.hook.rawValue), "fires": .string($0.firing.word)] }),
          ]
        }),
      "faults": .array(
        diagnosis.faults.map {
          [
            "id": .string($0.kind.rawValue), "worktree": JSONValue($0.worktree?.description),
            "hook": JSONValue($0.hook?.rawValue), "message": .string($0.text), "repair": .string($0.repair),
          ]
        }),
      "bypasses": .array(
        bypasses.map {
          [
            "time": .integer(Int($0.time)), "branch": .string($0.branch), "rule": .string($0.rule),
            "why": .string($0.reason),
          ]
        }),
      "configuredHooks": .array(
        diagnosis.configuredHooks.map { ["name": .string($0.name), "command": .string($0.command)] }),
      "notes": .array(diagnosis.notes.map { .string($0) }),
    ]
  }
}

extension Diagnosis.Hook.Firing {
  fileprivate var word: String {
    switch self {
    case .proven: "proven"
    case .unproven: "unproven"
    case .silent: "silent"
    }
  }
}
