import Git
import Platform
import StateFiles

/// What the hive's streams have told one another: a tree of records behind one ref that all worktrees share.
///
/// Every change is a commit that takes the place of the one it was made from by compare-and-swap, and is made anew when
/// somebody else was faster: nothing that was said is lost, however many say something at once. Reads take no lock.
public struct HiveStore {
  public static let reference = "refs/preflight/hive"

  let repository: Repository
  let environment: Environment
  private let clock: () -> Int64
  /// Seconds for which a change tries to come through.
  var patience = 20.0

  /// - Parameter clock: seconds since 1970.
  public init(_ repository: Repository, environment: Environment = .current, clock: @escaping () -> Int64 = Clock.now) {
    self.repository = repository
    self.environment = environment
    self.clock = clock
  }

  public var now: Int64 { clock() }

  /// Whether anything may ever have been said, told by one look at the disk: for hooks, which have better things to do.
  public static func mayHoldAnything(_ layout: RepositoryLayout) -> Bool {
    ClaimIndex.file(layout).exists
  }

  /// The state as it is now. One that cannot be read is left where it is.
  public func snapshot() throws -> HiveSnapshot { try snapshot(of: Self.reference) }

  func snapshot(of reference: String) throws -> HiveSnapshot {
    guard let tip = try repository.target(of: reference) else { return HiveSnapshot(emptyIn: repository) }
    return try HiveSnapshot(tip, in: repository)
  }

  /// The live claims, without reading every record where they were listed for this state before.
  public func claims() throws -> [Claim] {
    let tip = try repository.target(of: Self.reference)
    if let index = ClaimIndex(repository.layout, tip: tip) { return index.claims.filter { $0.isLive(at: now) } }
    let snapshot = try snapshot()
    let claims = try snapshot.claims(liveAt: now)
    ClaimIndex(claims: claims).write(to: repository.layout, tip: tip)
    return claims
  }
}

// MARK: Changing it

/// What is to be said.
public struct HiveChange {
  /// The first line of the commit.
  public var subject: String
  /// `nil` removes what is there.
  public var records: [HivePath: HiveRecord?]

  public init(_ subject: String, _ records: [HivePath: HiveRecord?]) {
    self.subject = subject
    self.records = records
  }
}

/// What came of a change.
public struct HiveOutcome: Sendable {
  /// The state's new commit; the old one where there was nothing to change.
  public var tip: ObjectID?
  /// Where a state that could not be read was put aside.
  public var aside: KeptAside?

  public struct KeptAside: Sendable {
    public var fault: HiveFault
    /// The ref that keeps it; `nil` where git would not make one for an object that is missing.
    public var reference: String?
  }
}

extension HiveStore {
  /// Changes the state.
  ///
  /// - Parameter body: decides on what is there; asked again whenever somebody else has changed it meanwhile. `nil`: there
  ///   is nothing to change. What it throws is thrown, and nothing is changed.
  @discardableResult
  public func change(
    by origin: HiveRecord.Origin, _ body: (HiveSnapshot) throws -> HiveChange?
  ) throws -> HiveOutcome {
    var aside: HiveOutcome.KeptAside?
    return try swapping { old in
      let base: HiveSnapshot
      do { base = try old.map { try HiveSnapshot($0, in: repository) } ?? HiveSnapshot(emptyIn: repository) } catch let
        fault as HiveFault
      {
        if case .newer = fault { throw fault }
        aside = aside ?? keepAside(fault)
        base = HiveSnapshot(emptyIn: repository)
      }
      guard let change = try body(base) else { return .done(HiveOutcome(tip: old, aside: aside)) }
      let new = try write(change, on: base, by: origin)
      return .swap(to: new, reason: change.subject, result: HiveOutcome(tip: new, aside: aside))
    }
  }

  enum Step<Result> {
    case done(Result)
    case swap(to: ObjectID, reason: String, result: Result)
  }

