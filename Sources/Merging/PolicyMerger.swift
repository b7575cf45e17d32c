/// Two versions that differ from their base and from each other.
struct MergeInput {
  var base: [UInt8]?
  var ours: [UInt8]
  var theirs: [UInt8]

  var versions: [[UInt8]] { [base ?? [], ours, theirs] }
}

/// One policy's way from three texts to one.
protocol PolicyMerger {
  func merge(_ input: MergeInput) -> MergeResult

  /// Whether a text that lines alone gave is as good as `decided`, or, where nothing could be decided, good at all.
  func accepts(_ text: [UInt8], insteadOf decided: [UInt8]?, _ input: MergeInput) -> Bool
}

extension PolicyMerger {
  func result(for input: MergeInput, textResult: [UInt8]?) -> MergeResult {
    if let refusal = refusal(of: input) { return MergeResult(.undecided(refusal)) }
    let result = merge(input)
    guard let textResult else { return result }
    let decided: [UInt8]?
    switch result.outcome {
    case .merged(let bytes): decided = bytes
    case .undecided, .conflict: decided = nil
    }
    return accepts(textResult, insteadOf: decided, input) ? MergeResult(.merged(textResult)) : result
  }

  private func refusal(of input: MergeInput) -> MergeRefusal? {
    if input.versions.contains(where: { $0.count > Merge.sizeLimit }) { return .tooLarge }
    if input.versions.contains(where: { $0.contains(0) }) { return .binary }
    if !input.versions.allSatisfy(Merge.isReadable) { return .tooLarge }
    if ConflictMarkers.stand(in: input.ours) || ConflictMarkers.stand(in: input.theirs) { return .conflictMarkers }
    return nil
  }
}

/// Lines, where they can be paired in one way only.
struct TextPolicyMerge: PolicyMerger {
  func merge(_ input: MergeInput) -> MergeResult {
    switch TextMerge(base: input.base ?? [], ours: input.ours, theirs: input.theirs) {
    case .merged(let bytes): MergeResult(.merged(bytes))
    case .conflict: MergeResult(.conflict(ConflictedText(wholeOf: input)))
    case .undecided: MergeResult(.undecided(.ambiguousText))
    }
  }

  func accepts(_ text: [UInt8], insteadOf decided: [UInt8]?, _ input: MergeInput) -> Bool { true }
}
