/// Brings two states together that were one: path by path, like git merges trees.
///
/// A path that one side changed is that side's. Where both did, the later word counts, and of two claims the one that the
/// other side has published already. A change counts before a removal. Nothing is lost for good: both histories stay.
public struct HiveMerge {
  /// The records of a state by their places, as bytes.
  public typealias Records = [HivePath: [UInt8]]

  public private(set) var records: Records
  /// Claims of ours that yield to one of theirs.
  public private(set) var lost: [LostClaim] = []

  /// A claim that came second.
  public struct LostClaim: Hashable, Sendable {
    public var ours: Claim
    public var theirs: Claim
  }

  /// - Parameters:
  ///   - theirs: what the other side has published.
  ///   - now: seconds since 1970: only a live claim takes precedence.
  public init(base: Records, ours: Records, theirs: Records, now: Int64, ignoringCase: Bool = false) {
    records = theirs
    for path in Set(base.keys).union(ours.keys).union(theirs.keys) {
      let (old, own, other) = (base[path], ours[path], theirs[path])
      if own == other || own == old { continue }
      records[path] = other == old ? own : Self.settled(path, own, other, now: now)
    }
    yieldClaims(ours: ours, theirs: theirs, now: now, ignoringCase: ignoringCase)
  }

  private static func settled(_ path: HivePath, _ own: [UInt8]?, _ other: [UInt8]?, now: Int64) -> [UInt8]? {
    guard let own, let other else { return own ?? other }
    guard let ownRecord = HiveRecord(contents: own), let otherRecord = HiveRecord(contents: other) else { return other }
    if case .claim(let claimed)? = path.subject {
      guard let ownClaim = Claim(path: claimed, ownRecord), let otherClaim = Claim(path: claimed, otherRecord) else {
        return other
      }
      if ownClaim.stream == otherClaim.stream { return ownClaim.until > otherClaim.until ? own : other }
      return otherClaim.isLive(at: now) ? other : own
    }
    let (ownTime, otherTime) = (ownRecord.origin.time, otherRecord.origin.time)
    if ownTime != otherTime { return ownTime > otherTime ? own : other }
    return other.lexicographicallyPrecedes(own) ? own : other  // the same on both machines
  }

  /// A directory and a file in it are different paths, and one claim all the same.
  private mutating func yieldClaims(ours: Records, theirs: Records, now: Int64, ignoringCase: Bool) {
    let published = Self.claims(in: theirs).map(\.claim).filter { $0.isLive(at: now) }
    for (claim, contents) in Self.claims(in: ours) where claim.isLive(at: now) {
      let path = HivePath.claim(on: claim.path)
      if theirs[path] == contents { continue }  // published
      guard
        let winner = published.first(where: { other in
          other.stream != claim.stream && other.covers(claim.path, ignoringCase: ignoringCase)
        })
      else { continue }
      lost.append(LostClaim(ours: claim, theirs: winner))
      if records[path] == contents { records[path] = nil }
    }
  }

  private static func claims(in records: Records) -> [(claim: Claim, contents: [UInt8])] {
    records.sorted { $0.key < $1.key }.compactMap { path, contents in
      guard case .claim(let claimed)? = path.subject, let record = HiveRecord(contents: contents),
        let claim = Claim(path: claimed, record)
      else { return nil }
      return (claim, contents)
    }
  }
}