  /// Moves the ref from what `body` was shown to what it made of it, again and again until nobody came between.
  func swapping<Result>(_ body: (ObjectID?) throws -> Step<Result>) throws -> Result {
    let turn = Turn(repository.layout)
    turn.clearAbandonedLocks()
    let deadline = Clock.monotonic() + patience
    var pause = 0.002
    while true {
      let old = try repository.target(of: Self.reference)
      let (new, reason, result): (ObjectID, String, Result)
      switch try body(old) {
      case .done(let result): return result
      case .swap(let tip, let words, let outcome): (new, reason, result) = (tip, words, outcome)
      }
      let arguments: [Argument] = [
        "update-ref", "--create-reflog", "-m", Argument("preflight: \(reason)"), Argument(Self.reference), "\(new)",
        Argument(old?.description ?? ""),
      ]
      let attempt = try turn.run(repository.git, arguments)
      if attempt.succeeded {
        try refreshIndex(new)
        return result
      }
      // Somebody was faster, or holds the ref's lock just now; anything else does not pass.
      let isMoved = try repository.target(of: Self.reference) != old
      guard Clock.monotonic() < deadline, isMoved || attempt.error.mentions(".lock") else {
        throw GitCommand.failure(["update-ref", Argument(Self.reference)], attempt)
      }
      Clock.sleep(seconds: Double.random(in: 0...pause))
      pause = min(pause * 2, 0.1)
    }
  }

  private func write(
    _ change: HiveChange, on base: HiveSnapshot, by origin: HiveRecord.Origin
  ) throws -> ObjectID {
    var entries = base.entries
    entries[.version] = try repository.make(.blob, HiveSnapshot.versionText)
    for (path, record) in change.records {
      entries[path] = try record.map { try repository.make(.blob, $0.contents) }
    }
    return try commit(entries, parents: [base.tip].compactMap { $0 }, subject: change.subject, by: origin)
  }

  func commit(
    _ entries: [HivePath: ObjectID], parents: [ObjectID], subject: String, by origin: HiveRecord.Origin
  ) throws -> ObjectID {
    var files: [[UInt8]: TreeEntry] = [:]
    for (path, id) in entries { files[path.bytes] = TreeEntry(mode: 0o100644, id: id) }
    let tree = try repository.makeTree(of: files)
    let ident = origin.person.filter { $0 != UInt8(ascii: "\n") } + Array(" \(origin.time) +0000\n".utf8)
    var contents = Array("tree \(tree)\n".utf8)
    for parent in parents { contents += Array("parent \(parent)\n".utf8) }
    contents += Array("author ".utf8) + ident + Array("committer ".utf8) + ident
    let line = subject.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
    contents += [UInt8(ascii: "\n")] + line + [UInt8(ascii: "\n")]
    let commit = try repository.make(.commit, contents)
    try repository.writeMadeObjects()
    return commit
  }

  /// Keeps a state that cannot be read under a name of its own, from where a person can look into it.
  private func keepAside(_ fault: HiveFault) -> HiveOutcome.KeptAside {
    let name = "refs/preflight/aside/\(fault.tip)"
    let result = try? repository.git.run(["update-ref", Argument(name), "\(fault.tip)"])
    return HiveOutcome.KeptAside(fault: fault, reference: result?.succeeded == true ? name : nil)
  }

  /// Lists the claims for hooks. A cache: whoever may not write it leaves it to the next.
  func refreshIndex(_ tip: ObjectID) throws {
    guard let snapshot = try? HiveSnapshot(tip, in: repository) else { return }
    ClaimIndex(claims: try snapshot.claims(liveAt: now)).write(to: repository.layout, tip: tip)
  }
}

/// Our own processes take turns, which spares them most of the attempts that would fail; the compare-and-swap alone decides.
///
/// The git that moves the ref has the turn, too, and that it was started is on the disk before it is: whoever has the turn
/// after it knows that a lock of the ref which is still there since then is one that a killed git has left.
private struct Turn: ~Copyable {
  private let lock: FileLock?
  private let layout: RepositoryLayout

  init(_ layout: RepositoryLayout) {
    self.layout = layout
    try? layout.stateDirectory.createDirectories()
    lock = Self.take(layout.stateDirectory / "hive.lock")
  }

  /// `nil` after ten seconds, or without the right to write there.
  private static func take(_ file: FilePath) -> FileLock? {
    let deadline = Clock.monotonic() + 10
    repeat {
      do { if let lock = try FileLock(trying: file, holder: "hive") { return lock } } catch { return nil }
      Clock.sleep(seconds: Double.random(in: 0.001...0.01))
    } while Clock.monotonic() < deadline
    return nil
  }

  private var update: BegunRefUpdate {
    BegunRefUpdate(layout.stateDirectory / "hive-begun", of: [HiveStore.reference], in: layout)
  }

  private var descriptor: Int32? {
    switch lock {
    case .some(let lock): lock.descriptor
    case .none: nil
    }
  }

  borrowing func run(_ git: GitCommand, _ arguments: [Argument]) throws(GitError) -> ProcessResult {
    guard let descriptor else { return try git.run(arguments) }
    return try update.run(git, arguments, holding: descriptor)
  }

  borrowing func clearAbandonedLocks() { if descriptor != nil { update.clearAbandoned() } }
}
