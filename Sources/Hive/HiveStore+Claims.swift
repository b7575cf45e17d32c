/// A claim that another stream holds on what was to be claimed.
public struct ClaimRefused: Error, Hashable, Sendable {
  public var path: [UInt8]
  public var holder: Claim
}

extension HiveStore {
  /// Claims all of `paths` for a stream, or none: where another stream holds one of them, throws `ClaimRefused`.
  ///
  /// A claim of one's own is renewed; those that have run out are swept away.
  ///
  /// - Parameter isOwn: of a claim that another stream has made by its name.
  @discardableResult
  public func claim(
    _ paths: [[UInt8]], for stream: String, seconds: Int64, text: [UInt8], by origin: HiveRecord.Origin,
    ignoringCase: Bool = false, isOwn: (Claim) -> Bool = { _ in false }
  ) throws -> HiveOutcome {
    try change(by: origin) { state in
      let live = try state.claims(liveAt: now)
      for path in paths {
        let holder = live.first {
          $0.stream != stream && !isOwn($0) && $0.covers(path, ignoringCase: ignoringCase)
        }
        if let holder { throw ClaimRefused(path: path, holder: holder) }
      }
      var records = try expired(in: state)
      for path in paths {
        records[.claim(on: path)] =
          Claim(path: path, stream: stream, until: now + seconds, text: text, origin: origin).record
      }
      return HiveChange("\(stream) claims \(Self.names(paths))", records)
    }
  }

  /// Lets go of a stream's claims on `paths` and on what is below them; empty: of all.
  ///
  /// - Parameter isOwn: of a claim that another stream has made by its name.
  /// - Returns: the claims that were dropped.
  @discardableResult
  public func dropClaims(
    _ paths: [[UInt8]], of stream: String, by origin: HiveRecord.Origin, ignoringCase: Bool = false,
    isOwn: (Claim) -> Bool = { _ in false }
  ) throws -> (dropped: [Claim], outcome: HiveOutcome) {
    var dropped: [Claim] = []
    let outcome = try change(by: origin) { state in
      dropped = try state.claims(liveAt: now).filter { claim in
        (claim.stream == stream || isOwn(claim))
          && (paths.isEmpty || paths.contains { claim.isBelow($0, ignoringCase: ignoringCase) })
      }
      if dropped.isEmpty { return nil }
      var records = try expired(in: state)
      for claim in dropped { records[.claim(on: claim.path)] = .some(nil) }
      return HiveChange("\(stream) drops \(Self.names(dropped.map(\.path)))", records)
    }
    return (dropped, outcome)
  }

  private func expired(in state: HiveSnapshot) throws -> [HivePath: HiveRecord?] {
    let live = Set(try state.claims(liveAt: now).map { HivePath.claim(on: $0.path) })
    var removals: [HivePath: HiveRecord?] = [:]
    for path in state.entries.keys where !live.contains(path) {
      if case .claim? = path.subject { removals[path] = .some(nil) }
    }
    return removals
  }

  private static func names(_ paths: [[UInt8]]) -> String {
    paths.map { $0.isEmpty ? "everything" : String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
  }
}
