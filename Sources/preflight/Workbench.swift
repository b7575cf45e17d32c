import ArgumentParser
import Git
import HookSupport
import Inspection
import Installation
import Landing
import Plan
import PlanFile
import Platform
import Reporting
import Rules
import StateFiles
import Sync
import WorkReports

/// What a command has in hand: the repository around the current directory, the plan, and where we are.
struct Workbench {
  let repository: Repository
  let situation: Situation
  let environment: Environment

  var layout: RepositoryLayout { repository.layout }
  var plan: Plan { situation.plan }

  /// - Parameter base: stands for trunk where it is given.
  init(base: String? = nil, environment: Environment = .current) throws {
    try self.init(Repository(environment: environment), base: base, environment: environment)
  }

  /// The same for another worktree than the one that we stand in.
  init(at worktree: Worktree, environment: Environment = .current) throws {
    let unbound = GitCommand.unbound(environment)
    try self.init(
      Repository(environment: unbound, directory: worktree.path), base: nil, environment: unbound)
  }

  private init(_ repository: Repository, base: String?, environment: Environment) throws {
    self.environment = environment
    self.repository = repository
    do { try repository.checkThatGitReadsIt() } catch {
      throw CommandFailure("\(error)", hint: "install a newer git: 2.48 or later knows relativeWorktrees")
    }
    var commit: ObjectID?
    if let base {
      commit = try repository.commitID(named: base)
      if commit == nil { throw CommandFailure("'\(base)' names no commit", hint: "git fetch") }
    }
    do {
      situation = try Situation(
        repository, source: PlanSource(repository, compile: Self.compile), base: commit)
    } catch let problem as PlanProblem {
      throw CommandFailure(problem)
    }
  }

  /// A worktree's own copy is read by commands that check it; hooks and rules go by trunk's.
  static func compile(_ text: [UInt8], _ blob: ObjectID) throws(PlanProblem) -> [UInt8] {
    let document = PlanDocument(text, file: PlanSource.fileName)
    guard let plan = document.plan else {
      let errors = document.faults.filter { $0.severity == .error }
      throw .faulty(text: errors.map { "\($0)\n" }.joined(), origin: .trunk)
    }
    return CompiledPlan.encode(plan, sourceID: blob.bytes)
  }

  /// The same for a command that cannot do without a plan.
  func requirePlan() throws {
    guard situation.loadedPlan == nil else { return }
    throw CommandFailure("there is no \(PlanSource.fileName), on trunk or here", hint: "preflight init")
  }

  /// Moves what trunk has left behind, as every hook does; said in one line on standard error.
  func followTrunk() throws {
    try situation.refreshMergeDriver()
    guard let names = situation.names, situation.loadedPlan != nil else { return }
    if plan.sync.mode == .rebase { try follow(names) } else { try showDue() }
    try startNotices()
  }

  private func follow(_ names: TrunkNames) throws {
    let sync = SyncRun(layout, environment: environment, plan: plan, names: names)
    let report = try TrunkWatch(layout, environment: environment).isSyncNeeded() ? sync.run() : sync.catchUp()
    if let line = report.flatMap({ SyncWords($0).line }) { Printer(.error).print(line) }
    Printer(.error).print(try queueCommands(after: report))
  }

  /// Queues the plan's `[[after-sync]]` commands, and names them.
  func queueCommands(after report: SyncReport?) throws -> [DisplayText] {
    let waiting = try OutboxDesk(situation, environment: environment).queueCommands(after: report)
    return waiting.map { delivery in
      let command = delivery.command(plan.notify).joined(separator: " ")
      return "preflight: to be run in \(delivery.directory): \(command) (preflight sync --run)"
    }
  }
}

extension Situation {
  /// Has git call our merge driver for the shared files of the plan as it is now: trunk may have brought another one.
  func refreshMergeDriver() throws {
    guard let loadedPlan else { return }
    try DriverRegistration(repository).refresh(loadedPlan.plan, blob: loadedPlan.blob)
  }
}

extension Workbench {
  /// Says that this worktree was left behind, where the plan leaves it to a person to bring it along.
  private func showDue() throws {
    guard let head = situation.head, let worktree = situation.worktree,
      let reason = try Due(worktree).reason(at: head, in: repository)
    else { return }
    Printer(.error).print("preflight: this worktree is due (\(reason)): preflight sync --here")
  }
}

/// Why a command could not work, and what to type about it; exit status 2.
struct CommandFailure: Error {
  /// Lines that come before it.
  let details: [String]
  let text: String
  let hint: String?

  init(_ text: String, hint: String? = nil, details: [String] = []) {
    self.text = text
    self.hint = hint
    self.details = details
  }

  init(_ problem: PlanProblem) {
    switch problem {
    case .noCompiler: self.init("the plan cannot be compiled", hint: "preflight plan check")
    case .faulty(let faults, let origin):
      let place = origin == .trunk ? "on trunk" : "of this worktree"
      let lines = faults.utf8.split(separator: UInt8(ascii: "\n")).map { String(decoding: Array($0), as: UTF8.self) }
      self.init("the plan \(place) has faults: nothing can be judged", hint: "preflight plan check", details: lines)
    }
  }
}
