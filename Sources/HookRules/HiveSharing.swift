import FindingReports
import Git
import Hive
import HookSupport
import Inspection
import Platform
import Reporting

extension HookDesk {
  /// Takes along what streams have said, when something is pushed to trunk's remote anyway and this machine has news for it.
  ///
  /// Never fails the push: what cannot be carried now is carried by the next one, or by `preflight sync`.
  public func shareHive(with remote: String) {
    guard situation.plan.hive.isShared, remote == situation.names?.remote, HiveStore.mayHoldAnything(layout) else {
      return
    }
    let store = HiveStore(repository, environment: invocation.environment)
    let share = HiveShare(store, remote: remote)
    do {
      guard try share.hasNews() else { return }
      let origin = try HiveRecord.Origin(repository, environment: invocation.environment, time: store.now)
      let report = try share.exchange(by: origin)
      let words = HiveWords(report, remote: remote, now: store.now, lastSeen: share.lastSeen())
      Printer(.error, environment: invocation.environment).print(words.lines)
    } catch {
      Printer(.error, environment: invocation.environment).print(
        "preflight: what streams say was not shared: \(String(describing: error))")
    }
  }
}
