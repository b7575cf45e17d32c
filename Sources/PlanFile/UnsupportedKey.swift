/// A key that is read and checked, and whose behaviour this version does not have yet: said, so that nobody counts on it.
public struct UnsupportedKey: Hashable, Sendable {
  /// `worktree.link`.
  public var name: String
  public var position: SourcePosition
}

extension UnsupportedKey {
  /// Whole tables and keys of tables, by their path. One leaves this list in the commit that brings its behaviour.
  private static let paths: [[String]] = [
    ["merge"],
  ]

  static func all(in entries: [TOMLEntry]) -> [UnsupportedKey] {
    paths.compactMap { path in
      entry(at: path[...], in: entries).map {
        UnsupportedKey(name: path.joined(separator: "."), position: $0.keyPosition)
      }
    }.sorted { $0.position < $1.position }
  }

  private static func entry(at path: ArraySlice<String>, in entries: [TOMLEntry]) -> TOMLEntry? {
    guard let first = path.first, let entry = entries.first(where: { $0.key == first }) else { return nil }
    if case .array(let elements) = entry.node.value, elements.isEmpty { return nil }  // asks for nothing
    if path.count == 1 { return entry }
    guard case .table(let inner) = entry.node.value else { return nil }
    return self.entry(at: path.dropFirst(), in: inner)
  }
}
