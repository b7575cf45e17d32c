import Plan

extension PlanDocument {
  /// What is wrong with the plan's patterns given trunk's files: those that match nothing and are not marked as new, and
  /// those of two streams that match one file, unless it is a shared file.
  ///
  /// - Parameter paths: of all files on trunk, in any order.
  public func faults(against paths: [[UInt8]]) -> [PlanFault] {
    var faults = FaultList(file: file)
    let tree = PathTree(paths)
    let matches = patterns.map { tree.matches(of: $0.pattern) }
    for (use, matches) in zip(patterns, matches) where matches.isEmpty && !use.isNew {
      let suggestion = tree.nearest(to: use.pattern).map { "; did you mean '\($0)'?" } ?? ""
      faults.warn(
        use.position, "pattern '\(use.pattern)' matches nothing on trunk\(suggestion)",
        hint: "for files that are still to be made write { path = \(TOMLText.string(use.pattern.text)), new = true }")
    }
    warnOfOverlaps(matches, &faults)
    return faults.sorted
  }

  private func warnOfOverlaps(_ matches: [[[UInt8]]], _ faults: inout FaultList) {
    let shared = patterns.filter(\.isShared).map { CompiledPattern($0.pattern) }
    for (later, use) in patterns.enumerated() {
      guard let stream = use.stream else { continue }
      for (earlier, other) in patterns[..<later].enumerated() {
        guard let owner = other.stream, owner != stream,
          let path = commonPath(use, other, matches[later], Set(matches[earlier])),
          !shared.contains(where: { $0.matches(path) })
        else { continue }
        faults.warn(
          use.position,
          "pattern '\(use.pattern)' of stream '\(stream)' and '\(other.pattern)' of stream '\(owner)' both match "
            + "'\(String(decoding: path, as: UTF8.self))'")
      }
    }
  }

  /// A file that both match, or the path that one of them names.
  private func commonPath(
    _ left: PatternUse, _ right: PatternUse, _ leftMatches: [[UInt8]], _ rightMatches: Set<[UInt8]>
  ) -> [UInt8]? {
    if let path = left.pattern.literalPath { return right.pattern.matches(path) ? path : nil }
    if let path = right.pattern.literalPath { return left.pattern.matches(path) ? path : nil }
    return leftMatches.first(where: rightMatches.contains)
  }
}
