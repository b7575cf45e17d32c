import Exports
import Git
import Plan
import Platform
import Rules

/// Looks for names that a change makes two modules behind a shared barrel export: together with trunk, and with each of the
/// sibling branches.
///
/// Nothing is looked at unless a changed file exports something that it did not export before. Of a sibling what it has
/// committed counts here, and only where that is behind the same barrel; `overlaps` tells of what it has not committed.
final class ExportCollisions {
  let situation: Situation
  let change: Change
  let cache: ModuleCache
  private var knownGains: Gains?
  private var knownSiblings: [Sibling]?
  private var knownGraphs: [[UInt8]: KnownGraph] = [:]

  /// The files of a change that export more than before, and the shared barrels above them.
  struct Gains {
    var paths: [[UInt8]] = []
    var barrels: [[UInt8]] = []
  }

  init(_ situation: Situation, _ change: Change) {
    self.situation = situation
    self.change = change
    cache = ModuleCache(situation.repository)
  }

  func findings() throws -> [Finding] {
    defer { cache.save() }
    let gains = try gains()
    return try gains.barrels.flatMap { barrel in try findings(behind: barrel, gains.paths) }
  }

  func gains() throws -> Gains {
    if let knownGains { return knownGains }
    var gains = Gains()
    if situation.plan.shared.contains(where: { $0.merge == .barrel && $0.stubs != .off }) {
      gains.paths = change.judged.filter(exportsMore).map(\.path)
      if !gains.paths.isEmpty { gains.barrels = try barrels(above: gains.paths) }
    }
    knownGains = gains
    return gains
  }

  /// Whether a file exports what it did not export before the change.
  private func exportsMore(_ path: TreeChange) -> Bool {
    guard let entry = path.new, let exports = cache.exports(of: entry, path: path.path) else { return false }
    let before = (try? change.before.entry(at: path.path)).flatMap { $0 }.flatMap {
      cache.exports(of: $0, path: path.path)
    }
    guard let before else { return !exports.entries.isEmpty || !exports.stars.isEmpty }
    let names = Set(before.entries.map { ExportedName($0) })
    let modules = Set(before.stars.map(\.module))
    return exports.entries.contains { !names.contains(ExportedName($0)) }
      || exports.stars.contains { !modules.contains($0.module) }
  }

  private struct ExportedName: Hashable {
    let name: [UInt8]
    let origin: ModuleExports.Origin

    init(_ entry: ModuleExports.Entry) {
      name = entry.name
      origin = entry.origin
    }
  }

  // MARK: Barrels

  /// The shared barrels that one of the files is, or may be behind: those that the plan names, and of a pattern's those in the
  /// directories above.
  private func barrels(above paths: [[UInt8]]) throws -> [[UInt8]] {
    let patterns = situation.plan.shared.filter { $0.merge == .barrel && $0.stubs != .off }.flatMap(\.paths)
    var candidates = patterns.compactMap(\.literalPath)
    let names = Set(patterns.filter { $0.literalPath == nil }.compactMap(\.lastLiteralComponent))
    if !names.isEmpty {
      let directories = Set(paths.flatMap { FilePath($0).ancestors })
      for directory in directories { candidates += names.map { directory + $0 } }
    }
    return try Set(candidates).sorted { $0.lexicographicallyPrecedes($1) }.filter { path in
      guard let shared = situation.sharedFiles(for: path), shared.merge == .barrel, shared.stubs != .off else {
        return false
      }
      return try change.snapshot.entry(at: path)?.isFile == true
    }
  }

  private func findings(behind barrel: [UInt8], _ gaining: [[UInt8]]) throws -> [Finding] {
    let own = ownGraph(behind: barrel)
    guard gaining.contains(where: own.paths.contains) else { return [] }

    var report = Report(collisions: self, barrel: barrel, gaining: gaining, own: own)
    let trunk = change.isForTrunk ? nil : try trunkSnapshot()
    let withTrunk = try trunk.map {
      MergedSnapshot(ours: change.snapshot, other: (.init($0), try change.baseSnapshot()), cache: cache)
    }
    let collisions = withTrunk?.graph(like: own).collisions(in: barrel).collisions ?? own.collisions
    if !collisions.isEmpty {
      let others = [change.before, trunk].compactMap { $0 } + change.mergeHeads + change.trunkTips
      for other in others { report.settle(MergedSnapshot(ours: other, cache: cache)) }
      let known = Set(own.collisions.map(\.identity))
      for collision in collisions {
        let holder = known.contains(collision.identity) ? CollidingExport.Holder.change : .trunk(situation.trunkName)
        report.add(
          collision, in: withTrunk ?? MergedSnapshot(ours: change.snapshot, cache: cache), holder: holder)
      }
    }
    try addSiblings(own.paths, to: &report)
    return report.findings
  }

  /// What is behind a barrel in the change itself.
  func ownGraph(behind barrel: [UInt8]) -> KnownGraph {
    if let known = knownGraphs[barrel] { return known }
    let graph = KnownGraph(behind: barrel, in: change.snapshot, cache: cache)
    knownGraphs[barrel] = graph
    return graph
  }

  /// Trunk's tip, where it has moved since the base.
  private func trunkSnapshot() throws -> Snapshot? {
    guard let trunk = situation.trunk, let base = try change.base(), trunk.tip != base else { return nil }
    return try situation.snapshot(of: trunk.tip)
  }

