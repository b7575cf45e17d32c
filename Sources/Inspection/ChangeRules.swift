import Exports
import Git
import Plan
import Platform
import Policies
import Rules

/// Asks the rules about a change: the one way from a change to a verdict, for commit, push and `preflight` alike.
///
/// Findings come with their default severities; `Situation.settled` applies the plan's.
public struct ChangeRules {
  let situation: Situation
  let change: Change
  let parsed = ParsedBarrels()
  private let merge: FileMerge
  private let undone: UndoneChanges
  private let collisions: ExportCollisions

  public init(_ situation: Situation, _ change: Change) {
    self.situation = situation
    self.change = change
    merge = FileMerge(situation)
    undone = UndoneChanges(situation, change)
    collisions = ExportCollisions(situation, change)
  }

  /// What every judged path is asked, in the order of the paths.
  public func findings() throws -> [Finding] {
    var result = change.isStaged ? situation.driftFindings() : []
    for path in change.judged {
      result += try planFindings(path)
      let shared = situation.sharedFiles(for: path.path)
      if shared != nil { result += try staleFindings(path) }
      if path.new?.isSubmodule == true { result += try submoduleFindings(path) }
      if !change.isForTrunk { result += try ownershipFindings(path, isShared: shared != nil) }
      result += try undone.findings(for: path)
      if let shared, shared.merge == .barrel, shared.stubs != .off { result += try exportFindings(path, shared) }
      result += try structureFindings(path, shared)
    }
    return result + (try collisions.findings())
  }

  // MARK: The plan

  private func planFindings(_ path: TreeChange) throws -> [Finding] {
    guard path.path.elementsEqual(PlanSource.fileName.utf8), let entry = path.new, entry.isFile else { return [] }
    let text = try situation.repository.blob(entry.id)
    guard let faults = situation.source.faults(in: text, blob: entry.id) else { return [] }
    return PlanFaultsRule.findings(path: path.path, faults: faults, form: change.form)
  }

  // MARK: Shared files

  private func staleFindings(_ path: TreeChange) throws -> [Finding] {
    guard let trunk = situation.trunk else { return [] }
    let isAlone = change.judged.count == 1
    func file(_ verdict: MergeVerdict) -> SharedFileOnTrunk {
      SharedFileOnTrunk(
        path: path.path, trunk: situation.trunkForCommands, verdict: verdict, isAlone: isAlone,
        form: change.form)
    }
    if try change.isCutOff() { return SharedStaleRule.findings(in: file(.cannotTell)) }
    for tip in trunk.tips {
      guard let head = try change.base(), case .found(let base) = try situation.repository.mergeBase(head, tip) else {
        continue
      }
      let original = try situation.snapshotEntry(path.path, in: base)
      let theirs = try situation.snapshotEntry(path.path, in: tip)
      if original == path.new || theirs == original || theirs == path.new { continue }
      let verdict = try merge.verdict(
        path.path, base: merge.version(original), ours: merge.version(path.new), theirs: merge.version(theirs))
      if verdict != .clean { return SharedStaleRule.findings(in: file(verdict)) }
    }
    return []
  }

  /// A pointer may lag behind trunk's where the branch has moved it forward: the merge takes trunk's then.
  private func submoduleFindings(_ path: TreeChange) throws -> [Finding] {
    guard let new = path.new, let history = SubmoduleHistory(of: path.path, in: situation.repository.layout) else {
      return []
    }
    if let base = try change.baseSnapshot().entry(at: path.path), base.isSubmodule,
      history.isAncestor(base.id, of: new.id) == true
    {
      return []
    }
    for tip in change.trunkTips {
      guard let onTrunk = try tip.entry(at: path.path), onTrunk.isSubmodule,
        history.isAncestor(new.id, of: onTrunk.id) == true, try !saysItReverts()
      else { continue }
      return [
        SubmoduleBackwardRule.finding(
          for: MovedPointer(
            path: path.path, new: new.id, onTrunk: onTrunk.id, trunk: situation.trunkForCommands, form: change.form))
      ]
    }
    return []
  }

