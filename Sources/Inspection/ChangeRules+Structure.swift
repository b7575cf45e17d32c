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
    let head = try situation.head.flatMap { change.isStaged ? try situation.snapshot(of: $0) : nil }
    let sides = [change.baseSnapshot] + [head].compactMap { $0 } + change.mergeHeads + change.trunkTips
    let ids = Set(try sides.compactMap { try $0.entry(at: path.path) }.filter(\.isFile).map(\.id))
    return StructureChange(
      path: path.path, staged: staged, others: try ids.map { try repository.blob($0) }, policy: shared?.merge,
      remedy: remedy
    ).findings
  }
}
