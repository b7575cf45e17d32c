/// A key that is read and checked, and whose behaviour this version does not have yet: said, so that nobody counts on it.
public struct UnsupportedKey: Hashable, Sendable {
  /// `worktree.link`, or with the value that has no effect: `merge = "barrel"`.
  public var name: String
  public var position: SourcePosition
}

extension UnsupportedKey {
  /// Whole tables and keys of tables, by their path. One leaves this list in the commit that brings its behaviour.
  private static let paths: [[String]] = [
    ["rounds"], ["worktree", "link"], ["worktree", "setup"], ["worktree", "remove"], ["worktree", "checkout"],
    ["after-sync"], ["launch"], ["finish"], ["merge"], ["notify"], ["hive"],
  ]
  /// Policies of `[[shared]]` under which a file is guarded, and by which nothing is merged yet: git merges it as text.
  private static let policies = ["submodule", "regenerate"]

  static func all(in entries: [TOMLEntry]) -> [UnsupportedKey] {
    let keys = paths.compactMap { path -> UnsupportedKey? in
      entry(at: path[...], in: entries).map {
        UnsupportedKey(name: path.joined(separator: "."), position: $0.keyPosition)
      }
    }
    return (keys + mergePolicies(in: entries)).sorted { $0.position < $1.position }
  }

  private static func mergePolicies(in entries: [TOMLEntry]) -> [UnsupportedKey] {
    guard case .array(let tables)? = entry(at: ["shared"], in: entries)?.node.value else { return [] }
    return tables.compactMap { table in
      guard case .table(let keys) = table.value, let merge = keys.first(where: { $0.key == "merge" }),
        case .string(let policy) = merge.node.value, policies.contains(policy)
      else { return nil }
      return UnsupportedKey(name: "merge = \"\(policy)\"", position: merge.keyPosition)
    }
  }

  private static func entry(at path: ArraySlice<String>, in entries: [TOMLEntry]) -> TOMLEntry? {
    guard let first = path.first, let entry = entries.first(where: { $0.key == first }) else { return nil }
    if case .array(let elements) = entry.node.value, elements.isEmpty { return nil }  // asks for nothing
    if path.count == 1 { return entry }
    guard case .table(let inner) = entry.node.value else { return nil }
    return self.entry(at: path.dropFirst(), in: inner)
  }
}
