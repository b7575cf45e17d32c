/// A name that two statements of a barrel export from different places.
public struct ExportCollision: Hashable, Sendable {
  /// One of the two ways to the name.
  public struct Side: Hashable, Sendable {
    /// The barrel's line.
    public var statementLine: Int
    /// Where the name is declared; the barrel itself for what is written there.
    public var source: ModuleGraph.Source
  }

  public var name: [UInt8]
  /// In the barrel's order.
  public var first: Side
  public var second: Side

  /// The same name of the same two files is the same collision, wherever its lines are.
  public struct Identity: Hashable, Sendable {
    let name: [UInt8]
    let paths: Set<[UInt8]>
  }

  public var identity: Identity { Identity(name: name, paths: [first.source.path, second.source.path]) }
}

extension ModuleGraph {
  /// What a barrel was found to hold.
  public struct Verdict: Hashable, Sendable {
    /// By name, in the order of its second statement.
    public var collisions: [ExportCollision] = []
    /// Names that two statements export and that nothing more can be said of.
    public var unsureNames = 0
  }

  /// The names that two modules behind the barrel at `path` both export.
  ///
  /// A name that the barrel exports by name wins over its stars, and the same thing on two ways is one. Where a statement of the
  /// barrel was not understood, it may be the one that wins: then stars are not compared.
  public func collisions(in path: [UInt8]) -> Verdict {
    guard let barrel = module(path) else { return Verdict() }
    var verdict = Verdict()
    addNamedCollisions(of: barrel, path, to: &verdict)
    addStarCollisions(of: barrel, path, to: &verdict)
    verdict.collisions.sort {
      ($0.second.statementLine, $0.first.statementLine) < ($1.second.statementLine, $1.first.statementLine)
        || $0.second.statementLine == $1.second.statementLine && $0.first.statementLine == $1.first.statementLine
          && $0.name.lexicographicallyPrecedes($1.name)
    }
    return verdict
  }

  /// Two statements that name it; declarations may share a name among themselves.
  private func addNamedCollisions(of barrel: ModuleExports, _ path: [UInt8], to verdict: inout Verdict) {
    for (name, entries) in Dictionary(grouping: barrel.entries, by: \.name) where entries.count > 1 {
      guard let first = entries.first, let second = entries.dropFirst().first(where: { !isOne($0, first) }) else {
        continue
      }
      let sides = [first, second].map { entry in (entry.line, resolve(entry, in: path)) }
      add(name, sides, to: &verdict)
    }
  }

  private func isOne(_ entry: ModuleExports.Entry, _ other: ModuleExports.Entry) -> Bool {
    entry.origin == .declaration && other.origin == .declaration
  }

  private func addStarCollisions(of barrel: ModuleExports, _ path: [UInt8], to verdict: inout Verdict) {
    let named = Set(barrel.entries.map(\.name))
    var ways: [[UInt8]: [(line: Int, file: [UInt8])]] = [:]
    for star in barrel.stars {
      guard let file = file(star.module, from: path) else { continue }
      for name in names(of: file) where !named.contains(name) { ways[name, default: []].append((star.line, file)) }
    }
    for (name, ways) in ways where ways.count > 1 {
      guard barrel.unsure.isEmpty else {
        verdict.unsureNames += 1
        continue
      }
      add(name, ways.map { ($0.line, resolve(name, in: $0.file)) }, to: &verdict)
    }
  }

  private func add(_ name: [UInt8], _ sides: [(line: Int, Resolution)], to verdict: inout Verdict) {
    var first: ExportCollision.Side?
    for (line, resolution) in sides {
      guard case .found(let source) = resolution else {
        if resolution == .unsure { verdict.unsureNames += 1 }
        continue
      }
      let side = ExportCollision.Side(statementLine: line, source: source)
      guard let known = first else {
        first = side
        continue
      }
      guard known.source.binding != source.binding else { continue }
      verdict.collisions.append(ExportCollision(name: name, first: known, second: side))
      return
    }
  }
}
