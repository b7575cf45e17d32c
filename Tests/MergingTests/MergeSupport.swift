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
