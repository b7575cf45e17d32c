/// What is wrong with a plan's text, and where.
public struct PlanFault: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable {
    /// There is no plan until it is mended.
    case error
    case warning
  }

  /// As the caller named it.
  public var file: String
  public var position: SourcePosition
  public var severity: Severity
  public var message: String
  public var hint: String?

  public init(
    file: String, position: SourcePosition, severity: Severity, message: String, hint: String? = nil
  ) {
    self.file = file
    self.position = position
    self.severity = severity
    self.message = message
    self.hint = hint
  }

  public var line: Int { position.line }
  public var column: Int { position.column }
}

extension PlanFault: CustomStringConvertible {
  /// `path:line:column: error: message`, as editors read it; the hint is not in it.
  public var description: String { "\(file):\(line):\(column): \(severity.rawValue): \(message)" }
}

/// A place in a text, both from 1; columns are code points.
public struct SourcePosition: Hashable, Sendable, Comparable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// Collects the faults of one file.
struct FaultList {
  let file: String
  private(set) var faults: [PlanFault] = []

  init(file: String) { self.file = file }

  mutating func error(_ position: SourcePosition, _ message: String, hint: String? = nil) {
    faults.append(PlanFault(file: file, position: position, severity: .error, message: message, hint: hint))
  }

  mutating func warn(_ position: SourcePosition, _ message: String, hint: String? = nil) {
    faults.append(PlanFault(file: file, position: position, severity: .warning, message: message, hint: hint))
  }

  /// In the order of the text; faults of one place in the order in which they were found.
  var sorted: [PlanFault] {
    faults.enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }.map(\.element)
  }
}
