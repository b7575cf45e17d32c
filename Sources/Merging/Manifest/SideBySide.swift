/// Three texts that are written together and differ only where there are conflicts.
struct SideBySide {
  private struct Conflict {
    var base: Range<Int>
    var ours: Range<Int>
    var theirs: Range<Int>
  }

  private(set) var base: [UInt8] = []
  private(set) var ours: [UInt8] = []
  private(set) var theirs: [UInt8] = []
  private var conflicts: [Conflict] = []

  var isClean: Bool { conflicts.isEmpty }

  mutating func append(_ text: [UInt8]) {
    base += text
    ours += text
    theirs += text
  }

  mutating func appendConflict(base: [UInt8], ours: [UInt8], theirs: [UInt8]) {
    conflicts.append(
      Conflict(
        base: self.base.count..<self.base.count + base.count, ours: self.ours.count..<self.ours.count + ours.count,
        theirs: self.theirs.count..<self.theirs.count + theirs.count))
    self.base += base
    self.ours += ours
    self.theirs += theirs
  }

  /// Whole lines; conflicts on one line are one.
  var segments: [ConflictedText.Segment] {
    var segments: [ConflictedText.Segment] = []
    var written = (base: 0, ours: 0, theirs: 0)
    var index = 0
    while index < conflicts.count {
      var last = index
      while last + 1 < conflicts.count,
        !ours[conflicts[last].ours.upperBound..<conflicts[last + 1].ours.lowerBound].contains(0x0A)
      {
        last += 1
      }
      let first = conflicts[index]
      let lead = ours[written.ours..<first.ours.lowerBound].reversed().prefix { $0 != 0x0A }.count
      let rest = ours[conflicts[last].ours.upperBound...].prefix { $0 != 0x0A }.count
      let tail = conflicts[last].ours.upperBound + rest < ours.count ? rest + 1 : rest
      segments.append(.text(Array(ours[written.ours..<first.ours.lowerBound - lead])))
      segments.append(
        .region(
          .init(
            base: Array(base[first.base.lowerBound - lead..<conflicts[last].base.upperBound + tail]),
            ours: Array(ours[first.ours.lowerBound - lead..<conflicts[last].ours.upperBound + tail]),
            theirs: Array(theirs[first.theirs.lowerBound - lead..<conflicts[last].theirs.upperBound + tail]))))
      written = (
        conflicts[last].base.upperBound + tail, conflicts[last].ours.upperBound + tail,
        conflicts[last].theirs.upperBound + tail
      )
      index = last + 1
    }
    segments.append(.text(Array(ours[written.ours...])))
    return segments.filter { $0 != .text([]) }
  }
}
