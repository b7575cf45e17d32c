import Exports
import Plan

/// What a commit or a push makes of one file whose form can be judged.
///
/// What stands in another side as it does in `staged` is not the change's doing.
public struct StructureChange {
  public let path: [UInt8]
  public let staged: [UInt8]
  /// The base's version, HEAD's, trunk's and those of merge heads, where they have the file.
  public var others: [[UInt8]]
  /// How the plan has the file merged; `nil` for one that it does not share.
  public let policy: Plan.SharedFiles.MergePolicy?
  public let remedy: ExportsChange.Remedy
  let parsed: ParsedBarrels

  public init(
    path: [UInt8], staged: [UInt8], others: [[UInt8]], policy: Plan.SharedFiles.MergePolicy?,
    remedy: ExportsChange.Remedy, parsed: ParsedBarrels = ParsedBarrels()
  ) {
    self.path = path
    self.staged = staged
    self.others = others
    self.policy = policy
    self.remedy = remedy
    self.parsed = parsed
  }

  /// All findings of the rules `structure.*`, with their default severities.
  public var findings: [Finding] {
    if staged.prefix(8000).contains(0) { return [] }  // binary, as git tells
    let markers = ConflictMarkersRule.findings(in: self)
    // A file with markers in it has no other form to judge.
    guard markers.isEmpty else { return markers }
    switch policy {
    case .barrel: return RepeatedExportRule.findings(in: self) + StubTwinRule.findings(in: self)
    case .changelog: return RepeatedHeadingRule.findings(in: self) + ReleasedEntryRule.findings(in: self)
    case .manifest: return JSONRule.findings(in: self)
    case .regenerate, .text: return isJSON ? JSONRule.findings(in: self) : []
    case .submodule, nil: return []
    }
  }

  private var isJSON: Bool { path.suffix(5).elementsEqual(".json".utf8) }

  var remedyCommand: String { remedy.command(for: path) }

  func finding(_ rule: RuleID, _ severity: Severity, _ message: Finding.Message, line: Int) -> Finding {
    Finding(rule, severity, message, path: path, line: line)
  }
}

extension Sequence where Element: Hashable {
  /// How often each element stands here.
  var counted: [Element: Int] { Dictionary(map { ($0, 1) }, uniquingKeysWith: +) }
}
