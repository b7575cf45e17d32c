import Git
import Platform

/// Carries the hive's state over the remote, so that other machines see it too.
///
/// Fetched, merged path by path, and pushed with the exact tip that the remote has to have (none at all for the first
/// push); where somebody else was faster, again. Without the remote everything works as before, and is carried later.
public struct HiveShare {
  /// What came of it.
  public struct Report: Sendable {
    /// Whether the remote had something new, and whether it was given something.
    public var hasReceived = false
    public var hasSent = false
    /// Claims of this machine that yield to others, which had been published before.
    public var lost: [HiveMerge.LostClaim] = []
    public var trouble: Trouble?

    public init() {}
  }

  public enum Trouble: Hashable, Sendable {
    /// The remote cannot be reached; in git's own words.
    case offline(String)
    /// The remote does not take such refs; in its own words. `isNew` is false where it was said before.
    case refused(String, isNew: Bool)
    /// One side's state cannot be read, and is left as it is.
    case unreadable(HiveFault, isRemote: Bool)
    /// Somebody else was faster again and again.
    case outrun
  }

  private let store: HiveStore
  private let remote: String
  private let git: GitCommand
  /// Told of a remote that keeps us waiting.
  public var waiting: (_ process: Int32, _ description: String) -> Void = { _, _ in }

  /// - Parameters:
  ///   - store: of this repository.
  ///   - remote: a configured one.
  public init(_ store: HiveStore, remote: String) {
    self.store = store
    self.remote = remote
    let layout = store.repository.layout
    git = GitCommand(in: layout.workTree ?? layout.commonDirectory, environment: store.environment)
  }

  private var repository: Repository { store.repository }

  /// Where the remote's state was when it was last seen.
  public static func trackingReference(of remote: String) -> String { "refs/preflight/remotes/\(remote)/hive" }

  private var tracking: String { Self.trackingReference(of: remote) }

