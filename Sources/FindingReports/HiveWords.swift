import Git
import Hive
import Reporting

/// What came of sharing the hive's state: nothing is said where all went well.
public struct HiveWords {
  private let report: HiveShare.Report
  private let remote: String
  private let now: Int64
  private let lastSeen: Int64?

  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - lastSeen: when the remote was.
  public init(_ report: HiveShare.Report, remote: String, now: Int64, lastSeen: Int64?) {
    self.report = report
    self.remote = remote
    self.now = now
    self.lastSeen = lastSeen
  }

  public var lines: [DisplayText] {
    let lost = report.lost.map { lost -> DisplayText in
      let path: DisplayText = lost.ours.path.isEmpty ? "." : DisplayText(bytes: lost.ours.path)
      let rest = duration(Double(lost.theirs.secondsLeft(at: now)))
      return """
        preflight: the claim of \(lost.ours.stream) on '\(path)' is lost: \(lost.theirs.stream) was first, and holds it for \
        another \(rest)
        """
    }
    return lost + (trouble.map { ["preflight: \($0)"] } ?? [])
  }

  private var trouble: DisplayText? {
    switch report.trouble {
    case nil: return nil
    case .offline(let words):
      let since: DisplayText =
        lastSeen.map { "for \(duration(Double(max(0, now - $0))))" } ?? "yet"
      return "'\(remote)' was not seen \(since): what streams say stays here until it is: \(words)"
    case .refused(_, isNew: false): return nil
    case .refused(let reason, isNew: true):
      return "'\(remote)' does not take \(HiveStore.reference), so what streams say stays on this machine: \(reason)"
    case .unreadable(let fault, let isRemote):
      let side: DisplayText = isRemote ? "'\(remote)' has at \(HiveStore.reference) what is left alone" : "not shared"
      return "\(side): \(fault.description)"
    case .outrun: return "what streams say is carried to '\(remote)' by the next sync: others were faster this time"
    }
  }
}
