import Git
import Plan
import Rules

extension ChangeRules {
  /// Beyond this, in bytes, a file's form is nobody's to judge.
  private static let structureLimit = 8 << 20

  /// What the rules on the form of files say of one.
  func structureFindings(_ path: TreeChange, _ shared: Plan.SharedFiles?) throws -> [Finding] {
    guard let entry = path.new, entry.isFile else { return [] }
    let repository = situation.repository
    let staged = try repository.blob(entry.id)
    guard staged.count <= Self.structureLimit else { return [] }
    var result = StructureChange(
      path: path.path, staged: staged, others: [], policy: shared?.merge, remedy: remedy, parsed: parsed)
    // The other versions only ever excuse; but what comes after a release is seen beside them alone.
    if shared?.merge != .changelog, result.findings.isEmpty { return [] }
    result.others = try otherVersions(of: path.path)
    return result.findings
  }

  /// The base's version of a file, HEAD's, trunk's and those of merge heads, each once.
  private func otherVersions(of path: [UInt8]) throws -> [[UInt8]] {
    let head = try situation.head.flatMap { change.isStaged ? try situation.snapshot(of: $0) : nil }
    let sides = try [change.baseSnapshot()] + [head].compactMap { $0 } + change.mergeHeads + change.trunkTips
    let ids = Set(try sides.compactMap { try $0.entry(at: path) }.filter(\.isFile).map(\.id))
    return try ids.map { try situation.repository.blob($0) }
  }
}
