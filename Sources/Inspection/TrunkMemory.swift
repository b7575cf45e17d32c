import Git
import Platform

/// Where trunk's tip is and which plan it holds, kept for as long as its refs stand still: so that a hook that asks nothing
/// else of the repository need not open it.
struct TrunkMemory {
  struct Entry: Equatable {
    let trunk: Trunk
    /// The blob of the plan file; `nil` where the tip has none.
    let plan: ObjectID?
  }

  private let file: FilePath

  init(_ layout: RepositoryLayout) { file = layout.stateDirectory / "trunk" }

  /// What is known of trunk with its refs where they are; `nil` when that is something else, or nothing.
  func entry(_ names: TrunkNames, local: ObjectID?, remote: ObjectID?) -> Entry? {
    guard let bytes = try? file.contents() else { return nil }
    let fields = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let key = Self.key(names, local: local, remote: remote)
    guard fields.count == key.count + 4, zip(key, fields).allSatisfy({ $0.elementsEqual($1) }) else { return nil }
    let rest = Array(fields[key.count...])
    guard let tip = ObjectID(hex: rest[0]), let plan = Self.idOrNone(rest[2]) else { return nil }
    let trunk = Trunk(
      branch: names.branch, remoteBranch: names.remoteBranch, local: local, remote: remote, tip: tip,
      isDiverged: rest[1].elementsEqual("diverged".utf8))
    return Entry(trunk: trunk, plan: plan)
  }

  /// A cache: whoever may not write it finds it out again.
  func keep(_ entry: Entry, names: TrunkNames) {
    let trunk = entry.trunk
    let lines =
      Self.key(names, local: trunk.local, remote: trunk.remote)
      + [trunk.tip.description, trunk.isDiverged ? "diverged" : "one", Self.word(entry.plan)].map { Array($0.utf8) }
    try? file.parent.createDirectories()
    try? file.write(Array(lines.map { $0 + [UInt8(ascii: "\n")] }.joined()))
  }

  private static func key(_ names: TrunkNames, local: ObjectID?, remote: ObjectID?) -> [[UInt8]] {
    ["trunk 1", names.branch, names.remote ?? "-", word(local), word(remote)].map { Array($0.utf8) }
  }

  private static func word(_ id: ObjectID?) -> String { id?.description ?? "-" }

  private static func idOrNone(_ word: ArraySlice<UInt8>) -> ObjectID?? {
    if word.elementsEqual("-".utf8) { return .some(nil) }
    return ObjectID(hex: word).map { .some($0) }
  }
}
