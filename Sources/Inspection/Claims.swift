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
    let store = HiveStore(situation.repository)
    // What cannot be read holds nobody up: `preflight` says so.
    let foreign = ((try? store.claims()) ?? []).filter {
      !situation.holds($0, stream: change.stream?.id, branch: change.branch?.shortBranchName)
    }
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

extension Situation {
  /// Whether a claim is a stream's, or a branch's that the plan does not name. A stream that has got another id in the plan
  /// is known by its branch.
  ///
  /// - Parameter branch: without `refs/heads/`.
  public func holds(_ claim: Claim, stream: String?, branch: String?) -> Bool {
    if claim.stream == stream ?? branch { return true }
    return branch != nil && claim.origin.branch == branch && plan.stream(claim.stream) == nil
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
