import Exports

/// What trunk exports stays exported as long as its module is there, whatever a merge made of the file.
///
/// A statement counts as live where other live statements export the same names of the same file: split, joined, sorted or
/// with its module spelled otherwise, it is not lost.
enum LostExportRule {
  static let id: RuleID = "exports.lost"

  static func findings(in change: ExportsChange) -> [Finding] {
    guard change.isJudged, !change.saysItReverts, let trunk = change.trunk else { return [] }
    let candidates = change.base.barrel.items.indices.filter { index in
      guard let identity = change.base.barrel.items[index].liveStatement?.identity else { return false }
      return (trunk === change.base || trunk.live[identity] != nil) && change.staged.live[identity] == nil
        && !mayBeRemoved(index, in: change)
    }
    guard !candidates.isEmpty else { return [] }
    let staged = LiveExports(change.staged, change)
    let others = ([change.head].compactMap { $0 } + change.mergeHeads).map { LiveExports($0, change) }
    return candidates.compactMap { index in
      guard let statement = change.base.barrel.items[index].liveStatement,
        case .file(let module) = change.resolver.resolve(statement, change.provides),
        !staged.contains(statement, from: module), others.allSatisfy({ $0.contains(statement, from: module) })
      else { return nil }
      let message = Finding.Message.lost(statement, module, hint: change.remedyCommand)
      return change.finding(id, .error, message, at: change.base.position(of: index))
    }
  }

  /// In its own blocks a stream may do as it likes.
  private static func mayBeRemoved(_ index: Int, in change: ExportsChange) -> Bool {
    guard change.stubPolicy == .block, let block = change.base.ownership.block(holding: index) else { return false }
    return block.isCertain && change.isOwn(block.owners)
  }
}

/// What the live statements of a barrel export, by the file that provides it.
private struct LiveExports {
  private let identities: Set<ExportStatement.Identity>
  private var byModule: [[UInt8]: [ExportStatement]] = [:]

  init(_ version: BarrelVersion, _ change: ExportsChange) {
    identities = Set(version.live.keys)
    for statement in version.barrel.items.compactMap(\.liveStatement) {
      guard case .file(let module) = change.resolver.resolve(statement, change.provides) else { continue }
      byModule[module, default: []].append(statement)
    }
  }

  func contains(_ statement: ExportStatement, from module: [UInt8]) -> Bool {
    if identities.contains(statement.identity) { return true }
    let others = byModule[module] ?? []
    guard statement.kind == .named else {
      return others.contains {
        $0.kind == statement.kind && $0.names == statement.names && covers($0, statement.isTypeOnly)
      }
    }
    return statement.names.allSatisfy { name in
      others.contains { exports($0, name, typeOnly: statement.isTypeOnly || name.isTypeOnly) }
    }
  }

  private func exports(_ statement: ExportStatement, _ name: ExportStatement.Name, typeOnly: Bool) -> Bool {
    guard covers(statement, typeOnly) else { return false }
    if statement.kind == .star { return name.original == name.exported && !name.exported.elementsEqual("default".utf8) }
    return statement.kind == .named
      && statement.names.contains {
        $0.original == name.original && $0.exported == name.exported && (typeOnly || !$0.isTypeOnly)
      }
  }

  /// A value's export is its type's as well, not the other way round.
  private func covers(_ statement: ExportStatement, _ typeOnly: Bool) -> Bool { typeOnly || !statement.isTypeOnly }
}

extension Finding.Message {
  fileprivate static func lost(_ statement: ExportStatement, _ module: [UInt8], hint: String?) -> Self {
    .init("\(statement.shown) is exported on trunk and no longer here, although '\(module.shown)' is", hint: hint)
  }
}
