/// From the module that a statement names to the files that may provide it.
public struct ModuleResolver {
  /// The barrel's path within the repository.
  public let path: [UInt8]
  public let language: Language

  public init(path: [UInt8], language: Language) {
    self.path = path
    self.language = language
  }

  public enum Resolution: Hashable, Sendable {
    /// The first candidate that the tree provides.
    case file([UInt8])
    /// None of these is there. The likeliest comes first.
    case missing(candidates: [[UInt8]])
    /// The module is not a file of this repository, or what provides it cannot be told from names.
    case unknown
  }

  /// `provides`: whether the tree holds a file of this path.
  public func resolve(_ statement: ExportStatement, _ provides: ([UInt8]) -> Bool) -> Resolution {
    // Most modules are where they are looked for first.
    if let file = likeliestFile(for: statement), provides(file) { return .file(file) }
    let wanted = candidates(for: statement)
    var found: [UInt8]?
    for group in wanted.groups {
      guard let file = group.first(where: provides) else {
        return wanted.isCertain ? .missing(candidates: group) : .unknown
      }
      found = found ?? file
    }
    return found.map { .file($0) } ?? .unknown
  }

  /// Paths that may provide what a statement names.
  struct Candidates {
    /// Of each group one file must be there: `from . import a, b` has a group for each of its names.
    var groups: [[[UInt8]]] = []
    /// Whether a module that none of them provides is missing for certain.
    var isCertain = true
  }

  /// The first candidate of the one group that there is, without the others; `nil` where only all of them can be told.
  func likeliestFile(for statement: ExportStatement) -> [UInt8]? {
    language == .typeScript ? likeliestTypeScriptFile(for: statement) : nil
  }

  func candidates(for statement: ExportStatement) -> Candidates {
    switch language {
    case .typeScript: typeScriptCandidates(for: statement)
    case .python: pythonCandidates(for: statement)
    case .rust: rustCandidates(for: statement)
    case .swift: Candidates()
    }
  }

  // MARK: Paths

  var directory: [[UInt8]] { path.split(separator: UInt8(ascii: "/")).dropLast().map(Array.init) }

  var fileName: [UInt8] { path.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? [] }

  /// `relative` as seen from the barrel; `nil` where it leaves the repository.
  func resolvedPath(of relative: some Sequence<ArraySlice<UInt8>>) -> [UInt8]? {
    var parts = directory
    for part in relative where !part.isEmpty && !part.elementsEqual(".".utf8) {
      if part.elementsEqual("..".utf8) {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(Array(part))
      }
    }
    return Array(parts.joined(separator: "/".utf8))
  }
}
