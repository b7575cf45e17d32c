import Platform
import Reporting
import Rules

/// What a hook says: the findings, and in one line what was passed over.
struct HookReport {
  let environment: Environment
  let showsHints: Bool

  func show(_ findings: [Finding], skipped: [(finding: Finding, reason: String)]) {
    var text = ""
    for finding in findings {
      let place = finding.path.map {
        String(decoding: $0, as: UTF8.self) + (finding.line.map { ":\($0)" } ?? "") + ": "
      }
      text += "\(place ?? "")\(finding.severity): \(finding.message.text) [\(finding.rule)]\n"
      if showsHints, let hint = finding.message.hint { text += "hint: \(hint)\n" }
    }
    let rules = Set(skipped.map(\.finding.rule.rawValue)).sorted()
    if !rules.isEmpty { text += "preflight: passed over \(rules.joined(separator: ", "))\n" }
    StandardStream.error.write(text)
  }
}
