/// What a module gives to those who import from it, as its text alone tells.
public struct ModuleExports: Hashable, Sendable {
  /// A name that the module exports itself: not through a star.
  public struct Entry: Hashable, Sendable {
    /// `default` for a default export.
    public var name: [UInt8]
    public var origin: Origin
    /// From 1: where the name stands.
    public var line: Int

    public init(_ name: [UInt8], _ origin: Origin, line: Int) {
      self.name = name
      self.origin = origin
      self.line = line
    }
  }

  public enum Origin: Hashable, Sendable {
    /// Written here; such declarations may share a name: overloads, an interface and a class.
    case declaration
    /// Something of this module, exported by a statement of its own.
    case local([UInt8])
    /// A name of another module, under which it may be called something else there; `*` for all of the module.
    case module([UInt8], name: [UInt8])
  }

  /// `export * from`.
  public struct Star: Hashable, Sendable {
    public var module: [UInt8]
    public var line: Int

    public init(_ module: [UInt8], line: Int) {
      self.module = module
      self.line = line
    }
  }

  /// In the file's order, as are the others.
  public var entries: [Entry] = []
  public var stars: [Star] = []
  /// The lines of what may export something and was not understood: the module may give more than is known.
  public var unsure: [Int] = []
  /// Statements that export, understood or not.
  public var statementCount = 0

  public init() {}

  /// What a file exports; `nil` for a language of which only barrels are read.
  public init?(_ bytes: [UInt8], path: [UInt8]) {
    switch Language(path: path) {
    case .typeScript: self = ScriptModule.exports(of: bytes, hasElements: Self.hasElements(path))
    case .python: self = PythonModule.exports(of: bytes)
    case .rust, .swift, nil: return nil
    }
  }

  /// Whether a file of this ending may hold JSX. In JavaScript it is common without a special ending.
  private static func hasElements(_ path: [UInt8]) -> Bool {
    let ending = path.reversed().prefix { $0 != UInt8(ascii: ".") }.reversed().map(\.lowercased)
    return !["ts", "mts", "cts"].contains { ending.elementsEqual($0.utf8) }
  }
}
