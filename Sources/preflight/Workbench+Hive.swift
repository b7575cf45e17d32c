import FindingReports
import Git
import Hive
import Inspection
import Plan
import Platform
import Reporting

extension Workbench {
  var hive: HiveStore { HiveStore(repository, environment: environment) }

  /// Who speaks here and now.
  func origin() throws -> HiveRecord.Origin {
    try HiveRecord.Origin(repository, environment: environment, time: hive.now)
  }

  /// The stream that speaks: the one that was named, else that of this worktree's branch.
  func speakingStream(_ named: String? = nil) throws -> String {
    if let named {
      let worktrees = try layout.worktrees()
      let isKnown = plan.stream(named) != nil || worktrees.contains { $0.branch?.shortBranchName == named }
      if isKnown { return named }
      throw CommandFailure("there is no stream and no worktree branch '\(named)'", hint: "git worktree list")
    }
    if let stream = situation.stream { return stream.id }
    guard let branch = situation.branch else {
      throw CommandFailure("no branch is checked out here: name the stream that speaks", hint: "--stream ID")
    }
    return branch.shortBranchName
  }

  /// A stream of the plan: the one that was named, else that of this worktree's branch.
  func plannedStream(_ named: String?) throws -> Plan.Stream {
    if let named {
      if let stream = plan.stream(named) { return stream }
      if let stream = successor(of: named) {
        throw CommandFailure("stream '\(named)' has another id in the plan now", hint: "name '\(stream.id)' instead")
      }
      throw CommandFailure("there is no stream '\(named)' in the plan", hint: "preflight status")
    }
    guard let stream = situation.stream else {
      throw CommandFailure("this worktree's branch is no stream of the plan: name one", hint: "preflight status")
    }
    return stream
  }

  /// The stream on whose branch somebody has spoken under an id that the plan does not have any more.
  private func successor(of id: String) -> Plan.Stream? {
    guard let state = try? hive.snapshot() else { return nil }
    let signals = (try? state.signals())?.filter { $0.stream == id }.compactMap(\.origin.branch) ?? []
    let claims = (try? state.claims(liveAt: hive.now))?.filter { $0.stream == id }.compactMap(\.origin.branch) ?? []
    let branches = Set(signals + claims)
    return plan.streams.first { branches.contains($0.branch) }
  }

  /// That somebody's clock runs ahead of ours; `nil` where none does.
  func clockRemark() -> DisplayText? {
    guard let origin = try? hive.snapshot().originAhead(of: hive.now) else { return nil }
    let name = DisplayText(bytes: (origin.person.split(separator: UInt8(ascii: "<")).first ?? []).trimmingSpaces)
    let lead = duration(Double(origin.time - hive.now))
    return """
      \("warning:", .warning) \(name) spoke in '\(bytes: origin.place)' by a clock that is \(lead) ahead of this one, or this \
      one was set back: it counts as said now
      """
  }

  /// `ws3 (Database)`.
  func title(ofStream id: String) -> String {
    guard let stream = plan.stream(id), !stream.name.isEmpty, stream.name != id else { return id }
    return "\(id) (\(stream.name))"
  }

  /// Whether the disk takes two spellings of a path for one.
  func ignoresCase() throws -> Bool { try repository.configuration().boolean("core.ignorecase") ?? false }

  /// Runs what reads or changes the hive's state; a state that cannot be read is an error that says what to do.
  func withHive<Result>(_ body: (HiveStore) throws -> Result) throws -> Result {
    do { return try body(hive) } catch let fault as HiveFault {
      switch fault {
      case .newer: throw CommandFailure("\(fault): install that version here, too")
      case .notOurs, .damaged:
        throw CommandFailure(
          "\(fault), and was left as it is: the next 'preflight signal', 'done', 'claim' or 'memory set' keeps it aside"
        )
      }
    } catch let error as GitError {
      // A ref that cannot even be read is nothing that git would replace.
      let file = layout.commonDirectory / HiveStore.reference
      guard case .library(let operation, _, _) = error.reason, operation.utf8.mentions(HiveStore.reference) else {
        throw error
      }
      throw CommandFailure(
        "the hive's state cannot be read: \(error)",
        hint:
          "to keep the damaged ref aside: mv \(shellQuoted(file)) \(shellQuoted(layout.stateDirectory / "damaged-hive"))"
      )
    }
  }

  /// Carries what streams say over the remote, and says what has to be known of it.
  func shareHive() throws {
    guard plan.hive.isShared, let remote = situation.names?.remote, situation.loadedPlan != nil else { return }
    var share = HiveShare(hive, remote: remote)
    share.waiting = showWaiting
    let report = try share.exchange(by: origin())
    let words = HiveWords(report, remote: remote, now: hive.now, lastSeen: share.lastSeen())
    Printer(.error).print(words.lines)
  }

  /// Says where a state went that could not be read.
  func showAside(_ outcome: HiveOutcome) {
    guard let aside = outcome.aside else { return }
    let place = aside.reference.map { "it is kept as \($0)" } ?? "its name is kept in the log of \(HiveStore.reference)"
    Printer(.error).print("preflight: \(aside.fault.description): \(place), and a new state was begun")
  }
}

/// How long ago something was said; a clock that runs ahead elsewhere says "now".
func age(of time: Int64, at now: Int64) -> String {
  let seconds = max(0, now - time)
  return seconds == 0 ? "now" : seconds < 10 ? "\(seconds) s" : duration(Double(seconds))
}
