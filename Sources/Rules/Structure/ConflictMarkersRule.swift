/// What git left for a person to decide is decided.
///
/// A conflict is a line of seven or more `<`, one of as many `=`, and one of as many `>`, in this order, each at the start of
/// its line: a heading underlined with `=======` is none. Patches, and what a fence in a Markdown file shows, may have them.
enum ConflictMarkersRule {
  static let id: RuleID = "structure.markers"

  static func findings(in change: StructureChange) -> [Finding] {
    guard !isPatch(change.path) else { return [] }
    let conflicts = Conflict.all(in: change.staged, isMarkdown: isMarkdown(change.path))
    guard !conflicts.isEmpty else { return [] }
    let known = Set(change.others.flatMap { Conflict.all(in: $0, isMarkdown: isMarkdown(change.path)).map(\.text) })
    return conflicts.filter { !known.contains($0.text) }.prefix(1).map { conflict in
      change.finding(id, .error, .markers(conflict.last, hint: change.remedyCommand), line: conflict.first)
    }
  }

  private static func isMarkdown(_ path: [UInt8]) -> Bool { hasEnding(path, [".md", ".mdx", ".markdown"]) }
  private static func isPatch(_ path: [UInt8]) -> Bool { hasEnding(path, [".patch", ".diff", ".rej"]) }

  private static func hasEnding(_ path: [UInt8], _ endings: [String]) -> Bool {
    endings.contains { path.suffix($0.utf8.count).elementsEqual($0.utf8) }
  }
}

/// From the first marker to the last.
private struct Conflict {
  var text: ArraySlice<UInt8>
  /// Lines, from 1.
  var first: Int
  var last: Int

  static func all(in bytes: [UInt8], isMarkdown: Bool) -> [Conflict] {
    guard holdsMarker(bytes) else { return [] }
    var conflicts: [Conflict] = []
    var start: (position: Int, line: Int, length: Int, isParted: Bool)?
    var isFenced = false
    var line = 0
    var position = 0
    while position < bytes.count {
      let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let text = bytes[position..<end]
      line += 1
      if isMarkdown, isFence(text) { isFenced.toggle() }
      if !isFenced, let (sign, length) = marker(text) {
        if sign == UInt8(ascii: "<") {
          start = (position, line, length, false)
        } else if let open = start, open.length == length {
          if sign == UInt8(ascii: "=") {
            start?.isParted = true
          } else if open.isParted {
            conflicts.append(Conflict(text: bytes[open.position..<end], first: open.line, last: line))
            start = nil
          }
        }
      }
      position = end + 1
    }
    return conflicts
  }

  /// Most files hold none: that is to be found out fast.
  private static func holdsMarker(_ bytes: [UInt8]) -> Bool {
    let sign = UInt8(ascii: ">")
    // Of seven in a row one stands at every seventh byte.
    return stride(from: 6, to: bytes.count, by: 7).contains { middle in
      guard bytes[middle] == sign else { return false }
      let before = bytes[..<middle].reversed().prefix(6).prefix { $0 == sign }.count
      let behind = bytes[(middle + 1)...].prefix(6).prefix { $0 == sign }.count
      return before + behind >= 6
    }
  }

  private static func marker(_ line: ArraySlice<UInt8>) -> (sign: UInt8, length: Int)? {
    guard let sign = line.first, "<=>".utf8.contains(sign) else { return nil }
    let length = line.prefix { $0 == sign }.count
    let next = line.dropFirst(length).first
    guard length >= 7, next == nil || next == UInt8(ascii: " ") || next == UInt8(ascii: "\r") else { return nil }
    return (sign, length)
  }

  private static func isFence(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.drop { $0 == UInt8(ascii: " ") }
    return text.starts(with: "```".utf8) || text.starts(with: "~~~".utf8)
  }
}

extension Finding.Message {
  fileprivate static func markers(_ last: Int, hint: String) -> Self {
    .init("a conflict was left here, up to line \(last)", hint: "to leave it out until it is resolved: \(hint)")
  }
}