  // MARK: Siblings

  /// Another worktree's branch, beside where it and ours parted.
  struct Sibling {
    var worktree: Worktree
    var branch: String
    /// As people know it.
    var name: String
    /// The worktree's directory as people know it.
    var place: String
    var tip: Snapshot
    var base: Snapshot
    /// What the branch has changed since then.
    var changes: Set<[UInt8]>
  }

  func siblings() throws -> [Sibling] {
    if let knownSiblings { return knownSiblings }
    let repository = situation.repository
    var siblings: [Sibling] = []
    if let head = change.commits.first ?? situation.head, !change.isForTrunk {
      for worktree in try repository.layout.worktrees() where Siblings(situation: situation).isSibling(worktree) {
        guard let branch = worktree.branch, branch != change.branch, branch != situation.names?.branch,
          let tip = try repository.target(of: branch), case .found(let base) = try repository.mergeBase(head, tip)
        else { continue }
        let (theirs, original) = try (situation.snapshot(of: tip), situation.snapshot(of: base))
        let here = repository.layout.workTree ?? worktree.path
        siblings.append(
          Sibling(
            worktree: worktree, branch: branch, name: situation.stream(on: branch)?.id ?? branch.shortBranchName,
            place: worktree.path.relative(to: here).description, tip: theirs, base: original,
            changes: Set(try repository.changes(from: original.tree, to: theirs.tree).map(\.path))))
      }
    }
    knownSiblings = siblings
    return siblings
  }

  private func addSiblings(_ behind: Set<[UInt8]>, to report: inout Report) throws {
    for sibling in try siblings() where sibling.hasChanged(behind, or: report.barrel) {
      let together = MergedSnapshot(ours: change.snapshot, other: (.init(sibling.tip), sibling.base), cache: cache)
      let collisions = together.graph(like: report.own).collisions(in: report.barrel).collisions
      guard !collisions.isEmpty else { continue }
      report.settle(MergedSnapshot(ours: sibling.tip, cache: cache))
      let holder = CollidingExport.Holder.sibling(sibling.name, worktree: sibling.place)
      for collision in collisions { report.add(collision, in: together, holder: holder) }
    }
  }

  // MARK: Reports

  /// What is found behind one barrel, each collision once.
  private struct Report {
    let collisions: ExportCollisions
    let barrel: [UInt8]
    let gaining: [[UInt8]]
    let own: KnownGraph
    var findings: [Finding] = []
    private var settled: Set<ExportCollision.Identity> = []

    init(collisions: ExportCollisions, barrel: [UInt8], gaining: [[UInt8]], own: KnownGraph) {
      self.own = own
      self.collisions = collisions
      self.barrel = barrel
      self.gaining = gaining
    }

    /// What collides there is not this change's doing.
    mutating func settle(_ snapshot: MergedSnapshot) {
      settled.formUnion(snapshot.graph(like: own).collisions(in: barrel).collisions.map(\.identity))
    }

    mutating func add(_ collision: ExportCollision, in snapshot: MergedSnapshot, holder: CollidingExport.Holder) {
      guard settled.insert(collision.identity).inserted else { return }
      var (here, there) = (collision.second.source, collision.first.source)
      if isOurs(collision.first), !isOurs(collision.second) { swap(&here, &there) }
      findings += ExportCollisionRule.findings(
        in: CollidingExport(
          name: collision.name, barrel: barrel, here: .init(path: here.path, line: here.line),
          there: .init(path: there.path, line: there.line), holder: holder,
          cause: cause(of: collision, [here.path, there.path], in: snapshot),
          remedy: collisions.situation.remedy(for: collisions.change)))
    }

    /// Whether the change has brought this side of it: its file, or the barrel's statement that names it.
    private func isOurs(_ side: ExportCollision.Side) -> Bool {
      gaining.contains(side.source.path) && side.source.path != barrel
    }

    /// The first file of the change without whose part in it there would be no collision; the barrel, where no one file is.
    private func cause(
      of collision: ExportCollision, _ paths: [[UInt8]], in snapshot: MergedSnapshot
    ) -> [UInt8] {
      let changed = Set(collisions.change.judged.map(\.path))
      let candidates = ([barrel] + paths).filter(changed.contains)
      let cause = candidates.first { path in
        var without = snapshot
        without.ours.replaced.updateValue((try? collisions.change.before.entry(at: path)) ?? nil, forKey: path)
        return !without.graph(like: own).collisions(in: barrel).collisions.contains {
          $0.identity == collision.identity
        }
      }
      return cause ?? candidates.first ?? barrel
    }
  }
}

extension ExportCollisions.Sibling {
  /// Whether the branch has changed the barrel, or what was behind it before.
  func hasChanged(_ behind: Set<[UInt8]>, or barrel: [UInt8]) -> Bool {
    changes.contains(barrel) || changes.contains(where: behind.contains)
  }
}

extension Pattern {
  /// The name that every path which matches ends in; `nil` where that differs.
  fileprivate var lastLiteralComponent: [UInt8]? {
    let name =
      text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last.map(Array.init) ?? []
    return name.isEmpty ? nil : Pattern(String(decoding: name, as: UTF8.self)).literalPath
  }
}

extension FilePath {
  /// The directories above a path of the repository, each with its slash; the top is empty.
  fileprivate var ancestors: [[UInt8]] {
    [[]] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }.map { Array(bytes[...$0]) }
  }
}
