import Merging

/// JSON that is shared can be read: a merge of lines leaves a comma out, or a name twice.
///
/// A file that could not be read before, as one with comments, is none.
enum JSONRule {
  static let id: RuleID = "structure.json"

  static func findings(in change: StructureChange) -> [Finding] {
    guard let fault = JSONFault(in: change.staged) else { return [] }
    guard !change.others.contains(where: { JSONFault(in: $0)?.kind == fault.kind }) else { return [] }
    return [change.finding(id, .error, .fault(fault.kind, hint: change.remedyCommand), line: fault.line)]
  }
}

extension Finding.Message {
  fileprivate static func fault(_ kind: JSONFault.Kind, hint: String) -> Self {
    switch kind {
    case .malformed: .init("this is no JSON from here on", hint: hint)
    case .duplicateKey: .init("a name stands here for the second time in its object", hint: hint)
    }
  }
}
