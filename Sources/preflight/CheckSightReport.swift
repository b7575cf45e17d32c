import Checks
import Git
import HookSupport
import Inspection
import Plan
import Platform
import Reporting
import StateFiles
import Sync

/// `preflight doctor --checks`: which worktree each check of the plan really sees.
struct CheckSightReport {
  let json: Bool

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    let sights = try sights(bench)
    if json {
      let document: JSONValue = ["version": 1, "checks": .array(sights.map(\.json))]
      StandardStream.output.write(document.text + "\n")
    } else {
      show(sights)
    }
    if !sights.allSatisfy(\.isFine) { throw ExitStatus.findings }
  }

  private func sights(_ bench: Workbench) throws -> [CheckSight] {
    guard let worktree = bench.situation.worktree else {
      throw CommandFailure("a bare repository has no worktree to check")
    }
    let stream = bench.situation.stream
    let base = try bench.situation.branch.flatMap { try StreamBases(bench.layout).recorded(for: $0) }
    let placeholders = Placeholders(
      worktree: worktree.path, stream: stream.map { Array($0.id.utf8) },
      branch: bench.situation.branch.map { Array($0.shortBranchName.utf8) },
      base: (base ?? bench.situation.trunk?.tip).map { Array($0.description.utf8) })
    let site = CheckSite(
      placeholders, environment: bench.environment.forCommand(in: worktree.layout, stream: stream?.id),
      trust: try Trust.load(for: bench.layout, environment: bench.environment))
    let runner = CheckRunner(state: try? StateDirectory(environment: bench.environment))
    let (sights, signal) = try CheckSightTest(site, runner: runner).run(bench.plan.checks)
    if let signal { throw Interrupted(signal: signal) }
    return sights
  }

  private func show(_ sights: [CheckSight]) {
    let printer = Printer(.output)
    guard !sights.isEmpty else { return printer.print("the plan has no checks") }
    var table = Table([.init("check"), .init("sees", isFlexible: true), .init("through")])
    for sight in sights { table.append(["\(sight.check)", sight.words, "\(sight.wrapper ?? "-")"]) }
    printer.print(table)
    for sight in sights {
      guard case .elsewhere = sight.answer else { continue }
      printer.print([
        "\(sight.check): \("error:", .error) it would judge other files than those of this worktree [check-elsewhere]",
        "\("hint:", .hint) give each worktree a container of its own ({worktree}, PREFLIGHT_SLOT), with the worktree mounted",
      ])
    }
  }
}

extension CheckSight {
  fileprivate var isFine: Bool {
    switch answer {
    case .proven, .direct: true
    case .elsewhere, .unknown, .notApproved: false
    }
  }

  fileprivate var wrapper: String? {
    switch answer {
    case .proven(let wrapper), .elsewhere(let wrapper, _), .unknown(let wrapper, _): wrapper
    case .direct, .notApproved: nil
    }
  }

  fileprivate var words: DisplayText {
    switch answer {
    case .proven: "\("this worktree", .good)"
    case .direct: "is started in this worktree"
    case .elsewhere(_, let directory): "\("not this worktree", .error), but \(DisplayText(bytes: directory))"
    case .unknown(_, let reason): "\("not known", .error): \(reason)"
    case .notApproved: "not asked: not approved on this machine (preflight trust)"
    }
  }

  /// `{"check":"tests","answer":"elsewhere","wrapper":"docker exec","detail":"/app"}`
  fileprivate var json: JSONValue {
    let (code, detail): (String, String?) =
      switch answer {
      case .proven: ("proven", nil)
      case .direct: ("direct", nil)
      case .elsewhere(_, let directory): ("elsewhere", String(decoding: directory, as: UTF8.self))
      case .unknown(_, let reason): ("unknown", reason)
      case .notApproved: ("not-approved", nil)
      }
    return [
      "check": .string(check), "answer": .string(code), "wrapper": JSONValue(wrapper), "detail": JSONValue(detail),
    ]
  }
}
