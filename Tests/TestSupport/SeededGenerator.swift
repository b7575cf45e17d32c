import Platform

/// The same numbers for the same seed (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// `PREFLIGHT_SEED`, else a new one; printed, so that a failure can be repeated.
  public static func announcedSeed(_ name: String = #function) -> UInt64 {
    let seed = Environment.current["PREFLIGHT_SEED"].flatMap { UInt64($0) } ?? .random(in: 1 ... .max)
    print("\(name): PREFLIGHT_SEED=\(seed)")
    return seed
  }

  public static func announced(_ name: String = #function) -> SeededGenerator {
    SeededGenerator(seed: announcedSeed(name))
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  public mutating func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
