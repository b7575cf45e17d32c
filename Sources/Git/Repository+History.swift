import Platform

/// Whether and where two histories meet.
public enum MergeBase: Hashable, Sendable {
  /// The best common ancestor; the first of several, as git takes it for a rebase.
  case found(ObjectID)
  /// The histories share nothing.
  case unrelated
  /// They may share something that a shallow clone has cut off.
  case cutOff
}

extension Repository {
  /// Whether history is cut off somewhere; see git-clone(1), `--depth`.
  public var isShallow: Bool { (layout.commonDirectory / "shallow").exists }

  /// - Parameter isFar: whether many commits may lie between: git then reads its commit-graph, which libgit2 mostly
  ///   cannot.
  public func mergeBase(_ one: ObjectID, _ other: ObjectID, isFar: Bool = false) throws(GitError) -> MergeBase {
    if one == other { return .found(one) }
    if let known = mergeBases.first(where: { $0.one == one && $0.other == other }) { return known.base }
    let base = try findMergeBase(one, other, isFar: isFar)
    remember(base, of: one, other)
    return base
  }

  private func findMergeBase(_ one: ObjectID, _ other: ObjectID, isFar: Bool) throws(GitError) -> MergeBase {
    if !isFar, let bases = try reader.mergeBases(one, other) { return bases.first.map { .found($0) } ?? .unrelated }
    let result = try git.run(["merge-base", "\(one)", "\(other)"])
    if let id = ObjectID(hex: firstLine(result.output)) { return .found(id) }
    guard result.ending == .exited(1) else { throw GitCommand.failure(["merge-base"], result) }
    return isShallow ? .cutOff : .unrelated
  }

  /// All best common ancestors: several where histories have crossed, none where they share nothing; `nil` where the
  /// history at hand cannot tell, as in a shallow clone.
  public func mergeBases(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> [ObjectID]? {
    if let bases = try reader.mergeBases(one, other) { return bases }
    let result = try git.run(["merge-base", "--all", "\(one)", "\(other)"])
    if result.ending == .exited(1) { return isShallow ? nil : [] }
    guard result.succeeded else { throw GitCommand.failure(["merge-base"], result) }
    return result.output.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: $0) }
  }

  /// Whether `ancestor` is `commit` or among what it descends from.
  public func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(GitError) -> Bool {
    if ancestor == commit { return true }
    if let bases = try reader.mergeBases(ancestor, commit) { return bases.contains(ancestor) }
    let result = try git.run(["merge-base", "--is-ancestor", "\(ancestor)", "\(commit)"])
    switch result.ending {
    case .exited(0): return true
    case .exited(1): return false
    default: throw GitCommand.failure(["merge-base", "--is-ancestor"], result)
    }
  }

  /// The commits that `tip` reaches and `excluded` does not, children before parents.
  ///
  /// For a stream or trunk's last commits: walked in this process where that can be done, without git's commit graph.
  public func commitIDs(since excluded: ObjectID, upTo tip: ObjectID) throws(GitError) -> [ObjectID] {
    if let ids = try reader.commitIDs(reachableFrom: tip, excluding: excluded) { return ids }
    return try commitIDs(reachableFrom: [tip], excluding: [excluded])
  }

  /// The commits that `tips` reach and `excluded` do not, children before parents, as `git rev-list` finds them.
  ///
  public func commitIDs(
    reachableFrom tips: [ObjectID], excluding excluded: [ObjectID], limit: Int? = nil
  ) throws(GitError) -> [ObjectID] {
    var arguments: [Argument] = ["rev-list", "--topo-order", "--stdin"]
    if let limit { arguments.append("--max-count=\(limit)") }
    let input = tips.map { "\($0)\n" }.joined() + excluded.map { "^\($0)\n" }.joined()
    let output = try git.output(arguments, input: Array(input.utf8))
    return output.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: $0) }
  }
}

extension Repository {
  /// The commits that `tip` reaches and `excluded` do not, each of them read once.
  ///
  /// Walked in this process, unless git has to: where parents are not what commits say, and where a commit-graph knows the way
  /// through many commits that are excluded, which libgit2 cannot read.
  ///
  /// - Parameters:
  ///   - excluded: what does not lead to a commit, as a tag of a file, excludes nothing.
  ///   - visit: is given each commit of the range, perhaps twice, and perhaps some that are not in it, in any order.
  public func commitRange(
    reachableFrom tip: ObjectID, excluding excluded: [ObjectID], visit: (Commit) -> Void = { _ in }
  ) throws(GitError) -> CommitRange {
    if let range = try walkedRange(tip, excluded, visit) { return range }
    let ids = try commitIDs(reachableFrom: [tip], excluding: excluded)
    for id in ids { visit(try commit(id)) }
    return CommitRange(ids: ids, boundary: nil)
  }

  /// `nil` where git has to walk; some commits may have been visited then.
  private func walkedRange(
    _ tip: ObjectID, _ excluded: [ObjectID], _ visit: (Commit) -> Void
  ) throws(GitError) -> CommitRange? {
    guard try reader.walksHistory else { return nil }
    var known: [ObjectID] = []
    for id in excluded {
      guard try hasObject(id) else { return nil }  // git says which
      if let commit = try peeledToCommit(id) { known.append(commit) }
    }
    let limit = hasCommitGraph ? 2048 : Int.max
    try reader.walkIsKept(true)
    defer { try? reader.walkIsKept(false) }
    return try withoutActuallyEscaping(visit) { visit throws(GitError) -> CommitRange? in
      var walk = CommitWalk(reading: { [self] id throws(GitError) in try commit(id) }, visiting: visit)
      return try walk.range(reachableFrom: [tip], excluding: known, limit: limit)
    }
  }

  private var hasCommitGraph: Bool {
    let directory = layout.commonDirectory / "objects/info"
    return (directory / "commit-graph").exists || (directory / "commit-graphs").exists
  }

  /// Where `tip` left `other`, as the range that `tip` ends shows it, and remembered from now on.
  ///
  /// - Parameter excluded: what the range was found without.
  public func mergeBase(
    _ tip: ObjectID, _ other: ObjectID, endOf range: CommitRange, excluding excluded: [ObjectID]
  ) throws(GitError) -> MergeBase {
    let base: MergeBase
    if range.ids.contains(other) {
      base = .found(other)
    } else if excluded.contains(other), let boundary = range.boundary, boundary.count < 2, !range.ids.isEmpty {
      // None of the range is an ancestor of what was excluded: what is shared is below.
      base = try boundary.first.map { boundary throws(GitError) in try mergeBase(boundary, other) } ?? .unrelated
    } else {
      return try mergeBase(tip, other, isFar: range.ids.count > 256)
    }
    if tip != other { remember(base, of: tip, other) }
    return base
  }

  /// The commits whose parents a shallow clone has left out; see gitformat-shallow in the git documentation.
  public func shallowBoundary() throws(GitError) -> [ObjectID] {
    let file = layout.commonDirectory / "shallow"
    guard let bytes = try systemCall({ () throws(SystemError) in try file.contentsIfPresent() }) else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: $0) }
  }
}
