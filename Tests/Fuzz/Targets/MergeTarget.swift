import Merging

/// One merge: three texts, each ended by a record separator (0x1E), by one policy. What must hold on any bytes is checked; a
/// crash, a time-out or a leak is libFuzzer's own to report.
struct MergeTarget {
  static let separator: UInt8 = 0x1E

  var policy: MergePolicy
  var path: String

  func run(_ input: UnsafeRawBufferPointer) {
    let parts = input.split(separator: Self.separator, maxSplits: 2, omittingEmptySubsequences: false).map(Array.init)
    guard parts.count == 3 else { return }
    let (base, ours, theirs) = (parts[0], parts[1], parts[2])
    let result = merge(base, ours, theirs)
    switch result.outcome {
    case .merged(let bytes):
      requireNothingLost(bytes, result, base: base, ours: ours, theirs: theirs)
      // What has been merged into a side changes nothing when it is merged again.
      require(merge(bytes, bytes, theirs).outcome == .merged(theirs), "a side that is the base's gives way")
    case .conflict(let text):
      let style = ConflictStyle(oursLabel: [], theirsLabel: [])
      requireNothingLost(text.bytes(style: style), result, base: base, ours: ours, theirs: theirs)
    case .undecided:
      break
    }
    require(merge(base, ours, theirs) == result, "the same input gives the same result")
    require(kind(of: merge(base, theirs, ours)) == kind(of: result), "which side is called ours decides nothing")
  }

  private func merge(_ base: [UInt8], _ ours: [UInt8], _ theirs: [UInt8]) -> MergeResult {
    Merge.files(base: base, ours: ours, theirs: theirs, policy: policy, path: Array(path.utf8))
  }

  private func kind(of result: MergeResult) -> Int {
    switch result.outcome {
    case .merged: 0
    case .conflict: 1
    case .undecided: 2
    }
  }

  /// Every byte value that a side alone brought is in the bytes, unless a decision that was reported did without; blanks, line
  /// ends and a byte order mark follow whoever changed them.
  private func requireNothingLost(
    _ bytes: [UInt8], _ result: MergeResult, base: [UInt8], ours: [UInt8], theirs: [UInt8]
  ) {
    guard result.decisions.isEmpty else { return }
    let layout: Set<UInt8> = [0x09, 0x0A, 0x0D, 0x20, 0xEF, 0xBB, 0xBF]
    let written = content(of: ours).union(content(of: theirs)).subtracting(base).subtracting(layout)
    require(written.isSubset(of: bytes), "what only a side has written is in the result")
  }

  /// The bytes that a merge has to account for: a changelog's headings go when nothing stands below them.
  private func content(of text: [UInt8]) -> Set<UInt8> {
    guard policy == .changelog else { return Set(text) }
    return Set(text.split(separator: 0x0A).filter { !$0.starts(with: "###".utf8) }.joined())
  }
}

/// Ends the run with what broke where it does not hold.
func require(_ holds: Bool, _ law: String) {
  if !holds { fatalError(law) }
}
