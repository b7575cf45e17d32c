import Exports
import Rules

extension ExportCollisions {
  /// Names that the change and what a sibling has not committed yet export behind one barrel, each with the name under which
  /// it is remembered that it was said.
  ///
  /// What collides with the sibling's commits, or there without this change, is left out.
  func overlaps(_ sight: SiblingSight) throws -> [(finding: Finding, identity: String)] {
    let gains = try gains()
    guard !gains.barrels.isEmpty, try !siblings().isEmpty else { return [] }
    defer { cache.save() }
    return try gains.barrels.flatMap { barrel in try overlaps(behind: barrel, gains.paths, sight) }
  }

  private func overlaps(
    behind barrel: [UInt8], _ gaining: [[UInt8]], _ sight: SiblingSight
  ) throws -> [(finding: Finding, identity: String)] {
    let own = ownGraph(behind: barrel)
    let ours = own.collisions.map(\.identity)
    let behind = own.paths
    guard gaining.contains(where: behind.contains) else { return [] }
    return try siblings().flatMap { sibling -> [(finding: Finding, identity: String)] in
      let files = WorktreeModules(sibling.worktree, tip: sibling.tip) { path in
        sight == .modules || path == barrel || !behind.contains(path)
      }
      // A barrel that names nothing new brings no modules that could be new.
      guard try sight == .modules || files.entry(at: barrel) != change.snapshot.entry(at: barrel) else { return [] }
      let together = collisions(in: barrel, with: sibling, files, own)
      guard !together.isEmpty, !files.uncommitted.isEmpty else { return [] }
      var theirs = sibling.tip
      theirs.replaced = files.uncommitted
      let alone = MergedSnapshot(ours: theirs, cache: cache).graph(like: own).collisions(in: barrel).collisions
      let committed = collisions(in: barrel, with: sibling, nil, own)
      let settled = Set(ours + (alone + committed).map(\.identity))
      return together.filter { !settled.contains($0.identity) }.flatMap { collision in
        describe(collision, behind: barrel, sibling) { path in
          path != barrel && (files.uncommitted.keys.contains(path) || !behind.contains(path))
        }
      }
    }
  }

  private func collisions(
    in barrel: [UInt8], with sibling: Sibling, _ files: WorktreeModules?, _ own: KnownGraph
  ) -> [ExportCollision] {
    let theirs = MergedSnapshot.Theirs(sibling.tip, with: files)
    return MergedSnapshot(ours: change.snapshot, other: (theirs, sibling.base), cache: cache).graph(like: own)
      .collisions(in: barrel).collisions
  }

  private func describe(
    _ collision: ExportCollision, behind barrel: [UInt8], _ sibling: Sibling, isTheirs: ([UInt8]) -> Bool
  ) -> [(finding: Finding, identity: String)] {
    var (here, there) = (collision.second.source, collision.first.source)
    if isTheirs(here.path), !isTheirs(there.path) { swap(&here, &there) }
    let words = [Array(ExportCollisionRule.id.rawValue.utf8), here.path, there.path, collision.name]
    let identity = String(decoding: Array(words.joined(separator: " ".utf8)), as: UTF8.self) + " " + sibling.branch
    let export = CollidingExport(
      name: collision.name, barrel: barrel, here: .init(path: here.path, line: here.line),
      there: .init(path: there.path, line: there.line),
      holder: .uncommitted(sibling.name, worktree: sibling.place, directory: sibling.worktree.path.bytes),
      cause: here.path, remedy: situation.remedy(for: change))
    return ExportCollisionRule.findings(in: export).map { ($0, identity) }
  }
}
