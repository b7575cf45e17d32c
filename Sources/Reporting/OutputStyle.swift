import Platform

/// What may be done to a stream: colour, rewriting lines, and how wide it is.
public struct OutputStyle: Hashable, Sendable {
  public var usesColour: Bool
  /// Columns; `nil` where lines are as long as they are.
  public var width: Int?
  /// Whether what was written can be written over.
  public var isInteractive: Bool

  /// Plain text for a file or a pipe.
  public static let plain = OutputStyle(isTerminal: false, width: nil, environment: Environment())

  /// `NO_COLOR` (see no-color.org) counts before `CLICOLOR_FORCE` (see bixense.com/clicolors), and that before whether
  /// this is a terminal. Where it is none, `COLUMNS` says how wide lines may be; see environ(7).
  public init(isTerminal: Bool, width: Int?, environment: Environment) {
    let isDumb = environment["TERM"] == "dumb"
    let forced = environment["CLICOLOR_FORCE"] ?? ""
    if let refused = environment["NO_COLOR"], !refused.isEmpty {
      usesColour = false
    } else if !forced.isEmpty, forced != "0" {
      usesColour = true
    } else {
      usesColour = isTerminal && !isDumb
    }
    let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    self.width = isTerminal ? width : columns
    isInteractive = isTerminal && !isDumb
  }

  public init(_ stream: StandardStream, environment: Environment = .current) {
    self.init(isTerminal: stream.isTerminal, width: stream.width, environment: environment)
  }
}

/// A stream that is written to in its own style; takes nothing but `DisplayText`.
public struct Printer {
  public let style: OutputStyle
  /// Past all neutralising.
  package let write: (String) -> Void

  public init(_ stream: StandardStream, environment: Environment = .current) {
    style = OutputStyle(stream, environment: environment)
    write = { stream.write($0) }
  }

  public init(style: OutputStyle, write: @escaping (String) -> Void) {
    self.style = style
    self.write = write
  }

  /// A line.
  public func print(_ line: DisplayText) { print([line]) }

  /// Lines, written in one piece so that those of other processes do not come between.
  public func print(_ lines: [DisplayText]) {
    guard !lines.isEmpty else { return }
    write(lines.map { $0.rendered(withColour: style.usesColour) + "\n" }.joined())
  }

  public func print(_ table: Table) { print(table.lines(width: style.width)) }
}
