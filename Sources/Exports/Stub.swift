/// An export statement that is commented out, reserved for whoever will bring it to life.
public struct Stub: Hashable, Sendable {
  public var statement: ExportStatement
  /// The lines as they would be live: without the comment sign and the blanks that follow it on the first line, with
  /// indentation, trailing comment and line ends.
  public var uncommented: [UInt8]

  /// What stands before the text on each line of the stub: `// `.
  public var prefix: [UInt8]
  /// Where the trailing comment begins in `uncommented`.
  var trailingComment: Int?

  /// Turns a live statement back into this stub's form: the comment sign goes behind each line's indentation as far as
  /// the first line has one. Empty lines get the sign without the blanks.
  public func commentingOut(_ live: some Collection<UInt8>) -> [UInt8] {
    let indentation = live.prefix { $0 == 0x20 || $0 == 0x09 }
    var result: [UInt8] = []
    for line in live.split(separator: .newline, omittingEmptySubsequences: false) {
      let isLast = line.endIndex == live.endIndex
      guard !(isLast && line.isEmpty) else { break }
      let own = zip(line, indentation).prefix { $0 == $1 }.count
      let text = line.dropFirst(own)
      result += line.prefix(own)
      result += text.allSatisfy(\.isBlank) ? prefix.filter { !$0.isBlank } : prefix
      result += text
      if !isLast { result.append(.newline) }
    }
    return result
  }

  /// Whether `live` is this stub brought to life and nothing else: equal but for line ends, the blanks around, and the trailing
  /// comment.
  public func isBroughtToLife(as live: Barrel.Item, in barrel: Barrel) -> Bool {
    let text = barrel.bytes[live.range.lowerBound..<(live.trailingComment?.lowerBound ?? live.range.upperBound)]
    let own = uncommented[..<(trailingComment ?? uncommented.count)]
    return text.trimmed.filter { $0 != .carriageReturn } == own.trimmed.filter { $0 != .carriageReturn }
  }
}
