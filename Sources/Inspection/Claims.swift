import Git
import Hive
import Plan
import Platform
import Rules

extension ChangeRules {
  /// The paths of this change that another stream holds. Where nobody has ever claimed anything, one look at the disk says so.
  public func claims() throws -> [Finding] {
    guard !change.isForTrunk, !change.judged.isEmpty, HiveStore.mayHoldAnything(situation.repository.layout) else {
      return []
    }
    let own = change.stream?.id ?? change.branch?.shortBranchName
    let store = HiveStore(situation.repository)
    // What cannot be read holds nobody up: `preflight` says so.
    let foreign = ((try? store.claims()) ?? []).filter { $0.stream != own }
    if foreign.isEmpty { return [] }
    let ignoresCase = try situation.repository.configuration().boolean("core.ignorecase") ?? false
    return change.judged.compactMap { path in
      guard let claim = foreign.first(where: { $0.covers(path.path, ignoringCase: ignoresCase) }) else { return nil }
      let holder = situation.plan.stream(claim.stream).map { StreamReference($0).title } ?? claim.stream
      return SharedClaimedRule.finding(
        in: ClaimedPath(
          path: path.path, holder: holder, rest: timeSpan(seconds: claim.secondsLeft(at: store.now)),
          reason: String(decoding: claim.text, as: UTF8.self), form: change.form))
    }
  }
}

/// `40 s`, `12 min`, `2 h 10 min`, `3 days`.
private func timeSpan(seconds: Int64) -> String {
  if seconds < 60 { return "\(seconds) s" }
  let minutes = seconds / 60
  if minutes < 60 { return "\(minutes) min" }
  if minutes < 1440 { return "\(minutes / 60) h" + (minutes % 60 == 0 ? "" : " \(minutes % 60) min") }
  return minutes < 2880 ? "1 day" : "\(minutes / 1440) days"
}
