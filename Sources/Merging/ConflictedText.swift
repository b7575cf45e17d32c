/// A merge that a person must finish: what is decided, and both sides of what is not.
public struct ConflictedText: Hashable, Sendable {
  public struct Region: Hashable, Sendable {
    /// `nil` where the base is unknown or cannot be trusted.
    public var base: [UInt8]?
    public var ours: [UInt8]
    public var theirs: [UInt8]
  }

  public enum Segment: Hashable, Sendable {
    case text([UInt8])
    case region(Region)
  }

  /// In the file's order; whole lines, but for the file's last.
  public var segments: [Segment]

  init(segments: [Segment]) { self.segments = segments }

  /// All that lies between the lines that both sides begin and end with.
  init(wholeOf input: MergeInput, trustsBase: Bool = true) {
    let ours = Lines(input.ours)
    let theirs = Lines(input.theirs)
    let base = trustsBase ? input.base.map(Lines.init) : nil
    let shortest = min(ours.count, theirs.count, base?.count ?? .max)
    func agree(_ line: (Lines) -> ArraySlice<UInt8>) -> Bool {
      line(ours) == line(theirs) && (base.map { line($0) == line(ours) } ?? true)
    }
    var head = 0
    while head < shortest, agree({ $0[head] }) { head += 1 }
    var tail = 0
    while tail < shortest - head, agree({ $0[$0.count - 1 - tail] }) { tail += 1 }
    func middle(_ lines: Lines) -> [UInt8] { Array(lines[head..<(lines.count - tail)].joined()) }
    segments = [
      .text(Array(ours[..<head].joined())),
      .region(Region(base: base.map(middle), ours: middle(ours), theirs: middle(theirs))),
      .text(Array(ours[(ours.count - tail)...].joined())),
    ].filter { $0 != .text([]) }
  }

  public var regions: [Region] {
    segments.compactMap { if case .region(let region) = $0 { region } else { nil } }
  }
}

/// How conflicts are written into a file; see gitattributes(5), "conflict-marker-size", and git-merge-file(1).
public struct ConflictStyle: Hashable, Sendable {
  /// Signs in a marker.
  public var markerLength: Int
  public var oursLabel: [UInt8]
  public var theirsLabel: [UInt8]
  /// Shows the base between the sides (`merge.conflictStyle=diff3`) under this label; `nil` hides it.
  public var baseLabel: [UInt8]?

  public init(markerLength: Int = 7, oursLabel: [UInt8], theirsLabel: [UInt8], baseLabel: [UInt8]? = nil) {
    precondition(markerLength > 0, "a conflict marker has at least one sign")
    self.markerLength = markerLength
    self.oursLabel = oursLabel
    self.theirsLabel = theirsLabel
    self.baseLabel = baseLabel
  }
}

extension ConflictedText {
  /// The text with markers around each region, in the line ends of what stands around them.
  public func bytes(style: ConflictStyle) -> [UInt8] {
    let hasCRLF = segments.contains {
      switch $0 {
      case .text(let text): text.hasCRLF
      case .region(let region): region.ours.hasCRLF || region.theirs.hasCRLF
      }
    }
    let lineEnd: [UInt8] = hasCRLF ? [0x0D, 0x0A] : [0x0A]
    var result: [UInt8] = []
    func appendMarker(_ sign: Unicode.Scalar, _ label: [UInt8] = []) {
      if let last = result.last, last != 0x0A { result += lineEnd }
      result += Array(repeating: UInt8(ascii: sign), count: style.markerLength)
      if !label.isEmpty { result += [0x20] + label }
      result += lineEnd
    }
    for segment in segments {
      switch segment {
      case .text(let text): result += text
      case .region(let region):
        appendMarker("<", style.oursLabel)
        result += region.ours
        if let label = style.baseLabel {
          appendMarker("|", label)
          result += region.base ?? []
        }
        appendMarker("=")
        result += region.theirs
        appendMarker(">", style.theirsLabel)
      }
    }
    return result
  }
}

/// The lines that a merge left for a person.
enum ConflictMarkers {
  /// Whether a line begins with seven or more `<` and a blank, and a later one with as many `>`.
  static func stand(in bytes: [UInt8]) -> Bool {
    var opened: Set<Int> = []
    for line in bytes.split(separator: 0x0A) {
      guard let sign = line.first, sign == UInt8(ascii: "<") || sign == UInt8(ascii: ">") else { continue }
      let length = line.prefix { $0 == sign }.count
      let next = line.dropFirst(length).first
      guard length >= 7, next == nil || next == 0x20 || next == 0x0D else { continue }
      if sign == UInt8(ascii: "<") {
        opened.insert(length)
      } else if opened.contains(length) {
        return true
      }
    }
    return false
  }
}

extension [UInt8] {
  var hasCRLF: Bool { indices.contains { self[$0] == 0x0A && $0 > 0 && self[$0 - 1] == 0x0D } }
}

extension ConflictedText {
  /// Segments in plain form, as the file is written. The last line keeps its end where markers follow it.
  init(plain segments: [Segment], _ form: TextForm) {
    self.segments = segments.map { segment in
      switch segment {
      case .text(let text): .text(form.withLineEnds(text))
      case .region(let region):
        .region(
          Region(
            base: region.base.map(form.withLineEnds), ours: form.withLineEnds(region.ours),
            theirs: form.withLineEnds(region.theirs)))
      }
    }
    if form.hasByteOrderMark { self.segments.insert(.text([0xEF, 0xBB, 0xBF]), at: 0) }
    if !form.endsWithNewline, case .text(let last) = segments.last {
      self.segments[self.segments.count - 1] = .text(Array(form.withLineEnds(last).dropLast(form.lineEnd.count)))
    }
  }
}

extension [UInt8] {
  /// Without blanks and line ends around.
  var firstLine: [UInt8] {
    Array(drop { $0.isSpaceOrTab || $0 == 0x0A }.prefix { $0 != 0x0A && $0 != 0x0D })
  }
}

extension Collection where Element: Hashable {
  var counted: [Element: Int] { Dictionary(map { ($0, 1) }, uniquingKeysWith: +) }
}
