/// Barrels, each text cut into items once: several rules ask about the same versions of a file.
///
/// For one thread, and for as long as one change is judged.
public final class ParsedBarrels {
  private var known: [Barrel] = []

  public init() {}

  public func barrel(_ bytes: [UInt8], language: Language) -> Barrel {
    if let barrel = known.first(where: { $0.language == language && $0.bytes == bytes }) { return barrel }
    let barrel = Barrel(bytes, language: language)
    known.append(barrel)
    return barrel
  }
}
