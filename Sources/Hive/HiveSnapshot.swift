import Git

/// The state as it is at one commit: which records there are. Each is read when it is asked for.
public struct HiveSnapshot {
  /// `nil`: nothing was ever said.
  public let tip: ObjectID?
  let entries: [HivePath: ObjectID]
  private let repository: Repository

  /// The state that nobody has said anything in.
  init(emptyIn repository: Repository) {
    self.repository = repository
    tip = nil
    entries = [:]
  }

  /// Reads which records a commit holds.
  init(_ tip: ObjectID, in repository: Repository) throws(HiveFault) {
    self.repository = repository
    self.tip = tip
    do {
      var entries: [HivePath: ObjectID] = [:]
      for file in try repository.files(in: repository.commit(tip).tree) {
        guard let entry = file.new, entry.isFile else { continue }
        entries[HivePath(bytes: file.path)] = entry.id
      }
      self.entries = entries
      guard let version = entries[.version] else { throw HiveFault.notOurs(tip) }
      let text = try repository.blob(version)
      guard text == Self.versionText else { throw HiveFault.newer(tip, String(decoding: text, as: UTF8.self)) }
    } catch let fault as HiveFault {
      throw fault
    } catch {
      throw .damaged(tip, String(describing: error))
    }
  }

  static let versionText = Array("1\n".utf8)

  /// What is said at `path`; `nil` where nothing is, or nothing that can be read.
  public func record(at path: HivePath) throws(GitError) -> HiveRecord? {
    guard let id = entries[path] else { return nil }
    return HiveRecord(contents: try repository.blob(id))
  }

  /// All records, as bytes.
  func records() throws(GitError) -> HiveMerge.Records {
    var result: HiveMerge.Records = [:]
    for (path, id) in entries { result[path] = try repository.blob(id) }
    return result
  }
}

extension HiveSnapshot {
  public func signal(of stream: String) throws(GitError) -> Signal? {
    try record(at: .signal(of: stream)).flatMap { Signal(stream: stream, $0) }
  }

  /// In the order of the streams' ids.
  public func signals() throws(GitError) -> [Signal] {
    try collect { subject, record in
      guard case .signal(let stream) = subject else { return nil }
      return Signal(stream: stream, record)
    }
  }

  /// Those that still hold, in the order of their paths.
  public func claims(liveAt now: Int64) throws(GitError) -> [Claim] {
    try collect { subject, record in
      guard case .claim(let path) = subject else { return nil }
      return Claim(path: path, record)
    }.filter { $0.isLive(at: now) }
  }

  /// Work without a commit that was said to be done.
  public func completions() throws(GitError) -> [Completion] {
    try collect { subject, record in
      guard case .done(let issue, let stream) = subject else { return nil }
      return Completion(issue: issue, stream: stream, text: record.sentence, origin: record.origin)
    }
  }

  /// The issues that were said to be done; no record is read for it.
  public var completedIssues: Set<String> {
    Set(
      entries.keys.compactMap { path in
        if case .done(let issue, _)? = path.subject { issue } else { nil }
      })
  }

  public func memory(_ key: String) throws(GitError) -> HiveRecord? { try record(at: .memory(key)) }

  /// What is kept, in the order of the keys.
  public func memories() throws(GitError) -> [(key: String, record: HiveRecord)] {
    try collect { subject, record in
      guard case .memory(let key) = subject else { return nil }
      return (key, record)
    }
  }

  /// Who has spoken by the clock that is furthest ahead of `now`; `nil` where none is by more than a minute, by which clocks differ.
  public func originAhead(of now: Int64) throws(GitError) -> HiveRecord.Origin? {
    try collect { _, record in record.origin }.filter { $0.time > now + 60 }.max { $0.time < $1.time }
  }

  private func collect<Value>(_ body: (HivePath.Subject, HiveRecord) -> Value?) throws(GitError) -> [Value] {
    var result: [Value] = []
    for path in entries.keys.sorted() {
      guard let subject = path.subject, let record = try record(at: path) else { continue }
      if let value = body(subject, record) { result.append(value) }
    }
    return result
  }
}

/// Why what a ref leads to is not a state that can be read.
public enum HiveFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// Somebody else's commit, or no commit at all.
  case notOurs(ObjectID)
  /// An object is missing or broken; holds the reason.
  case damaged(ObjectID, String)
  /// Written in a form that a later preflight has; holds what it says of itself.
  case newer(ObjectID, String)

  public var tip: ObjectID {
    switch self {
    case .notOurs(let id), .damaged(let id, _), .newer(let id, _): id
    }
  }

  public var description: String {
    switch self {
    case .notOurs(let id): "\(id.abbreviated) is not a state of the hive"
    case .damaged(let id, let reason): "the state at \(id.abbreviated) is damaged: \(reason)"
    case .newer(let id, _): "the state at \(id.abbreviated) was written by a newer preflight"
    }
  }
}
