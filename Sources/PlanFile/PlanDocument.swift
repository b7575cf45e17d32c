import Plan
import TOMLKit

/// The text of a `preflight.toml`, read: the plan, and all that is wrong with it.
public struct PlanDocument: Sendable {
  /// `nil` when a fault is an error.
  public let plan: Plan?
  /// In the order of the text. A syntax error is the only one: nothing can be said of the rest.
  public let faults: [PlanFault]

  let file: String
  let patterns: [PatternUse]

  /// - Parameters:
  ///   - file: how faults name it.
  ///   - rules: the ids that `[rules]` may name, by themselves or by a prefix.
  public init(_ bytes: [UInt8], file: String, rules: [String]) {
    var reading = PlanReading(file: file, rules: rules)
    var plan = Plan()
    if let document = Self.document(SourceText(bytes), &reading.faults) {
      Section.root.read(document.entries, at: SourcePosition(line: 1, column: 1), into: &plan, &reading)
      reading.checkStreams(of: plan.project)
      reading.checkRounds()
    }
    faults = reading.faults.sorted
    self.plan = faults.contains { $0.severity == .error } ? nil : plan
    self.file = file
    patterns = reading.patterns
  }

  private static func document(_ source: SourceText, _ faults: inout FaultList) -> TOMLDocument? {
    if let (offset, isNull) = source.firstUnreadable() {
      faults.error(
        source.position(at: offset), isNull ? "a NUL character" : "not valid UTF-8",
        hint: isNull ? nil : "save the file as UTF-8")
      return nil
    }
    let locator = KeyLocator(source)
    if let (obstacle, offset) = locator.obstacle {
      faults.error(source.position(at: offset), obstacle.message)
      return nil
    }
    do throws(TOMLParseError) {
      return try TOMLDocument(source, locator)
    } catch {
      let position = SourcePosition(line: error.source.begin.line, column: error.source.begin.column)
      faults.error(position, error.sentence)
      return nil
    }
  }
}

extension KeyLocator.Obstacle {
  fileprivate var message: String {
    switch self {
    case .null: "a NUL character in a string"
    case .depth: "more than \(KeyLocator.depthLimit) levels of tables or arrays"
    case .header: "expected the name of a table"
    }
  }
}

extension TOMLParseError {
  /// "Error while parsing key-value pair: expected …", without what every line of ours says already.
  fileprivate var sentence: String {
    let start = "Error while parsing "
    return description.hasPrefix(start) ? String(description.dropFirst(start.count)) : description
  }
}

/// A pattern as it stands in the plan.
struct PatternUse: Sendable {
  var pattern: Pattern
  var position: SourcePosition
  /// Marked as naming files that are still to be made.
  var isNew: Bool
  /// The stream whose `files` it is in; `nil` elsewhere.
  var stream: String?
  /// Whether it is in `[[shared]]`.
  var isShared = false
}

/// What comes together while a plan is read.
struct PlanReading {
  var faults: FaultList
  var patterns: [PatternUse] = []
  var streams: [StreamEntry] = []
  var rounds: TOMLNode?
  let rules: [String]

  init(file: String, rules: [String]) {
    faults = FaultList(file: file)
    self.rules = rules
  }
}

/// `; did you mean 'x'?`, or nothing.
func suggestion(for word: String, among candidates: some Sequence<String>, quote: String = "'") -> String {
  Spelling.nearest(to: word, among: candidates).map { "; did you mean \(quote)\($0)\(quote)?" } ?? ""
}
