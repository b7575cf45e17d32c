/// Merges JSON values and writes them.
struct JSONMerger {
  let versions: VersionPolicy
  var output = SideBySide()
  private(set) var decisions: [MergeDecision] = []

  init(versions: VersionPolicy) { self.versions = versions }

  /// Keys of lists in which only what is there counts, not where: see npm's package.json(5).
  private static let sets: [[[UInt8]]] = [["files"], ["keywords"], ["workspaces"], ["workspaces", "packages"]].map {
    $0.map { key in Array("\"\(key)\"".utf8) }
  }
  private static let dependencies = Set(
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "overrides", "resolutions"].map {
      Array("\"\($0)\"".utf8)
    })

  /// `path` has keys with their quotes.
  mutating func merge(_ base: JSONNode?, _ ours: JSONNode, _ theirs: JSONNode, at path: [[UInt8]]) {
    if let only = chosen(base?.raw, ours.raw, theirs.raw) { return output.append(Array(only)) }
    switch (base?.content, ours.content, theirs.content) {
    case (let old, .object(let left), .object(let right)) where old == nil || old?.isObject == true:
      mergeItems(base, old?.items ?? [], left, right, ours, theirs, at: path)
    case (let old, .array(let left), .array(let right))
    where (old == nil || old?.isArray == true) && areSets(old?.items ?? [], left, right, at: path):
      mergeItems(base, old?.items ?? [], left, right, ours, theirs, at: path)
    default: mergeWhole(base, ours, theirs, at: path)
    }
  }

  private func chosen<Value: Equatable>(_ base: Value?, _ ours: Value, _ theirs: Value) -> Value? {
    if ours == theirs || theirs == base { return ours }
    return ours == base ? theirs : nil
  }

  private func areSets(_ lists: [JSONItem]..., at path: [[UInt8]]) -> Bool {
    Self.sets.contains(path) && lists.allSatisfy { list in Set(list.map(\.identity)).count == list.count }
  }

  /// A value that only one side may change; its formatting, which both changed, does not count.
  private mutating func mergeWhole(_ base: JSONNode?, _ ours: JSONNode, _ theirs: JSONNode, at path: [[UInt8]]) {
    let (left, right) = (ours.meaning, theirs.meaning)
    if left == right {
      output.append(Array(ours.raw.lexicographicallyPrecedes(theirs.raw) ? ours.raw : theirs.raw))
    } else if left == base?.meaning {
      output.append(Array(theirs.raw))
    } else if right == base?.meaning {
      output.append(Array(ours.raw))
    } else if versions == .higher, path.count == 2, Self.dependencies.contains(path[0]),
      let higher = DependencyVersion.higher(left, right)
    {
      decisions.append(
        MergeDecision(kind: .tookHigher, subject: path[1].dropQuotes + Array(": ".utf8) + higher.dropQuotes))
      output.append(higher)
    } else {
      output.appendConflict(base: base.map { Array($0.raw) } ?? [], ours: Array(ours.raw), theirs: Array(theirs.raw))
    }
  }

  private mutating func mergeItems(
    _ base: JSONNode?, _ old: [JSONItem], _ left: [JSONItem], _ right: [JSONItem], _ ours: JSONNode,
    _ theirs: JSONNode, at path: [[UInt8]]
  ) {
    guard let sequence = SequenceMerge(base: old, ours: left, theirs: right) else {
      return output.appendConflict(
        base: base.map { Array($0.raw) } ?? [], ours: Array(ours.raw), theirs: Array(theirs.raw))
    }
    for place in sequence.sharedPlaces {
      decisions.append(MergeDecision(kind: .keptBoth, subject: place.sortKey.dropQuotes))
    }
    let layout = layout(base, ours, theirs)
    output.append(Array(ours.raw.prefix(1)))
    for (index, slot) in sequence.slots.enumerated() {
      let space = (index == 0 ? [] : [UInt8(ascii: ",")]) + (index == 0 ? layout.beforeFirst : layout.beforeOthers)
      append(slot, after: space, at: path)
    }
    output.append(sequence.slots.isEmpty ? [] : layout.beforeClose)
    output.append(Array(ours.raw.suffix(1)))
  }

  /// How a container with no items was written tells nothing of how items are.
  private func layout(_ base: JSONNode?, _ ours: JSONNode, _ theirs: JSONNode) -> JSONLayout {
    if ours.items.isEmpty { return theirs.layout }
    if theirs.items.isEmpty || theirs.layout == base?.layout { return ours.layout }
    if ours.layout == base?.layout { return theirs.layout }
    return ours.layout.beforeFirst.isOrdered(before: theirs.layout.beforeFirst) ? ours.layout : theirs.layout
  }

  private mutating func append(_ slot: SequenceMerge<JSONItem>.Slot, after space: [UInt8], at path: [[UInt8]]) {
    switch (slot.ours, slot.theirs) {
    case (let ours?, let theirs?):
      output.append(space + (ours.key ?? []))
      output.append(chosen(slot.base?.colon, ours.colon, theirs.colon) ?? [UInt8(ascii: ":"), 0x20])
      merge(slot.base?.value, ours.value, theirs.value, at: path + (ours.key.map { [$0] } ?? []))
    case (let only?, nil), (nil, let only?):
      guard let base = slot.base else { return output.append(space + only.text) }
      output.appendConflict(
        base: space + base.text, ours: slot.ours.map { space + $0.text } ?? [],
        theirs: slot.theirs.map { space + $0.text } ?? [])
    case (nil, nil): break
    }
  }
}

extension JSONNode {
  fileprivate var items: [JSONItem] { content.items }
}

extension JSONNode.Content {
  fileprivate var items: [JSONItem] {
    switch self {
    case .object(let items), .array(let items): items
    case .scalar: []
    }
  }

  fileprivate var isObject: Bool { if case .object = self { true } else { false } }
  fileprivate var isArray: Bool { if case .array = self { true } else { false } }
}

extension [UInt8] {
  fileprivate var dropQuotes: [UInt8] { first == UInt8(ascii: "\"") ? Array(dropFirst().dropLast()) : self }
}
