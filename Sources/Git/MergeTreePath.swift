/// The paths that git-merge-tree(1) answers with.
public enum MergeTreePath {
  /// git sets a file aside where something of another kind has its name: as `path~side`, where a side is called by its commit
  /// here. Each file once, in git's order.
  public static func originals(of paths: [[UInt8]], sides: [ObjectID]) -> [[UInt8]] {
    var seen: Set<[UInt8]> = []
    return paths.map { withoutSuffix($0, sides) }.filter { seen.insert($0).inserted }
  }

  private static func withoutSuffix(_ path: [UInt8], _ sides: [ObjectID]) -> [UInt8] {
    for side in sides {
      let suffix = Array("~\(side)".utf8)
      if let start = path.indices.last(where: { path[$0...].starts(with: suffix) }) { return Array(path[..<start]) }
    }
    return path
  }
}