  /// The shared files of this change that do not merge with what another worktree has, and the names that it and another
  /// worktree's uncommitted work export behind one barrel; each with the name under which it is remembered that it was said.
  public func overlaps(_ sight: SiblingSight) throws -> [(finding: Finding, identity: String)] {
    var result: [(finding: Finding, identity: String)] = []
    for path in change.judged where situation.sharedFiles(for: path.path) != nil {
      let others = try Siblings(situation: situation).versions(of: path.path, staged: path.new, merge: merge)
      for (file, identity) in others {
        let name = "\(String(decoding: path.path, as: UTF8.self)) \(identity)"
        result += SharedOverlapRule.findings(in: file).map { ($0, name) }
      }
    }
    return result + (try collisions.overlaps(sight))
  }

  // MARK: Ownership

  private func ownershipFindings(_ path: TreeChange, isShared: Bool) throws -> [Finding] {
    if isShared { return [] }
    let owners = situation.openOwners(of: path.path)
    if owners.isEmpty { return [] }
    if change.isStaged, try wasTouchedBefore(path.path) { return [] }
    return OwnershipRule.findings(
      in: FirstTouch(
        path: path.path, owners: owners.map(StreamReference.init), stream: change.stream?.id,
        form: change.form))
  }

  /// Whether the branch has changed the path already, in a commit where it was said.
  private func wasTouchedBefore(_ path: [UInt8]) throws -> Bool {
    guard let head = situation.head, try change.base() != nil else { return false }
    return try change.baseSnapshot().entry(at: path) != situation.snapshotEntry(path, in: head)
  }
}

extension StreamReference {
  public init(_ stream: Plan.Stream) { self.init(id: stream.id, name: stream.name, branch: stream.branch) }
}

extension Situation {
  func snapshotEntry(_ path: [UInt8], in commit: ObjectID) throws -> TreeEntry? {
    try repository.entry(at: path, in: repository.commit(commit).tree)
  }

  /// Applies the plan's severities, leaves out what it switches off, and says once what several rules see in one line.
  public func settled(_ findings: [Finding]) -> [Finding] {
    let standing = applyingLevels(to: findings)
    // Somebody else's export often comes without its module, and a pointer that goes back takes a gain of trunk's back: the
    // cause is enough.
    let foreign = standing.filter { $0.rule == ForeignExportRule.id }
    let backward = standing.filter { $0.rule == SubmoduleBackwardRule.id }
    return standing.filter { finding in
      switch finding.rule {
      case MissingModuleRule.id: !foreign.contains { $0.path == finding.path && $0.line == finding.line }
      case RevertSilentRule.id: !backward.contains { $0.path == finding.path }
      default: true
      }
    }
  }

  private func applyingLevels(to findings: [Finding]) -> [Finding] {
    findings.compactMap { finding in
      var finding = finding
      if let level = ruleSettings.level(of: finding.rule.rawValue) {
        switch level {
        case .off: return nil
        case .warn: finding.severity = .warning
        case .error: finding.severity = .error
        }
      }
      return finding
    }
  }

  /// Whether the branch that is checked out here is the one that the plan has here.
  public func driftFindings() -> [Finding] {
    guard let place = repository.layout.workTree, let branch, let expected = stream(inWorktreeAt: place) else {
      return []
    }
    let holder: String
    if isOnTrunk {
      holder = "trunk"
    } else if let other = stream, other.id != expected.id {
      holder = "\(StreamReference(other).title)'s"
    } else {
      return []
    }
    return BranchDriftRule.findings(
      in: CheckedOutBranch(stream: StreamReference(expected), branch: branch.shortBranchName, holder: holder))
  }

  /// The stream whose worktree stands at `place`, by the plan's directories.
  public func stream(inWorktreeAt place: FilePath) -> Plan.Stream? {
    guard let main = repository.layout.mainWorktreePath else { return nil }
    let directory = main.appending(policies.worktree.directory).normalized
    let place = place.normalized
    return loadedPlan?.stream { directory.appending($0).normalized == place }
  }
}
