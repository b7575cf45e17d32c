import FindingReports
import Git
import Platform
import Reporting
import Rules

/// What a hook says: the findings, and in one line what was passed over.
public struct HookReport {
  private let printer: Printer
  private let text: FindingText

  public init(environment: Environment, hints: Bool?, subject: @escaping (ObjectID) -> [UInt8]? = { _ in nil }) {
    printer = Printer(.error, environment: environment)
    text = FindingText(hints: Hints(setting: hints, inHook: true), subject: subject)
  }

  public func show(_ findings: [Finding], skipped: [(finding: Finding, reason: String)] = []) {
    printer.print(text.lines(findings))
    let rules = Set(skipped.map(\.finding.rule.rawValue)).sorted()
    if let line = hookLine(rules.map { "passed over \($0)" }, see: "preflight doctor lists it") { printer.print(line) }
  }

  /// One line each of what was done.
  func say(_ sentences: [String]) {
    for sentence in sentences { printer.print("preflight: \(sentence)") }
  }

  func say(_ line: DisplayText?) { if let line { printer.print(line) } }
}
