import Git
import Plan
import Platform
import Rules

/// Asks the rules about a push: every ref with its own range, every new commit once.
public struct PushRules {
  private let situation: Situation
  /// As git names it to the hook: a configured remote, or a URL.
  private let remote: String

  private var repository: Repository { situation.repository }

  public init(_ situation: Situation, remote: String) {
    self.situation = situation
    self.remote = remote
  }

  /// A commit that is in several ranges counts for the first of them.
  public func findings(for references: [PushedReference]) throws -> [Finding] {
    var judged: Set<JudgedCommit>? = references.count > 1 ? [] : nil
    var result: [Finding] = []
    for reference in references {
      guard let local = reference.localID else { continue }  // a deletion brings nothing new
      guard let tip = try repository.peeledToCommit(local) else { continue }  // a tag of a tree or a file
      result += try findings(for: reference, tip: tip, judged: &judged)
    }
    var said: Set<[String]> = []
    return result.filter { finding in
      let path = finding.path.map { String(decoding: $0, as: UTF8.self) } ?? ""
      return said.insert([finding.rule.rawValue, "\(finding.commit?.description ?? "")", path, finding.message.text])
        .inserted
    }
  }

  private func findings(
    for reference: PushedReference, tip: ObjectID, judged: inout Set<JudgedCommit>?
  ) throws -> [Finding] {
    var result: [Finding] = []
    let branch = reference.remoteName
    let isBranch = branch.hasPrefix("refs/heads/")
    let isTrunk = branch == situation.names?.branch
    if let old = reference.remoteID, try !repository.hasObject(old) {
      return [PushUnseenRule.finding(branch: branch.shortBranchName, remote: remote, tip: old)]
    }
    let stream = isTrunk ? nil : situation.stream(on: branch) ?? situation.stream(on: reference.localName)
    let messages = try situation.messageJudge(
      upTo: tip, stream: stream, isForTrunk: isTrunk, upstream: situation.upstreamForCommands(isForTrunk: isTrunk))
    let known = try commitsOfRemote(replacing: reference.remoteID)
    let range = try repository.commitRange(reachableFrom: tip, excluding: known) { commit in
      if judged?.contains(JudgedCommit(id: commit.id, isForTrunk: isTrunk)) != true { messages.add(commit) }
    }
    if let fault = try rangeFault(range, excluding: known, tip: tip, reference, needsBase: isBranch && !isTrunk) {
      return [fault]
    }
    // What is fine on a branch may not be on trunk: a commit that is pushed to both is judged for both.
    let new =
      judged == nil
      ? range.ids : range.ids.filter { judged!.insert(JudgedCommit(id: $0, isForTrunk: isTrunk)).inserted }
    if isTrunk, !new.isEmpty {
      result.append(TrunkPushRule.finding(trunk: branch.shortBranchName, remote: remote, tip: tip, count: new.count))
    }
    result += messages.findings(in: new)
    guard isBranch else { return result }
    let planned = situation.stream(on: branch) != nil ? branch : reference.localName ?? branch
    let change = try situation.committedChange(tip: tip, branch: planned, isForTrunk: isTrunk, commits: range.ids)
    result += try ChangeRules(situation, change).findings()
    result += try situation.dependencyFindings(in: new, stream: stream)
    if let local = reference.localName, let worktree = try worktree(of: local) {
      result += try situation.lockFindings(in: worktree, tip: tip)
    }
    return result
  }

  /// The one that has a branch checked out.
  private func worktree(of branch: String) throws -> Worktree? {
    if situation.branch == branch { return situation.worktree }
    return try repository.layout.worktrees().first { $0.branch == branch && !$0.isMissing }
  }

  /// What the remote has already: the ref's old tip, all remote-tracking branches of that remote, and trunk as it is known
  /// here.
  private func commitsOfRemote(replacing old: ObjectID?) throws -> [ObjectID] {
    var known = [old].compactMap { $0 }
    if let trunk = situation.trunk?.remote { known.append(trunk) }
    if try repository.configuration().isSet("remote.\(remote).url") {
      known += try repository.references(below: "refs/remotes/\(remote)/").map(\.target)
    }
    return known
  }

  /// A range that cannot be judged as a whole is never passed silently.
  private func rangeFault(
    _ range: CommitRange, excluding known: [ObjectID], tip: ObjectID, _ reference: PushedReference, needsBase: Bool
  ) throws -> Finding? {
    let branch = reference.remoteName.shortBranchName
    if repository.isShallow {
      let boundary = Set(try repository.shallowBoundary())
      if range.ids.contains(where: boundary.contains) {
        return PushRangeRule.cutOff(branch: branch, remote: remote)
      }
    }
    guard needsBase, let trunk = situation.trunk, !range.ids.isEmpty else { return nil }
    switch try repository.mergeBase(tip, trunk.tip, endOf: range, excluding: known) {
    case .found: return nil
    case .unrelated:
      return
        PushRangeRule.unrelated(
          branch: branch, trunk: situation.trunkName, refspec: reference.refspec, remote: remote)
    case .cutOff: return PushRangeRule.cutOff(branch: branch, remote: remote)
    }
  }
}

private struct JudgedCommit: Hashable {
  let id: ObjectID
  let isForTrunk: Bool
}
