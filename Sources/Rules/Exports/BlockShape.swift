import Exports

/// `stubs = "block"`: the lines outside the stream's blocks, of which each stretch is found whole behind the one before.
struct BlockShape {
  /// Stretches of the reference between own blocks; the first is where the file begins.
  private var stretches: [[[UInt8]]] = [[]]
  private let staged: [[UInt8]]

  init(_ change: ExportsChange, _ reference: BarrelVersion) {
    staged = Self.linesWithUnownedStubs(of: reference, in: change)
    var next = 0
    for block in reference.ownership.blocks where block.isCertain && change.isOwn(block.owners) {
      let items = reference.barrel.items[block.items]
      let lines = (items.first!.lines.lowerBound - 1)..<items.last!.lines.upperBound  // a block has at least one item
      stretches[stretches.count - 1] += reference.lines[next..<max(next, lines.lowerBound)]
      stretches.append([])
      next = lines.upperBound
    }
    if next < reference.lines.count { stretches[stretches.count - 1] += reference.lines[next...] }
  }

  /// The staged lines, with the stubs that nobody owns commented out again: that they were brought to life is another rule's
  /// matter.
  private static func linesWithUnownedStubs(of reference: BarrelVersion, in change: ExportsChange) -> [[UInt8]] {
    var lines = change.staged.lines
    for (index, item) in reference.barrel.items.enumerated() where reference.ownership.owners[index] == nil {
      guard let stub = item.stub, reference.live[stub.statement.identity] == nil,
        let live = change.staged.live[stub.statement.identity]
      else { continue }
      let item = change.staged.barrel.items[live]
      let range = item.lines.lowerBound - 1..<item.lines.upperBound
      // A statement that shares its line with others is none that was only uncommented.
      guard stub.isBroughtToLife(as: item, in: change.staged.barrel), case let text = reference.text(index),
        range.count == text.count, change.staged.lines[range].elementsEqual(change.staged.text(live))
      else { continue }
      lines.replaceSubrange(range, with: text)
    }
    return lines
  }

  /// The index of the first staged line that breaks the shape; `nil` where it holds.
  var deviation: Int? {
    let same = zip(stretches[0], staged).prefix { $0 == $1 }.count
    guard same == stretches[0].count else { return same }
    var position = same
    for stretch in stretches.dropFirst() where !stretch.isEmpty {
      switch search(for: stretch, from: position) {
      case .found(let end): position = end
      case .broken(let line):
        guard let end = endWithoutBlank(of: stretch, at: position) else { return line }
        position = end
      }
    }
    return nil
  }

  /// Where a stretch ends that starts right at `position`, but for its first line: a block that goes takes one of the two
  /// blank lines around it along.
  private func endWithoutBlank(of stretch: [[UInt8]], at position: Int) -> Int? {
    func isBlank(_ line: [UInt8]) -> Bool { line.isEmpty || line == [UInt8(ascii: "\r")] }
    guard position > 0, isBlank(staged[position - 1]), isBlank(stretch[0]),
      staged[position...].starts(with: stretch.dropFirst())
    else { return nil }
    return position + stretch.count - 1
  }

  private enum Search {
    case found(end: Int)
    /// Where the longest beginning of the stretch ends.
    case broken(line: Int)
  }

  /// After Knuth, Morris and Pratt: lines repeat in barrels, and the time must not.
  private func search(for stretch: [[UInt8]], from start: Int) -> Search {
    var fallback = [0]
    for index in stretch.indices.dropFirst() {
      var length = fallback[index - 1]
      while length > 0, stretch[index] != stretch[length] { length = fallback[length - 1] }
      fallback.append(stretch[index] == stretch[length] ? length + 1 : 0)
    }
    var matched = 0
    var best = (length: 0, line: start)
    for line in start..<staged.count {
      while matched > 0, staged[line] != stretch[matched] { matched = fallback[matched - 1] }
      if staged[line] == stretch[matched] { matched += 1 }
      if matched == stretch.count { return .found(end: line + 1) }
      if matched > best.length { best = (matched, line + 1) }
    }
    return .broken(line: best.line)
  }
}
