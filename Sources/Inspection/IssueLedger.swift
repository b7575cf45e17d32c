import Git
import Hive
import Plan
import Platform
import Rules

/// Which issues are done and which streams are merged: read off trunk's commits, never off what people say.
///
/// An issue is done when a commit on trunk, newer than the plan's first commit, not of type docs or chore (docs is the work
/// of a stream that has nothing but documentation), and not reverted since, names it in its subject or in a `Closes`, `Fixes` or `Refs` footer, and its change is the stream's own.
/// A mention in some body counts for nothing. Work that the plan marks external leaves no commit: it is done when somebody
/// says so in the hive.
public struct IssueLedger: Sendable {
  public fileprivate(set) var done: Set<String> = []
  public private(set) var mergedStreams: Set<String> = []

  public init(done: Set<String> = [], mergedStreams: Set<String> = []) {
    self.done = done
    self.mergedStreams = mergedStreams
  }
}

extension Situation {
  /// What trunk tells, and of external work what people say.
  public func ledger() throws -> IssueLedger {
    var ledger = try trunkLedger()
    let external = plan.streams.flatMap(\.issues).filter(\.isExternal).map(\.id)
    if !external.isEmpty, HiveStore.mayHoldAnything(repository.layout),
      let state = try? HiveStore(repository).snapshot()
    {
      ledger.done.formUnion(state.completedIssues.intersection(external))
    }
    return ledger
  }

  /// Found once per trunk tip and plan, and kept in the common git directory.
  private func trunkLedger() throws -> IssueLedger {
    guard let trunk, let loadedPlan, loadedPlan.origin == .trunk, !plan.streams.isEmpty else { return IssueLedger() }
    let file = repository.layout.stateDirectory / "issues"
    let key = "3 \(trunk.tip) \(loadedPlan.blob)"
    if let kept = try IssueLedger(file: file, key: key, tip: tip) { return kept }
    let reader = LedgerReader(situation: self, trunk: trunk)
    let ledger = try reader.read()
    ledger.write(to: file, key: key, tips: reader.tips)
    return ledger
  }

  /// What a stream's branch, given without `refs/heads/`, names now.
  fileprivate func tip(_ branch: String) throws -> ObjectID? { try repository.target(of: "refs/heads/\(branch)") }

  /// The planned streams that a path belongs to and that are not merged.
  func openOwners(of path: [UInt8]) -> [Plan.Stream] {
    let owners = streams(owning: path)
    if owners.isEmpty { return [] }
    let merged = (try? ledger().mergedStreams) ?? []
    return owners.filter { !merged.contains($0.id) }
  }
}

extension IssueLedger {
  /// A stream's branch may decide whose a commit is: what the branches that were asked for named belongs to the key.
  fileprivate init?(file: FilePath, key: String, tip: (_ branch: String) throws -> ObjectID?) throws {
    guard let bytes = try? file.contents() else { return nil }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard lines.count == 5, lines[0] == key, lines[4].isEmpty else { return nil }
    for field in lines[1].split(separator: "\t") {
      guard let space = field.firstIndex(of: " "),
        try Self.word(tip(String(field[field.index(after: space)...]))) == field[..<space]
      else { return nil }
    }
    self.init(
      done: Set(lines[2].split(separator: "\t").map(String.init)),
      mergedStreams: Set(lines[3].split(separator: "\t").map(String.init)))
  }

  /// A cache: whoever may not write it finds it out again.
  fileprivate func write(to file: FilePath, key: String, tips: [(branch: String, id: ObjectID?)]) {
    let branches = tips.map { "\(Self.word($0.id)) \($0.branch)" }
    let lines = [key] + [branches, done.sorted(), mergedStreams.sorted()].map { $0.joined(separator: "\t") } + [""]
    try? file.parent.createDirectories()
    try? file.write(Array(lines.joined(separator: "\n").utf8))
  }

  private static func word(_ id: ObjectID?) -> String { id?.description ?? "-" }
}

/// Reads trunk's commits since the plan's first, oldest first.
final class LedgerReader {
  let situation: Situation
  let trunk: Trunk
  /// What the branches that were asked for name.
  private(set) var tips: [(branch: String, id: ObjectID?)] = []

  init(situation: Situation, trunk: Trunk) {
    self.situation = situation
    self.trunk = trunk
  }

  func tip(of stream: Plan.Stream) throws -> ObjectID? {
    if let known = tips.first(where: { $0.branch == stream.branch }) { return known.id }
    let id = try situation.tip(stream.branch)
    tips.append((stream.branch, id))
    return id
  }

  var repository: Repository { situation.repository }

