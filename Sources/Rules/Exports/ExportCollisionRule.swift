import Exports
import Platform

/// A name that a change makes two modules behind one barrel export.
public struct CollidingExport: Hashable, Sendable {
  /// Whose the other module is, where it is not in the change itself.
  public enum Holder: Hashable, Sendable {
    case change
    /// The short name of trunk.
    case trunk(String)
    /// A stream, or a branch that the plan does not name, and its directory as people know it.
    case sibling(String, worktree: String)
    /// The same, where it is not committed; and the directory in full.
    case uncommitted(String, worktree: String, directory: [UInt8])
  }

  public struct Place: Hashable, Sendable {
    public var path: [UInt8]
    /// From 1.
    public var line: Int

    public init(path: [UInt8], line: Int) {
      self.path = path
      self.line = line
    }
  }

  public var name: [UInt8]
  public var barrel: [UInt8]
  /// Where the change exports it.
  public var here: Place
  /// Where it was exported before.
  public var there: Place
  public var holder: Holder
  /// The file whose part of the change makes the two meet.
  public var cause: [UInt8]
  public var remedy: ExportsChange.Remedy

  public init(
    name: [UInt8], barrel: [UInt8], here: Place, there: Place, holder: Holder, cause: [UInt8],
    remedy: ExportsChange.Remedy
  ) {
    self.name = name
    self.barrel = barrel
    self.here = here
    self.there = there
    self.holder = holder
    self.cause = cause
    self.remedy = remedy
  }
}

/// Modules behind one barrel export each name once: TypeScript refuses the barrel otherwise (TS2308), JavaScript drops the name, and
/// Python takes the later one.
public enum ExportCollisionRule {
  public static let id: RuleID = "exports.collision"

  public static func findings(in export: CollidingExport) -> [Finding] {
    var severity = Severity.error
    // What is not committed may never be.
    if case .uncommitted = export.holder { severity = .warning }
    return [Finding(id, severity, .collides(export), path: export.here.path, line: export.here.line)]
  }
}

extension Finding.Message {
  fileprivate static func collides(_ export: CollidingExport) -> Self {
    let holder =
      switch export.holder {
      case .change: ""
      case .trunk(let name): " on '\(name)'"
      case .sibling(let stream, let worktree): " of \(stream) in '\(worktree)'"
      case .uncommitted(let stream, let worktree, _): " of \(stream) in '\(worktree)', not committed there"
      }
    let there = "line \(export.there.line) of '\(export.there.path.shown)'\(holder)"
    return .init(
      "'\(export.name.shown)' is exported here and in \(there), both behind '\(export.barrel.shown)'",
      hint: export.hint)
  }
}

extension CollidingExport {
  fileprivate var hint: String {
    guard case .uncommitted(_, _, let directory) = holder else { return remedy.command(for: cause) }
    return "to see theirs: git -C \(shellQuoted(directory)) grep --untracked -nFe \(shellQuoted(name)) -- "
      + "\(Pathspec(there.path))"
  }
}
