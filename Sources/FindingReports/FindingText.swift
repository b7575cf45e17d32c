import Git
import Reporting
import Rules

/// Which hints are printed.
public enum Hints: Hashable, Sendable {
  case none
  case shown
  /// The first is followed by how to switch them off.
  case explained

  /// - Parameter setting: git's `preflight.hints`; `nil` where it is not set.
  public init(setting: Bool?, inHook: Bool) {
    self = setting == false ? .none : inHook || setting == true ? .shown : .explained
  }
}

/// Findings as lines for people and their editors: `path:line:column: error: text [rule]`, then the hint.
public struct FindingText {
  public var hints: Hints
  /// The first line of a commit's message, for findings that concern one.
  public var subject: (ObjectID) -> [UInt8]?

  public init(hints: Hints = .shown, subject: @escaping (ObjectID) -> [UInt8]? = { _ in nil }) {
    self.hints = hints
    self.subject = subject
  }

  /// Warnings first: the line to act on is the last one.
  public func lines(_ findings: [Finding]) -> [DisplayText] {
    var lines: [DisplayText] = []
    var explains = hints == .explained
    for finding in findings.filter({ $0.severity == .warning }) + findings.filter({ $0.severity == .error }) {
      lines.append(line(finding))
      guard hints != .none, let hint = finding.message.hint else { continue }
      lines += hintLines(hint)
      if explains { lines += hintLines("to see no hints: git config preflight.hints false") }
      explains = false
    }
    return lines
  }

  /// Several lines each say that they are a hint, so that none can pass for something else.
  private func hintLines(_ hint: String) -> [DisplayText] {
    hint.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      "\("hint:", .hint) \(bytes: line)"
    }
  }

  private func line(_ finding: Finding) -> DisplayText {
    let severity: DisplayText =
      switch finding.severity {
      case .error: "\("error:", .error)"
      case .warning: "\("warning:", .warning)"
      }
    let text: DisplayText = "\(severity) \(finding.message.text) \("[\(finding.rule)]", .faint)"
    return if let path = finding.path {
      finding.commit.map { "\(location(path, finding)) \(text) in \($0)" } ?? "\(location(path, finding)) \(text)"
    } else if let commit = finding.commit {
      "\(name(commit)): \(text)"
    } else {
      text
    }
  }

  private func location(_ path: [UInt8], _ finding: Finding) -> DisplayText {
    var result: DisplayText = "\(bytes: path, .strong):"
    if let line = finding.line {
      result += "\(line):"
      if let column = finding.column { result += "\(column):" }
    }
    return result
  }

  /// `abc1234567 subject`, the subject cut to where it is still told apart.
  private func name(_ commit: ObjectID) -> DisplayText {
    guard let subject = subject(commit) else { return "\(commit, .strong)" }
    return "\(commit, .strong) \(DisplayText(bytes: subject).truncated(to: 50))"
  }
}

/// `1 error, 2 warnings`; `nil` where there are none.
public func summary(of findings: [Finding]) -> DisplayText? {
  let errors = findings.count { $0.severity == .error }
  let warnings = findings.count - errors
  var parts: [DisplayText] = []
  if errors > 0 { parts.append("\(errors, "error")") }
  if warnings > 0 { parts.append("\(warnings, "warning")") }
  return parts.isEmpty ? nil : parts.joined(separator: ", ")
}
