import Git

/// Something that was said, as the state's history tells it.
public struct HiveEvent: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case signal(Signal)
    case done(Completion)
    /// No longer done after all.
    case undone(Completion)
    case claimed(Claim)
    case dropped(Claim)
    /// Two machines had claimed one path: this claim came second.
    case lost(Claim)
    case remembered(key: String, HiveRecord)
    case forgotten(key: String)
  }

  public var kind: Kind
  /// Of whoever changed the state.
  public var person: [UInt8]
  /// Seconds since 1970.
  public var time: Int64
}

extension HiveStore {
  /// What was said, newest first.
  ///
  /// - Parameter limit: how many of the state's commits are looked at; `nil`: all.
  public func events(limit: Int? = nil) throws -> [HiveEvent] {
    guard let tip = try snapshot().tip else { return [] }
    let commits = try repository.commitIDs(reachableFrom: [tip], excluding: [], limit: limit)
    return try commits.flatMap { try events(of: repository.commit($0)) }
  }

  private func events(of commit: Commit) throws -> [HiveEvent] {
    let before = try commit.parents.first.map { try repository.commit($0).tree }
    let person = Array(commit.author.prefix { $0 != UInt8(ascii: ">") }) + [UInt8(ascii: ">")]
    let kinds = try repository.changes(from: before, to: commit.tree).compactMap { change -> HiveEvent.Kind? in
      let path = HivePath(bytes: change.path)
      guard !commit.isMerge else { return try lostClaim(change, path, at: commit.committed) }
      if let new = try record(change.new) { return Self.kind(path, new) }
      return try record(change.old).flatMap { Self.removal(path, $0, at: commit.committed) }
    }
    return kinds.map { HiveEvent(kind: $0, person: person, time: commit.committed) }
  }

  private func record(_ entry: TreeEntry?) throws -> HiveRecord? {
    guard let entry, entry.isFile else { return nil }
    return HiveRecord(contents: try repository.blob(entry.id))
  }

  /// Of a merge only what it took from its first parent: all else was told by whoever said it.
  private func lostClaim(_ change: TreeChange, _ path: HivePath, at time: Int64) throws -> HiveEvent.Kind? {
    guard case .claim(let claimed)? = path.subject,
      let old = try record(change.old).flatMap({ Claim(path: claimed, $0) }), old.isLive(at: time)
    else { return nil }
    let new = try record(change.new).flatMap { Claim(path: claimed, $0) }
    return new?.stream == old.stream ? nil : .lost(old)
  }

  private static func kind(_ path: HivePath, _ record: HiveRecord) -> HiveEvent.Kind? {
    switch path.subject {
    case .signal(let stream): Signal(stream: stream, record).map { .signal($0) }
    case .done(let issue, let stream):
      .done(Completion(issue: issue, stream: stream, text: record.sentence, origin: record.origin))
    case .claim(let claimed): Claim(path: claimed, record).map { .claimed($0) }
    case .memory(let key): .remembered(key: key, record)
    case nil: nil
    }
  }

  private static func removal(_ path: HivePath, _ record: HiveRecord, at time: Int64) -> HiveEvent.Kind? {
    switch path.subject {
    case .done(let issue, let stream):
      .undone(Completion(issue: issue, stream: stream, text: record.sentence, origin: record.origin))
    case .claim(let claimed):
      // One that had run out was only swept away.
      Claim(path: claimed, record).flatMap { $0.isLive(at: time) ? .dropped($0) : nil }
    case .memory(let key): .forgotten(key: key)
    case .signal, nil: nil
    }
  }
}
