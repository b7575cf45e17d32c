import Checks
import Reporting
import Rules

/// Findings and checks for programs: the JSON that `preflight --format json` prints.
public func reportDocument(findings: [Finding], checks: [CheckResult]) -> JSONValue {
  ["version": 1, "findings": .array(findings.map(value)), "checks": .array(checks.map(value))]
}

private func value(_ finding: Finding) -> JSONValue {
  let path = finding.path.map { String(decoding: $0, as: UTF8.self) }
  var members: [JSONValue.Member] = [
    .init("rule", .string(finding.rule.rawValue)),
    .init("severity", .string(finding.severity.rawValue)),
    .init("path", JSONValue(path)),
    .init("line", JSONValue(finding.line)),
    .init("column", JSONValue(finding.column)),
    .init("commit", JSONValue(finding.commit?.description)),
    .init("message", .string(finding.message.text)),
    .init("hint", JSONValue(finding.message.hint)),
  ]
  if let bytes = finding.path, let path, !path.utf8.elementsEqual(bytes) {
    members.append(.init("pathBytes", .string(hexadecimal(bytes))))  // a name that is not UTF-8: here without loss
  }
  return .object(members)
}

private func value(_ check: CheckResult) -> JSONValue {
  [
    "name": .string(check.name),
    "status": .string(check.status.word),
    "seconds": JSONValue(check.seconds.map { ($0 * 1000).rounded() / 1000 }),
    "output": check.seconds == nil ? .null : .string(String(decoding: check.output, as: UTF8.self)),
  ]
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