  func read() throws -> IssueLedger {
    let commits = try commitsSincePlan()
    let reverted = try revertedCommits(commits)
    var done: Set<String> = []
    for commit in commits where !reverted.contains(commit.id) {
      let named = try namedIssues(commit)
      for (issue, stream) in named where !done.contains(issue) {
        if try isOwn(commit, of: stream) { done.insert(issue) }
      }
    }
    let merged = try situation.plan.streams.filter { try isMerged($0, done: done) }
    return IssueLedger(done: done, mergedStreams: Set(merged.map(\.id)))
  }

  func commitsSincePlan() throws -> [Commit] {
    let arguments: [Argument] = [
      "log", "--diff-filter=A", "--format=%H", "\(trunk.tip)", "--", Argument(PlanSource.fileName),
    ]
    let output = try repository.git.output(arguments)
    guard let first = output.split(separator: UInt8(ascii: "\n")).last.flatMap({ ObjectID(hex: $0) }) else { return [] }
    let ids = try repository.commitIDs(reachableFrom: [trunk.tip], excluding: [first])
    return try ids.reversed().map { try repository.commit($0) }
  }

  /// What "This reverts commit …" has taken back, reverts of reverts taken into account.
  func revertedCommits(_ commits: [Commit]) throws -> Set<ObjectID> {
    var target: [ObjectID: ObjectID] = [:]
    var reverted: Set<ObjectID> = []
    for commit in commits {
      guard var id = CommitMessage(commit).revertedCommit else { continue }
      target[commit.id] = id
      var restores = false
      while let inner = target[id], id != commit.id {
        id = inner
        restores.toggle()
      }
      let affected = try broughtIn(by: id)
      if restores { reverted.subtract(affected) } else { reverted.formUnion(affected) }
    }
    return reverted
  }

  /// The commit itself, and for a merge all that came in with it.
  private func broughtIn(by id: ObjectID) throws -> [ObjectID] {
    guard try repository.hasObject(id) else { return [id] }
    let commit = try repository.commit(id)
    guard commit.isMerge else { return [id] }
    return try repository.commitIDs(reachableFrom: [id], excluding: [commit.parents[0]])
  }

  private func namedIssues(_ commit: Commit) throws -> [(String, Plan.Stream)] {
    let message = CommitMessage(commit)
    if message.revertedCommit != nil { return [] }  // its subject quotes what it takes back
    let type = message.type
    if type == "chore" { return [] }
    return situation.plan.streams.flatMap { stream in
      if type == "docs", !stream.isDocumentation { return [(String, Plan.Stream)]() }
      return stream.issues.filter { message.claims(issue: $0.id) }.map { ($0.id, stream) }
    }
  }

  /// Whether a commit of trunk is a stream's own work: its merge, its squash, a cherry-picked or rebased copy.
  ///
  /// Evidence for: it is the branch's tip or merges it, or it changes a path of the stream's. Evidence against: all that
  /// it changes belongs to others. Where there is neither, naming the issue decides.
  func isOwn(_ commit: Commit, of stream: Plan.Stream) throws -> Bool {
    if let tip = try tip(of: stream), tip == commit.id || commit.parents.dropFirst().contains(tip) { return true }
    let parent = try commit.parents.first.map { try repository.commit($0).tree }
    let paths = try repository.changes(from: parent, to: commit.tree).map(\.path)
    var foreign = 0
    for path in paths {
      let owners = situation.streams(owning: path)
      if owners.contains(where: { $0.id == stream.id }) { return true }
      if !owners.isEmpty { foreign += 1 }
    }
    return paths.isEmpty ? commit.isMerge : foreign < paths.count
  }

  /// A stream is merged when its issues are done and its branch, if there still is one, adds nothing to trunk.
  private func isMerged(_ stream: Plan.Stream, done: Set<String>) throws -> Bool {
    let issues = stream.issues.filter { !$0.isExternal }
    guard !issues.isEmpty, issues.allSatisfy({ done.contains($0.id) }) else { return false }
    guard let tip = try tip(of: stream) else { return true }
    guard case .found(let base) = try repository.mergeBase(tip, trunk.tip) else { return false }
    if base == tip { return true }
    let changes = try repository.changes(from: repository.commit(base).tree, to: repository.commit(tip).tree)
    return try changes.allSatisfy { try situation.snapshotEntry($0.path, in: trunk.tip) == $0.new }
  }
}

extension CommitMessage {
  public init(_ commit: Commit) { self.init(commit.message, encoding: commit.encoding) }
}

extension Plan.Stream {
  /// Whether all its own files are texts for people, so that its work is commits of type docs.
  fileprivate var isDocumentation: Bool {
    let endings = [".md", ".mdx", ".rst", ".adoc", ".txt"]
    return !files.isEmpty
      && files.allSatisfy { pattern in
        endings.contains { pattern.text.utf8.reversed().starts(with: $0.utf8.reversed()) }
      }
  }
}
