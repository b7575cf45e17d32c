import Merging

/// A merge of texts as people write them in a test.
func merge(
  _ base: String?, _ ours: String, _ theirs: String, policy: MergePolicy = .barrel, path: String = "src/index.ts",
  textResult: String? = nil
) -> MergeResult {
  Merge.files(
    base: base.map { Array($0.utf8) }, ours: Array(ours.utf8), theirs: Array(theirs.utf8), policy: policy,
    path: Array(path.utf8), textResult: textResult.map { Array($0.utf8) })
}

extension MergeResult {
  /// The merged text; what git would leave in the file, with short markers, where it is none; or the refusal.
  var text: String {
    switch outcome {
    case .merged(let bytes): String(decoding: bytes, as: UTF8.self)
    case .conflict(let text):
      String(
        decoding: text.bytes(style: ConflictStyle(markerLength: 7, oursLabel: [0x6F], theirsLabel: [0x74])),
        as: UTF8.self)
    case .undecided(let refusal): "undecided: \(refusal)"
    }
  }

  var isConflict: Bool { if case .conflict = outcome { true } else { false } }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
