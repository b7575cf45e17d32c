import Exports
import Git
import Merging
import Plan
import Platform
import Rules

extension ChangeRules {
  /// What the rules on exports say of one barrel.
  func exportFindings(_ path: TreeChange, _ shared: Plan.SharedFiles) throws -> [Finding] {
    guard let language = Language(path: path.path), let entry = path.new, entry.isFile else { return [] }
    let repository = situation.repository
    let snapshot = change.snapshot
    func contents(_ snapshot: Snapshot) throws -> [UInt8]? { try snapshot.contents(at: path.path) }
    let tip = try situation.trunk.map { try situation.snapshot(of: $0.tip) }
    let head = try situation.head.flatMap { change.isStaged ? try situation.snapshot(of: $0) : nil }
    let workTree = repository.layout.workTree
    let staged = try repository.blob(entry.id)
    let base = try contents(change.baseSnapshot())
    let onTrunk = try tip.flatMap { try contents($0) }
    guard ([staged] + [base, onTrunk].compactMap { $0 }).allSatisfy(Merge.isReadable) else {
      return ExportsChange.findings(inUnread: path.path)
    }
    return ExportsChange(
      path: path.path, language: language, base: base,
      head: try head.flatMap { try contents($0) }, staged: staged,
      trunk: onTrunk, mergeHeads: try change.mergeHeads.compactMap { try contents($0) },
      stream: change.stream?.id, isTrunk: change.isForTrunk, stubPolicy: shared.stubs,
      streams: try reservingStreams(), saysItReverts: try saysItReverts(), remedy: remedy, parsed: parsed,
      isUntracked: { candidate in
        guard change.isStaged, let workTree, workTree.appending(candidate).exists else { return false }
        return (try? snapshot.entry(at: candidate)) == .some(nil)
      },
      provides: { candidate in (try? snapshot.provides(candidate)) ?? true }  // what cannot be read is not missing
    ).findings
  }

  /// A merged stream's stubs are nobody's any more.
  private func reservingStreams() throws -> [StreamNames] {
    let merged = try situation.ledger().mergedStreams
    return situation.plan.streams.filter { !merged.contains($0.id) }.map(StreamNames.init)
  }

  /// A revert takes things back on purpose.
  func saysItReverts() throws -> Bool {
    for id in change.commits where CommitMessage(try situation.repository.commit(id)).saysItReverts { return true }
    return change.isStaged && (situation.repository.layout.gitDirectory / "REVERT_HEAD").exists
  }

  var remedy: ExportsChange.Remedy { situation.remedy(for: change) }
}

extension Situation {
  /// How a file of the change is got out of the way.
  func remedy(for change: Change) -> ExportsChange.Remedy {
    if let form = change.form { return .leaveOut(form) }
    let base = (try? change.base()).flatMap { $0 }
    return .restore(from: base.map { "\($0)" } ?? trunkForCommands)
  }
}

extension StreamNames {
  init(_ stream: Plan.Stream) {
    self.init(id: stream.id, name: stream.name, issues: stream.issues.map(\.id), stubs: stream.stubs)
  }
}
