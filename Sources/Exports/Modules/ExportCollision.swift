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
    verdict(on: path) { judge(path) }
  }

  private func judge(_ path: [UInt8]) -> Verdict {
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
      add(name, [first, second].lazy.map { ($0.line, self.resolve($0, in: path)) }, to: &verdict)
    }
  }

  private func isOne(_ entry: ModuleExports.Entry, _ other: ModuleExports.Entry) -> Bool {
    entry.origin == .declaration && other.origin == .declaration
  }

  private func addStarCollisions(of barrel: ModuleExports, _ path: [UInt8], to verdict: inout Verdict) {
    let named = Set(barrel.entries.map(\.name))
    let defaultName = Array("default".utf8)
    // The star that brings a name first, and of names that come by several ways, of which there are few, all that do.
    var first: [ByteKey: Int] = [:]
    var several: [ByteKey: [Int]] = [:]
    first.reserveCapacity(barrel.stars.count)
    var files: [[UInt8]] = []
    func note(_ name: [UInt8], _ star: Int) {
      guard !named.contains(name) else { return }
      let key = ByteKey(name)
      guard let known = first[key] else {
        first[key] = star
        return
      }
      guard known != star, several[key]?.last != star else { return }
      several[key, default: [known]].append(star)
    }
    for (index, star) in barrel.stars.enumerated() {
      guard let file = file(star.module, from: path) else {
        files.append([])
        continue
      }
      files.append(file)
      if let module = module(file), module.stars.isEmpty {
        // A leaf, as most are: what it exports is all there is.
        for entry in module.entries where entry.name != defaultName { note(entry.name, index) }
      } else {
        for name in names(of: file) { note(name, index) }
      }
    }
    let ways = several.mapValues { $0.map { (line: barrel.stars[$0].line, file: files[$0]) } }
    for (name, ways) in ways {
      guard barrel.unsure.isEmpty else {
        verdict.unsureNames += 1
        continue
      }
      add(name.bytes, ways.lazy.map { ($0.line, self.resolve(name.bytes, in: $0.file)) }, to: &verdict)
    }
  }

  /// Sides are resolved one after the other, until two of them differ.
  private func add(_ name: [UInt8], _ sides: some Sequence<(line: Int, Resolution)>, to verdict: inout Verdict) {
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
