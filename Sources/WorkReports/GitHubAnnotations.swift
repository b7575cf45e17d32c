import Checks
import Reporting
import Rules

/// Findings and failed checks as workflow commands, which GitHub shows beside the lines that they speak of.
///
/// See "Workflow commands for GitHub Actions"; what must be escaped is in actions/toolkit, `command.ts`.
public func gitHubAnnotations(findings: [Finding], checks: [CheckResult]) -> [String] {
  findings.map(annotation) + checks.filter { !$0.status.isSuccess }.map(annotation)
}

private func annotation(_ finding: Finding) -> String {
  var properties: [(String, String)] = []
  if let path = finding.path {
    properties.append(("file", String(decoding: path, as: UTF8.self)))
    if let line = finding.line { properties.append(("line", "\(line)")) }
    if let column = finding.column { properties.append(("col", "\(column)")) }
  }
  properties.append(("title", finding.rule.rawValue))
  var message = finding.message.text
  if finding.path == nil, let commit = finding.commit { message = "\(commit.abbreviated): \(message)" }
  if let hint = finding.message.hint { message += "\nhint: \(hint)" }
  return command(finding.severity.rawValue, properties, message)
}

private func annotation(_ check: CheckResult) -> String {
  command("error", [("title", check.name)], check.status.phrase(now: 0).plain)
}

private func command(_ name: String, _ properties: [(String, String)], _ message: String) -> String {
  let list = properties.map { "\($0.0)=\(escaped($0.1, and: ":,"))" }.joined(separator: ",")
  return "::\(name) \(list)::\(escaped(message))"
}

/// Neutralised but for the ends of lines, which have an escape of their own here.
private func escaped(_ text: String, and separators: String = "") -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\r", "\n", "%": result += percent(scalar)
    case _ where separators.unicodeScalars.contains(scalar): result += percent(scalar)
    default: result += neutralised(String(scalar))
    }
  }
  return result
}

private func percent(_ scalar: Unicode.Scalar) -> String {
  (scalar.value < 16 ? "%0" : "%") + String(scalar.value, radix: 16, uppercase: true)
}
