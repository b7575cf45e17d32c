import Exports

/// What is reserved for other streams is left to them: their stubs stay stubs, their blocks stay as they are.
///
/// Lines added behind a block are not in it. On trunk nothing is foreign.
public enum ForeignExportRule {
  public static let id: RuleID = "exports.foreign"

  static func findings(in change: ExportsChange) -> [Finding] {
    guard change.isJudged, !change.isTrunk else { return [] }
    var reported: Set<ExportStatement.Identity> = []
    let alive = change.others.flatMap { version in
      foreignBlocks(of: version, in: change).flatMap { block in
        block.items.compactMap { broughtToLife($0, of: version, block.owners, in: change, &reported) }
      }
    }
    return alive + foreignBlocks(of: change.base, in: change).compactMap { firstChange(of: $0, in: change, reported) }
  }

  private static func foreignBlocks(of version: BarrelVersion, in change: ExportsChange) -> [Block] {
    version.ownership.blocks.filter { $0.holdsStub && !change.isOwn($0.owners) }
  }

  /// A stub of `version` that the change alone makes live.
  private static func broughtToLife(
    _ item: Int, of version: BarrelVersion, _ owners: Owners, in change: ExportsChange,
    _ reported: inout Set<ExportStatement.Identity>
  ) -> Finding? {
    guard let statement = version.barrel.items[item].stub?.statement, let live = change.staged.live[statement.identity],
      !change.others.contains(where: { $0.live[statement.identity] != nil }),
      reported.insert(statement.identity).inserted
    else { return nil }
    return change.finding(
      id, .error, .broughtToLife(statement, owners, hint: change.remedyCommand), at: change.staged.position(of: live))
  }

  /// Where a block of the base was changed first, if not by bringing stubs to life that are `reported` already.
  private static func firstChange(
    of block: Block, in change: ExportsChange, _ reported: Set<ExportStatement.Identity>
  ) -> Finding? {
    let stubs = block.items.compactMap { change.base.barrel.items[$0].stub?.statement.identity }
    guard !stubs.contains(where: reported.contains) else { return nil }
    if let item = block.items.first(where: { isChanged($0, in: change) }) {
      let statement = change.base.barrel.items[item].statement
      let message = Finding.Message.changed(statement, block.owners, hint: change.remedyCommand)
      return change.finding(id, .error, message, at: place(of: item, in: change))
    }
    guard let line = lineAdded(inside: block, in: change) else { return nil }
    return change.finding(id, .error, .changed(nil, block.owners, hint: change.remedyCommand), at: (line, 1))
  }

  /// Whether a member is not in the commit as the base has it, although all other sides have it so.
  private static func isChanged(_ item: Int, in change: ExportsChange) -> Bool {
    !change.staged.contains(item, of: change.base) && change.settled.allSatisfy { $0.contains(item, of: change.base) }
  }

  /// Where the commit has what the member turned into: a statement or stub of the same module, else the place it is gone from.
  private static func place(of item: Int, in change: ExportsChange) -> (line: Int, column: Int) {
    let staged = change.staged.barrel.items
    if let module = change.base.barrel.items[item].statement?.module,
      let successor = staged.firstIndex(where: { $0.statement?.module == module })
    {
      return change.staged.position(of: successor)
    }
    return (change.staged.line(for: item, of: change.base), 1)
  }

  /// The first line that stands between two members of the block and that no other side has there.
  private static func lineAdded(inside block: Block, in change: ExportsChange) -> Int? {
    guard let gap = gap(in: block, of: change.base, change.staged),
      change.settled.allSatisfy({ self.gap(in: block, of: change.base, $0) == nil })
    else { return nil }
    return change.staged.barrel.items[gap].lines.lowerBound
  }

  /// The index of the first item that parts the block's in `version`; `nil` where they follow one another somewhere.
  private static func gap(in block: Block, of base: BarrelVersion, _ version: BarrelVersion) -> Int? {
    var firstGap: Int?
    let count = version.barrel.items.count
    for start in version.indices(of: block.items.lowerBound, of: base) {
      let length = zip(start..<count, block.items).prefix { version.isSame($0, as: $1, of: base) }.count
      guard length < block.items.count else { return nil }
      firstGap = firstGap ?? min(start + length, count - 1)
    }
    return firstGap
  }
}

extension Finding.Message {
  fileprivate static func broughtToLife(_ statement: ExportStatement, _ owners: Owners, hint: String?) -> Self {
    .init("\(statement.shown) is reserved for \(owners.shown) and is brought to life here", hint: hint)
  }

  fileprivate static func changed(_ statement: ExportStatement?, _ owners: Owners, hint: String?) -> Self {
    guard let statement else { return .init("the block of \(owners.shown) is changed", hint: hint) }
    return .init("\(statement.shown) is reserved for \(owners.shown) and is changed here", hint: hint)
  }
}
