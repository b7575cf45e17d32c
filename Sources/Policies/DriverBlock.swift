import Git
import Plan
import Platform

/// Our lines in `info/attributes`, by which git calls our merge driver for the plan's shared files; see gitattributes(5).
///
///     # preflight begin: written by 'preflight install' from the plan PLAN-ID
///     /src/index.ts merge=preflight
///     # preflight end
///
/// The file is common to all worktrees, and goes before every `.gitattributes`. Whatever stands in it below these lines goes
/// before them.
public struct DriverBlock: Hashable, Sendable {
  public static let driver = "preflight"

  public struct Line: Hashable, Sendable {
    public var pattern: Pattern
    /// As it is written: `merge=preflight`, or what somebody else's `.gitattributes` says of a path that a pattern of ours
    /// takes in.
    public var attribute: String

    public init(_ pattern: Pattern, _ attribute: String) {
      self.pattern = pattern
      self.attribute = attribute
    }
  }

  /// The blob of the plan that the lines were made from; `nil` where it cannot be read.
  public var plan: ObjectID?
  /// The last one that matches a path counts.
  public var lines: [Line]

  public init(plan: ObjectID?, lines: [Line]) {
    self.plan = plan
    self.lines = lines
  }

  static let ours = "merge=\(driver)"

  /// For all files that a plan has merged by a policy with a driver.
  public init(_ plan: Plan, blob: ObjectID) {
    self.plan = blob
    lines = plan.shared.filter(\.merge.hasDriver).flatMap(\.paths).flatMap(\.writtenOut).map { Line($0, Self.ours) }
  }

  /// Whether our driver merges `path`, as far as these lines tell.
  func names(_ path: [UInt8]) -> Bool {
    lines.last { $0.pattern.matches(path) }?.attribute == Self.ours
  }
}

// MARK: In the file

extension DriverBlock {
  private static let begin = Array("# preflight begin: written by 'preflight install' from the plan ".utf8)
  private static let end = Array("# preflight end\n".utf8)

  /// What stands in a file of attributes; `nil` where there is no such block.
  public init?(in file: [UInt8]) {
    guard let range = Self.range(in: file) else { return nil }
    let rows = file[range].split(separator: UInt8(ascii: "\n"))
    plan = rows.first.flatMap { ObjectID(hex: $0.dropFirst(Self.begin.count)) }
    lines = rows.dropFirst().dropLast().compactMap { Line($0) }
  }

  /// The file with these lines in place of those that it has, else in front; the rest of it byte for byte as it is.
  public func written(into file: [UInt8]) -> [UInt8] {
    let range = Self.range(in: file) ?? 0..<0
    return file[..<range.lowerBound] + bytes + file[range.upperBound...]
  }

  /// The file without our lines.
  public static func removed(from file: [UInt8]) -> [UInt8] {
    guard let range = range(in: file) else { return file }
    return Array(file[..<range.lowerBound] + file[range.upperBound...])
  }

  /// What stands behind our lines, and so goes before them.
  static func rest(of file: [UInt8]) -> ArraySlice<UInt8> { file[(range(in: file)?.upperBound ?? 0)...] }

  private var bytes: [UInt8] {
    if lines.isEmpty { return [] }
    let first = Self.begin + Array((plan?.description ?? "").utf8) + [UInt8(ascii: "\n")]
    return first + lines.flatMap(\.bytes) + Self.end
  }

  /// From a line that begins as our first does to one that is our last, both whole.
  private static func range(in file: [UInt8]) -> Range<Int>? {
    var start: Int?
    var position = 0
    while position < file.count {
      let next = file[position...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? file.count
      let line = file[position..<next]
      if line.starts(with: begin) { start = position }
      if let start, line.elementsEqual(end) || line.elementsEqual(end.dropLast()) { return start..<next }
      position = next
    }
    return nil
  }
}

extension DriverBlock.Line {
  /// `/pattern attribute`, the pattern in quotes where it holds blanks.
  fileprivate var bytes: [UInt8] {
    // A pattern of ours is anchored at the top, and ends in a slash where it means all below.
    let text =
      [UInt8(ascii: "/")] + Array(pattern.text.utf8)
      + (pattern.text.utf8.last == UInt8(ascii: "/") ? Array("**".utf8) : [])
    let isPlain = text.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    return (isPlain ? text : Self.quoted(text)) + [0x20] + Array(attribute.utf8) + [UInt8(ascii: "\n")]
  }

  /// `nil` for a line that we would not have written.
  fileprivate init?(_ row: ArraySlice<UInt8>) {
    guard let blank = row.lastIndex(of: 0x20), let attribute = String(validating: row[(blank + 1)...], as: UTF8.self)
    else { return nil }
    let written = row[..<blank]
    let text = written.first == UInt8(ascii: "\"") ? Self.unquoted(written) : Array(written)
    guard text.first == UInt8(ascii: "/"), let pattern = String(validating: text.dropFirst(), as: UTF8.self) else {
      return nil
    }
    self.init(Pattern(pattern), attribute)
  }

  private static func quoted(_ text: [UInt8]) -> [UInt8] {
    var result = [UInt8(ascii: "\"")]
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7f:
        let digits = String(byte, radix: 8)
        result += Array(("\\" + String(repeating: "0", count: 3 - digits.count) + digits).utf8)
      default: result.append(byte)
      }
    }
    return result + [UInt8(ascii: "\"")]
  }

  private static func unquoted(_ written: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = written.dropFirst().dropLast()
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let next = rest.first else {
        result.append(byte)
        continue
      }
      if let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8), rest.count >= 3 {
        result.append(code)
        rest = rest.dropFirst(3)
      } else {
        result.append(next)
        rest.removeFirst()
      }
    }
    return result
  }
}