  /// When the remote was last seen, in seconds since 1970; `nil`: never.
  public func lastSeen() -> Int64? {
    guard let bytes = try? seenFile.contents() else { return nil }
    return Int64(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }

  /// Whether there is anything that the remote has not got yet, as far as is known here, and would take.
  public func hasNews() throws -> Bool {
    let own = try repository.target(of: HiveStore.reference)
    return try own != nil && own != repository.target(of: tracking) && refusal() == nil
  }

  private static let attempts = 10

  /// - Parameter origin: who merges, where that is necessary.
  public func exchange(by origin: HiveRecord.Origin) throws -> Report {
    var report = Report()
    for attempt in 0..<Self.attempts {
      if attempt > 0 { Clock.sleep(seconds: Double.random(in: 0.01...0.2)) }
      if let failure = try fetch() {
        report.trouble = .offline(failure)
        return report
      }
      do { try receive(&report, by: origin) } catch let fault as HiveFault {
        report.trouble = .unreadable(fault, isRemote: try fault.tip == repository.target(of: tracking))
        return report
      }
      guard let own = try repository.target(of: HiveStore.reference) else { return report }  // nobody has said anything
      if try own == repository.target(of: tracking) { return report }
      switch try push(own) {
      case .accepted:
        report.hasSent = true
        return report
      case .raced: continue
      case .refused(let reason):
        report.trouble = .refused(reason, isNew: noteRefusal(reason))
        return report
      case .failed(let reason):
        report.trouble = .offline(reason)
        return report
      }
    }
    report.trouble = .outrun
    return report
  }

  // MARK: Receiving

  /// Why the remote could not be asked, in git's words; `nil` when it was.
  private func fetch() throws -> String? {
    // A pattern, because a name that the remote does not have would be an error; and what it has no more is forgotten.
    let command: [Argument] = [
      "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--prune", Argument(remote),
      Argument("+refs/preflight/hive*:refs/preflight/remotes/\(remote)/hive*"),
    ]
    let result = try git.run(["-c", "fetch.pruneTags=false"] + command, waiting: waiting)
    guard result.succeeded else { return Self.words(of: result) }
    try? seenFile.parent.createDirectories()
    try? seenFile.write(Array("\(store.now)\n".utf8))
    return nil
  }

  /// Brings what the remote has into this repository's state.
  private func receive(_ report: inout Report, by origin: HiveRecord.Origin) throws {
    guard let theirs = try repository.target(of: tracking) else { return }
    let published = try store.snapshot(of: tracking)
    let ignoresCase = try repository.configuration().boolean("core.ignorecase") ?? false
    let received = try store.swapping { old -> HiveStore.Step<(Bool, [HiveMerge.LostClaim])> in
      guard let old else { return .swap(to: theirs, reason: "received from \(remote)", result: (true, [])) }
      let base: ObjectID?
      switch try repository.mergeBase(old, theirs) {
      case .found(theirs): return .done((false, []))
      case .found(old): return .swap(to: theirs, reason: "received from \(remote)", result: (true, []))
      case .found(let id): base = id
      case .unrelated, .cutOff: base = nil
      }
      let ours = try HiveSnapshot(old, in: repository)
      let merge = HiveMerge(
        base: try base.map { try HiveSnapshot($0, in: repository).records() } ?? [:], ours: try ours.records(),
        theirs: try published.records(), now: store.now, ignoringCase: ignoresCase)
      var entries: [HivePath: ObjectID] = [:]
      for (path, contents) in merge.records { entries[path] = try repository.make(.blob, contents) }
      let tip = try store.commit(
        entries, parents: [old, theirs], subject: "merge what \(remote) has", by: origin)
      return .swap(to: tip, reason: "merged with \(remote)", result: (true, merge.lost))
    }
    report.hasReceived = report.hasReceived || received.0
    report.lost += received.1
  }

  // MARK: Sending

  private enum Answer {
    case accepted
    /// The remote's ref was another one by then.
    case raced
    case refused(String)
    case failed(String)
  }

  private func push(_ tip: ObjectID) throws -> Answer {
    let expected = try repository.target(of: tracking)
    let lease = "--force-with-lease=\(HiveStore.reference):\(expected?.description ?? "")"
    let command: [Argument] = [
      "push", "--porcelain", "--no-verify", "--no-signed", "--recurse-submodules=no", Argument(lease),
      Argument(remote), "\(tip):\(HiveStore.reference)",
    ]
    let result = try git.run(command, waiting: waiting)
    if result.succeeded {
      forgetRefusal()
      try git.output(["update-ref", Argument(tracking), "\(tip)"])
      return .accepted
    }
    // "!\tfrom:to\t[rejected] (stale info)"; see OUTPUT in git-push(1).
    let lines = result.output.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    guard let line = lines.first(where: { $0.hasPrefix("!") }) else { return .failed(Self.words(of: result)) }
    let reason = line.split(separator: "\t").last.map(String.init) ?? line
    let isRace =
      reason.hasPrefix("[rejected]")
      || ["lock", "already exists", "failed to update", "incorrect old value"].contains { reason.utf8.mentions($0) }
    return isRace ? .raced : .refused(reason)
  }

  private static func words(of result: ProcessResult) -> String {
    let words = result.complaint
    return words.isEmpty ? "git said nothing" : words
  }

  // MARK: What is kept about the remote

  private var seenFile: FilePath { repository.layout.stateDirectory / "hive-seen" }
  private var refusalFile: FilePath { repository.layout.stateDirectory / "hive-refused" }

  private func refusal() -> String? {
    (try? refusalFile.contents()).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether it is news.
  private func noteRefusal(_ reason: String) -> Bool {
    let words = "\(remote) \(reason)"
    if refusal() == words { return false }
    try? refusalFile.parent.createDirectories()
    try? refusalFile.write(Array(words.utf8))
    return true
  }

  private func forgetRefusal() { if refusalFile.exists { try? refusalFile.remove() } }
}
