import Git
import Platform

/// How a piece of text stands out where there is colour.
public enum Emphasis: Hashable, Sendable, CaseIterable {
  case error
  case warning
  case good
  case strong
  case faint
  case hint

  /// The parameters of "select graphic rendition"; see console_codes(4).
  fileprivate var code: String {
    switch self {
    case .error: "1;31"
    case .warning: "1;33"
    case .good: "32"
    case .strong: "1"
    case .faint: "2"
    case .hint: "36"
    }
  }
}

/// Text that is safe to show, and what in it stands out.
///
/// Only literals in our own source are taken as they are; everything interpolated is neutralised on its way in, so that
/// there is no way to forget it.
public struct DisplayText: Hashable, Sendable {
  private struct Run: Hashable {
    var text: String
    var emphasis: Emphasis?
  }

  private var runs: [Run] = []

  public init() {}
  public init(_ text: String) { append(neutralised(text), nil) }
  public init(bytes: some Collection<UInt8>) { append(neutralised(bytes), nil) }

  /// Without emphasis.
  public var plain: String { runs.map(\.text).joined() }

  public var isEmpty: Bool { runs.isEmpty }

  /// Columns of a terminal.
  public var width: Int { runs.reduce(0) { $0 + displayWidth($1.text) } }

  public func rendered(withColour: Bool) -> String {
    guard withColour else { return plain }
    return runs.map { run in run.emphasis.map { "\u{1b}[\($0.code)m\(run.text)\u{1b}[0m" } ?? run.text }.joined()
  }

  /// All of it standing out in one way.
  public func emphasized(_ emphasis: Emphasis) -> DisplayText {
    var result = DisplayText()
    result.append(plain, emphasis)
    return result
  }

  /// Which end of a text goes where there is no room for all of it.
  public enum Cut: Sendable {
    case end
    /// For paths and branches, whose ends tell them apart.
    case start
  }

  /// At most `limit` columns, cut with `…`.
  public func truncated(to limit: Int, cutting cut: Cut = .end) -> DisplayText {
    guard width > limit else { return self }
    if cut == .start { return keepingEnd(of: limit) }
    var result = DisplayText()
    var room = max(0, limit - 1)
    for run in runs {
      let kept = prefix(of: run.text, columns: room)
      result.append(kept, run.emphasis)
      room -= displayWidth(kept)
      if kept != run.text { break }
    }
    if limit > 0 { result.append("…", nil) }
    return result
  }

  private func keepingEnd(of limit: Int) -> DisplayText {
    var kept: [(text: String, emphasis: Emphasis?)] = []
    var room = max(0, limit - 1)
    for run in runs.reversed() {
      let text = suffix(of: run.text, columns: room)
      kept.append((text, run.emphasis))
      room -= displayWidth(text)
      if text != run.text { break }
    }
    var result = DisplayText()
    if limit > 0 { result.append("…", nil) }
    for (text, emphasis) in kept.reversed() { result.append(text, emphasis) }
    return result
  }

  static func spaces(_ count: Int) -> DisplayText {
    var result = DisplayText()
    result.append(String(repeating: " ", count: max(0, count)), nil)
    return result
  }

  public static func + (left: DisplayText, right: DisplayText) -> DisplayText {
    var result = left
    result += right
    return result
  }

  public static func += (left: inout DisplayText, right: DisplayText) {
    for run in right.runs { left.append(run.text, run.emphasis) }
  }

  private mutating func append(_ safe: String, _ emphasis: Emphasis?) {
    guard !safe.isEmpty else { return }
    if let last = runs.indices.last, runs[last].emphasis == emphasis {
      runs[last].text += safe
    } else {
      runs.append(Run(text: safe, emphasis: emphasis))
    }
  }
}

extension DisplayText: ExpressibleByStringInterpolation {
  public init(stringLiteral text: StaticString) { append(text.description, nil) }
  public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.text }

  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = DisplayText()

    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// `StaticString`: text that was not there when we were compiled cannot come in here.
    public mutating func appendLiteral(_ literal: StaticString) { text.append(literal.description, nil) }

    public mutating func appendInterpolation(_ other: DisplayText) { text += other }

    public mutating func appendInterpolation(_ other: String, _ emphasis: Emphasis? = nil) {
      text.append(neutralised(other), emphasis)
    }

    public mutating func appendInterpolation(bytes: some Collection<UInt8>, _ emphasis: Emphasis? = nil) {
      text.append(neutralised(bytes), emphasis)
    }

    public mutating func appendInterpolation(_ path: FilePath) { appendInterpolation(bytes: path.bytes) }

    /// As git abbreviates it for people.
    public mutating func appendInterpolation(_ id: ObjectID, _ emphasis: Emphasis? = nil) {
      text.append(id.abbreviated, emphasis)
    }

    public mutating func appendInterpolation(_ number: some BinaryInteger) { text.append("\(number)", nil) }

    /// A counted noun: "1 character", "2 characters".
    public mutating func appendInterpolation(_ count: Int, _ noun: StaticString) {
      text.append(count == 1 ? "1 \(noun)" : "\(count) \(noun)s", nil)
    }
  }
}

extension Sequence<DisplayText> {
  public func joined(separator: DisplayText) -> DisplayText {
    var result = DisplayText()
    for (index, text) in enumerated() {
      if index > 0 { result += separator }
      result += text
    }
    return result
  }
}
